import { type StartedOutside, send, startedOutside } from './started-outside.ts';

let outside: StartedOutside;
beforeEach(async () => {
  outside = await startedOutside();
});
afterEach(() => outside.end());

test('both servers have the same doors and one clock', async () => {
  await outside.door('POST', '/_clock', { rate: 0 });
  await outside.door('POST', '/_clock', { to: '2026-04-01T00:00:00Z' });
  const other = await send(`${outside.ready.teams}/_clock`, 'GET', '', {});
  expect(other.body).toMatchObject({ iso: '2026-04-01T00:00:00.000Z', rate: 0 });
  expect((await send(`${outside.ready.teams}/_health`, 'GET', '', {})).body).toMatchObject({ ok: true });
});

test('a clock reader that waits is answered by the next move', async () => {
  const { version } = (await outside.door('GET', '/_clock')).body;
  const waiting = outside.door('GET', `/_clock?since=${version}`);
  await outside.door('POST', '/_clock', { advanceSeconds: 5 });
  expect((await waiting).body.version).toBe(version + 1);
});

test.each([
  ['/_clock', { to: '2020-01-01T00:00:00Z' }, /never goes backwards/],
  ['/_clock', { rate: 1, advanceSeconds: 1 }, /exactly one/],
  ['/_faults', { fault: { status: 1 } }, /fault/],
  ['/_bot', { messages: 'no address' }, /messages/],
])('a mistake at %s is a 400 that says why', async (path, body, reason) => {
  const answer = await outside.door('POST', path, body);
  expect(answer.status).toBe(400);
  expect(answer.body.error.reason).toMatch(reason);
});

test('the log has every request to either server, with who asked and what came of it, and nothing of the doors', async () => {
  await outside.arm('GET', '/subscriptions?api-version=2022-12-01');
  await outside.arm('GET', '/subscriptions?api-version=2022-12-01', { identity: null });
  await send(`${outside.ready.teams}/nothing-here`, 'GET', '', {});
  await outside.door('GET', '/_health');
  const entries = (await outside.door('GET', '/_log?since=0')).body as Record<string, unknown>[];
  const { reader } = outside.ready.identities;
  expect(entries.map(({ server, operation, identity, status }) => [server, operation, identity, status])).toEqual([
    ['azure', 'Entra/token', reader.clientId, 200],
    ['azure', 'GET /subscriptions', reader.clientId, 200],
    ['azure', 'GET /subscriptions', null, 401],
    ['teams', 'GET /nothing-here', null, 404],
  ]);
  expect(JSON.stringify(entries)).not.toContain(reader.clientSecret);
});

test('a fault answers in the shape of the server it hits and is named in the log', async () => {
  const { id } = (
    await outside.door('POST', '/_faults', { match: { path: '^/subscriptions' }, fault: { status: 429, retryAfter: 7 }, times: 1 })
  ).body;
  const hit = await outside.arm('GET', '/subscriptions?api-version=2022-12-01');
  expect([hit.status, hit.headers['retry-after'], hit.body.error.code]).toEqual([429, '7', 'TooManyRequests']);
  expect((await outside.arm('GET', '/subscriptions?api-version=2022-12-01')).status).toBe(200);
  expect(outside.log.since(0).filter((entry) => entry.fault === id)).toHaveLength(1);
});

test('a reset cuts the connection, and with `after` only once the request has taken effect', async () => {
  const setting = '/subscriptions/6f1c2a40-0d3e-4b7a-9c51-2f8e7d10a001/providers/Microsoft.Security/settings/MCAS?api-version=2022-05-01';
  const off = { kind: 'DataExportSettings', properties: { enabled: false } };
  await outside.token('writer');
  await outside.door('POST', '/_faults', { match: { method: 'PUT' }, fault: { reset: true }, times: 1 });
  await expect(outside.arm('PUT', setting, { identity: 'writer', body: off })).rejects.toThrow();
  expect((await outside.arm('GET', setting)).body.properties.enabled).toBe(true);
  await outside.door('POST', '/_faults', { match: { method: 'PUT' }, fault: { reset: true, after: true }, times: 1 });
  await expect(outside.arm('PUT', setting, { identity: 'writer', body: off })).rejects.toThrow();
  expect((await outside.arm('GET', setting)).body.properties.enabled).toBe(false);
  expect(
    outside.log
      .since(0)
      .filter((entry) => entry.method === 'PUT')
      .map(({ status }) => status),
  ).toEqual([0, 0]);
});

test('refuses a request that came in by another name than loopback', async () => {
  const answer = await send(`${outside.ready.teams}/_estate`, 'POST', '{}', { host: 'evil.example' });
  expect(answer.status).toBe(421);
});

test('every fault can be taken away at once, or one by its id', async () => {
  const first = (await outside.door('POST', '/_faults', { fault: { status: 500 } })).body.id;
  await outside.door('POST', '/_faults', { fault: { slowMs: 1 } });
  expect((await outside.door('DELETE', `/_faults/${first}`)).body).toEqual({ removed: true });
  expect((await outside.door('DELETE', `/_faults/${first}`)).status).toBe(404);
  expect((await outside.door('GET', '/_faults')).body).toHaveLength(1);
  await outside.door('DELETE', '/_faults');
  expect((await outside.door('GET', '/_faults')).body).toEqual([]);
});
