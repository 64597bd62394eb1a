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

test.each([
  ['a shared access link', { outputBlobUri: 'https://x.blob.core.windows.net/c/b?sv=2024&sig=S3CRET%3D&se=2026' }],
  ['an onboarding package', { properties: { onboardingPackageWindows: 'S3CRET' } }],
  ['protected settings', { properties: { protectedSettings: { defenderForEndpointOnboardingScript: 'S3CRET' } } }],
  ['protected settings from a vault', { properties: { protectedSettingsFromKeyVault: { secretUrl: 'S3CRET' } } }],
  ['a token in a text', { note: 'Bearer eyJhbGciOiJSUzI1NiJ9.S3CRETS3CRET.c2ln' }],
  ['protected parameters of another shape', { properties: { protectedParameters: ['S3CRET'] } }],
  ['a password for a script', { properties: { runAsPassword: 'S3CRET' } }],
])('%s does not get in', (_, body) => {
  const log = createRequestLog(clock);
  log.add({ ...entry, body: JSON.stringify(body) });
  log.add({ ...entry, path: '/blob?sig=S3CRET&x=1', body: `{"broken": "S3CRET` });
  const text = JSON.stringify(log.since(0));
  expect(text).not.toContain('S3CRET');
  expect(text).toContain('x=1');
});

test('keeps what fits and forgets the oldest, by number and by size', () => {
  const few = createRequestLog(clock, { entries: 10, bytes: 1e9 });
  for (let count = 1; count <= 100; count += 1) few.add({ ...entry, body: '' });
  expect(few.since(0).length).toBeLessThanOrEqual(11);
  expect(few.since(0).at(-1)?.seq).toBe(100);
  const small = createRequestLog(clock, { entries: 1_000, bytes: 10_000 });
  for (let count = 1; count <= 100; count += 1) small.add({ ...entry, body: JSON.stringify('x'.repeat(1_000)) });
  const kept = small.since(0);
  expect(kept.length).toBeGreaterThan(5);
  expect(kept.length).toBeLessThanOrEqual(11);
});

test('a body that is too large or too deep to keep is told by its size and its hash', () => {
  const log = createRequestLog(clock);
  const large = log.add({ ...entry, body: JSON.stringify('x'.repeat(600_000)) });
  expect([large.body, large.bodySha256.length]).toEqual(['(600002 bytes)', 64]);
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  expect(log.add({ ...entry, body: deep }).body).toBe('(100000 bytes that are no JSON)');
});
