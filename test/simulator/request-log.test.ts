import { createHash } from 'node:crypto';
import { createVirtualClock } from '../../simulator/clock.ts';
import { createRequestLog } from '../../simulator/request-log.ts';

const clock = createVirtualClock(Date.parse('2026-03-02T09:00:00Z'));
const entry = { server: 'azure', identity: null, method: 'POST', path: '/x', status: 200, operation: 'X' } as const;

test('numbers its entries and gives only those after the asked one', () => {
  const log = createRequestLog(clock);
  for (const path of ['/a', '/b', '/c']) log.add({ ...entry, path, body: '' });
  expect(log.since(1).map(({ seq, path }) => [seq, path])).toEqual([
    [2, '/b'],
    [3, '/c'],
  ]);
});

test('keeps the hash of the bytes as received next to the parsed body', () => {
  const log = createRequestLog(clock);
  const body = '{ "a": 1 }';
  expect(log.add({ ...entry, body })).toMatchObject({ body: { a: 1 }, bodySha256: createHash('sha256').update(body).digest('hex') });
  expect(log.add({ ...entry, body: '' })).toMatchObject({ body: null, bodySha256: '' });
});

test('lets no secret in, whatever shape the body has', () => {
  const log = createRequestLog(clock);
  log.add({ ...entry, body: 'grant_type=client_credentials&client_secret=S3CRET&scope=x' });
  log.add({
    ...entry,
    body: JSON.stringify({ properties: { protectedParameters: [{ name: 'p', value: 'S3CRET' }], deep: [{ access_token: 'S3CRET' }] } }),
  });
  const text = JSON.stringify(log.since(0));
  expect(text).not.toContain('S3CRET');
  expect(text).toContain('client_credentials');
  expect(text).toContain('"name":"p"');
});
