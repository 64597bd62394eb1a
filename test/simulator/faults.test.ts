import { createFaults, FaultInputError } from '../../simulator/faults.ts';

const request = {
  server: 'azure',
  method: 'PUT',
  path: '/subscriptions/s/runCommands/x?api-version=1',
  body: '{"a":1}',
  identity: 'app-1',
  who: 'writer',
  operation: 'Microsoft.Compute/virtualMachines/runCommands/write',
} as const;

test('hits only what matches every given part', () => {
  const faults = createFaults();
  faults.add({ match: { server: 'azure', method: 'put', path: 'runcommands', body: '"a":1', identity: 'app-1' }, fault: { status: 503 } });
  expect(faults.take(request).map(({ fault }) => fault)).toEqual([{ status: 503 }]);
  expect(faults.take({ ...request, server: 'teams' })).toEqual([]);
  expect(faults.take({ ...request, method: 'GET' })).toEqual([]);
  expect(faults.take({ ...request, body: '{}' })).toEqual([]);
  expect(faults.take({ ...request, identity: null })).toEqual([]);
});

test('is gone after the number of times it was asked for', () => {
  const faults = createFaults();
  faults.add({ match: {}, fault: { reset: true }, times: 2 });
  expect(faults.take(request)).toHaveLength(1);
  expect(faults.take(request)).toHaveLength(1);
  expect(faults.take(request)).toEqual([]);
  expect(faults.list()).toEqual([]);
});

test('a lie touches nothing but the writing of a run command', () => {
  const faults = createFaults();
  faults.add({ match: {}, fault: { lie: true }, times: 1 });
  expect(faults.take({ ...request, method: 'GET' })).toEqual([]);
  expect(faults.take({ ...request, path: '/subscriptions/s' })).toEqual([]);
  expect(faults.take(request).map(({ fault }) => fault)).toEqual([{ lie: true }]);
});

test('one fault can be taken away and the others stay', () => {
  const faults = createFaults();
  const { id } = faults.add({ match: { method: 'GET' }, fault: { status: 500 } });
  faults.add({ match: {}, fault: { status: 429, retryAfter: 3 } });
  expect(faults.clear(id)).toBe(true);
  expect(faults.clear(id)).toBe(false);
  expect(faults.list().map(({ fault }) => fault)).toEqual([{ status: 429, retryAfter: 3 }]);
});

test.each([
  [{ match: { path: '(' }, fault: { status: 500 } }, /match\.path: is not a regular expression/],
  [{ match: {}, fault: { status: 200 } }, /fault/],
  [{ match: { host: 'x' }, fault: { status: 500 } }, /match/],
  [{ fault: {} }, /fault: must be one of/],
  [null, /fault/],
])('refuses %j and says where', (input, reason) => {
  const faults = createFaults();
  expect(() => faults.add(input)).toThrow(FaultInputError);
  expect(() => faults.add(input)).toThrow(reason);
  expect(faults.list()).toEqual([]);
});
