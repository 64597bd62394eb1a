import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { SUBSCRIPTIONS } from '../../simulator/estates/sample-frame.ts';
import { type StartedOutside, send, startedOutside } from './started-outside.ts';

let outside: StartedOutside;
let failures: jest.SpyInstance;
beforeAll(async () => {
  outside = await startedOutside();
});
beforeEach(() => {
  failures = jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
// Whatever came in, nothing failed inside and the next honest request is answered.
afterEach(async () => {
  expect(failures.mock.calls).toEqual([]);
  failures.mockRestore();
  expect((await outside.arm('GET', `${SUB}?api-version=2022-12-01`)).status).toBe(200);
});
afterAll(() => outside.end());

const SUB = `/subscriptions/${SUBSCRIPTIONS.prod}`;
const SETTING = `${SUB}/providers/Microsoft.Security/settings/MCAS?api-version=2022-05-01`;
const QUERY = '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01';
const RUN = `${SUB}/resourceGroups/rg-app-prod/providers/Microsoft.Compute/virtualMachines/srv-app-01/runCommands/x?api-version=2024-11-01`;
const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** Bytes as they are, past any client's manners; the status line of the answer, '' when the connection was just closed. */
async function bytes(text: string): Promise<string> {
  const port = Number(new URL(outside.ready.azure).port);
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: readFileSync(outside.ready.caFile) });
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.on('error', () => resolve(answer.split('\r\n')[0] ?? ''));
    socket.on('close', () => resolve(answer.split('\r\n')[0] ?? ''));
    socket.write(text);
  });
}
const rawRequest = async (method: string, target: string, headers = '') =>
  bytes(
    `${method} ${target} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${await outside.token('reader')}\r\n${headers}connection: close\r\n\r\n`,
  );

describe('addresses', () => {
  test.each([
    ['an unknown one', 'GET', '/nothing/here?api-version=2022-12-01', 404, 'NotFound'],
    ['an unknown provider', 'GET', `${SUB}/providers/Microsoft.Nothing/x?api-version=2022-12-01`, 404, 'NotFound'],
    ['a verb it does not have', 'PATCH', `${SUB}?api-version=2022-12-01`, 405, 'MethodNotAllowed'],
    ['a verb nobody has', 'OPTIONS', `${SUB}?api-version=2022-12-01`, 405, 'MethodNotAllowed'],
    ['no version', 'GET', SUB, 400, 'MissingApiVersionParameter'],
    ['an empty version', 'GET', `${SUB}?api-version=`, 400, 'MissingApiVersionParameter'],
    ['a version of nonsense', 'GET', `${SUB}?api-version=%00`, 400, 'InvalidApiVersionParameter'],
    ['a broken escape', 'GET', `${SUB}/providers/Microsoft.Security/settings/%zz?api-version=2022-05-01`, 400, 'BadRequest'],
    ['an escaped slash', 'GET', '/subscriptions/..%2f..%2fetc%2fpasswd?api-version=2022-12-01', 404, 'SubscriptionNotFound'],
    ['a name of a prototype', 'GET', '/subscriptions/__proto__?api-version=2022-12-01', 404, 'SubscriptionNotFound'],
    ['a very long one', 'GET', `/subscriptions/${'x'.repeat(8_000)}?api-version=2022-12-01`, 404, 'SubscriptionNotFound'],
  ])('%s', async (_, method, path, status, code) => {
    const answer = await outside.arm(method, path);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });
  test.each([
    ['//evil.example/subscriptions', 400],
    ['/\\evil.example/subscriptions', 400],
    ['https://evil.example/subscriptions?api-version=2022-12-01', 400],
    ['*', 400],
    [`${SUB}/../../_estate`, 404],
    ['/x/%2e%2e/_estate?api-version=2022-12-01', 404],
  ])('the target %s', async (target, status) => {
    expect(await rawRequest('GET', target)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });
});

describe('bodies', () => {
  const ask = (raw: string, path = QUERY) => outside.arm('POST', path, { raw });
  test.each([
    ['no JSON', '{"query":'],
    ['deep JSON', `{"query":"x","options":${deep(100)}}`],
    ['very deep JSON', deep(200_000)],
    ['half a surrogate', '"\\ud800'],
  ])('%s is 400', async (_, raw) => {
    const answer = await ask(raw);
    expect([answer.status, answer.body.error.code]).toEqual([400, 'InvalidRequestContent']);
  });
  test.each(['null', '[]', '"text"', '7', '{}', '{"query":7}', '{"query":""}', '{"query":"resources","options":7}'])(
    'a query of the shape %s is 400',
    async (raw) => {
      expect((await ask(raw)).status).toBe(400);
    },
  );
  test.each([
    'null',
    '[]',
    '"text"',
    '{"properties":null}',
    '{"location":7,"properties":{"source":{"script":{}}}}',
    '{"__proto__":{"x":1}}',
  ])('a run command of the shape %s is 400', async (raw) => {
    expect((await outside.arm('PUT', RUN, { identity: 'writer', raw })).status).toBe(400);
  });
  test('a query of 10 MB is too large', async () => {
    const answer = await ask(JSON.stringify({ query: `resources | where name == '${'x'.repeat(10 * 1024 * 1024)}'` }));
    expect([answer.status, answer.body.error.code]).toEqual([413, 'RequestEntityTooLarge']);
  });
  test('a query of 3 MB is answered', async () => {
    const answer = await ask(JSON.stringify({ query: `resources | where name == '${'x'.repeat(3 * 1024 * 1024)}' | count` }));
    expect([200, 400]).toContain(answer.status);
  });
  test('text that is not called JSON is refused', async () => {
    const headers = { authorization: `Bearer ${await outside.token('writer')}`, 'content-type': 'text/plain' };
    const body = '{"kind":"DataExportSettings","properties":{"enabled":true}}';
    const answer = await send(`${outside.ready.azure}${SETTING}`, 'PUT', body, headers, readFileSync(outside.ready.caFile, 'utf8'));
    expect([answer.status, answer.body.error.code]).toEqual([415, 'UnsupportedMediaType']);
  });
  test.each(['', 'grant_type', '%%%=%%%', '{"grant_type":"client_credentials"}', 'a='.repeat(100_000)])(
    'a sign-in that says %.30j is 400',
    async (raw) => {
      const path = `/${outside.ready.identities.reader.tenantId}/oauth2/v2.0/token`;
      expect((await outside.arm('POST', path, { identity: null, raw })).status).toBe(400);
    },
  );
  test('a caller who hangs up in the middle of a body harms nobody', async () => {
    const port = Number(new URL(outside.ready.azure).port);
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: readFileSync(outside.ready.caFile) });
    await new Promise<void>((resolve) => {
      socket.write(`POST ${QUERY} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n{"que`, () => setTimeout(resolve, 100));
    });
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 100));
  });
});

describe('headers', () => {
  test.each([
    ['a wrong host', 'host: evil.example\r\n', 421],
    ['no host', '', 400],
    ['a header of 100 kB', `host: localhost\r\nx-long: ${'x'.repeat(100_000)}\r\n`, 431],
    ['a header that is none', 'host: localhost\r\nno colon here\r\n', 400],
    ['two lengths', 'host: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n', 400],
  ])('%s', async (_, headers, status) => {
    expect(await bytes(`GET ${SUB} HTTP/1.1\r\n${headers}connection: close\r\n\r\n`)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });
  test.each(['Bearer', 'Basic eA==', 'Bearer a.b.c', `Bearer ${'x'.repeat(5_000)}`, 'Bearer ..', 'Bearer e30.e30.e30'])(
    'authorization %.20s is 401',
    async (authorization) => {
      const ca = readFileSync(outside.ready.caFile, 'utf8');
      expect((await send(`${outside.ready.azure}${SETTING}`, 'GET', '', { authorization }, ca)).status).toBe(401);
    },
  );
  test('what is no HTTP at all is closed', async () => {
    expect(await bytes('\u0000\u0001\u0002 hello\r\n\r\n')).toMatch(/^(HTTP\/1.1 400 .*)?$/);
  });
});

describe('doors', () => {
  test.each([
    ['/_faults', '{"fault":'],
    ['/_faults', 'null'],
    ['/_faults', deep(100_000)],
    ['/_faults', '{"fault":{"status":500},"rate":2}'],
    ['/_faults', '{"fault":{"status":500},"match":{"operation":"("}}'],
    ['/_clock', '[]'],
    ['/_clock', '{"advanceSeconds":1e99}'],
    ['/_estate', '[]'],
    ['/_estate', '{"machines":[{"name":"nobody"}]}'],
    ['/_identities', '{}'],
  ])('%s with %.40s is 400 with a reason', async (path, raw) => {
    const answer = await outside.arm('POST', path, { raw, identity: null });
    expect(answer.status).toBe(400);
    expect(answer.body.error.reason).toEqual(expect.any(String));
  });
  test('a door from another host stays shut', async () => {
    expect(await bytes('GET /_identities HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n')).toMatch(/^HTTP\/1.1 421 /);
  });
});

test('every refusal is in the log', async () => {
  const before = outside.log.since(0).at(-1)?.seq ?? 0;
  await rawRequest('GET', '//evil.example/');
  await bytes(`GET ${SUB} HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n`);
  await outside.arm('POST', QUERY, { raw: 'x'.repeat(5 * 1024 * 1024) });
  expect(outside.log.since(before).map(({ status, path }) => [status, path])).toEqual([
    [400, '//evil.example/'],
    [421, SUB],
    [413, QUERY],
  ]);
});
