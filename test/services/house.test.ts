import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { latestOccurrence } from '../../core/schedule.ts';
import { followClock, systemClock } from '../../services/clock.ts';
import { systemIds } from '../../services/ids.ts';
import { createLog } from '../../services/log.ts';
import { isZoneName, zone } from '../../services/zone.ts';

describe('zones', () => {
  test('know summer and winter', () => {
    const copenhagen = zone('Europe/Copenhagen');
    expect(copenhagen.offsetMinutes(Date.parse('2026-01-15T12:00:00Z'))).toBe(60);
    expect(copenhagen.offsetMinutes(Date.parse('2026-07-15T12:00:00Z'))).toBe(120);
  });

  test('put 08:00 where it belongs on both sides of a change', () => {
    const at = (now: string) =>
      latestOccurrence({ days: ['sat', 'sun', 'mon'], time: '08:00' }, zone('Europe/Copenhagen'), Date.parse(now));
    expect(at('2026-03-28T12:00:00Z')).toBe(Date.parse('2026-03-28T07:00:00Z'));
    expect(at('2026-03-29T12:00:00Z')).toBe(Date.parse('2026-03-29T06:00:00Z'));
  });

  test('are refused when nobody knows them', () => {
    expect(isZoneName('Europe/Atlantis')).toBe(false);
    expect(() => zone('Europe/Atlantis')).toThrow(RangeError);
  });
});

describe('ids', () => {
  test('have their form and do not repeat', () => {
    const ids = systemIds();
    const nonces = Array.from({ length: 500 }, () => ids.nonce());
    expect(new Set(nonces).size).toBe(500);
    expect(nonces.every((nonce) => /^[0-9a-f]{32}$/.test(nonce))).toBe(true);
    expect(Array.from({ length: 500 }, () => ids.reference()).every((text) => /^[2-9A-HJKMNP-TV-Z]{8}$/.test(text))).toBe(true);
  });
});

describe('the log', () => {
  function logged(work: (log: ReturnType<typeof createLog>) => void, level: Parameters<typeof createLog>[0] = 'debug'): string[] {
    const lines: string[] = [];
    work(createLog(level, { clock: { now: () => Date.parse('2026-03-02T08:00:00Z') }, to: { write: (line) => void lines.push(line) } }));
    return lines;
  }

  test('writes one line of JSON with time, level, message and data', () => {
    const lines = logged((log) => log.warn('two\nlines', { machine: 'web1\u2028x', count: 2 }));
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd()).not.toContain('\n');
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'warn',
      time: '2026-03-02T08:00:00.000Z',
      data: { machine: 'web1\u2028x', count: 2 },
      msg: 'two\nlines',
    });
  });

  test('keeps quiet below its level', () => {
    expect(logged((log) => log.info('x'), 'warn')).toEqual([]);
  });

  const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlc2lnbmF0dXJl';
  test.each([
    ['a token in the message', `got ${jwt} back`, {}],
    ['a token in data', 'x', { note: [`Bearer ${jwt}`] }],
    ['an opaque bearer', 'Authorization: Bearer c3dvcmRmaXNoc3dvcmRmaXNo', {}],
    ['a signature in an address', 'see https://x.blob.core.windows.net/a?sv=1&sig=c3dvcmRmaXNo&se=2', {}],
    ['a form', 'grant_type=x&client_secret=c3dvcmRmaXNo', {}],
    [
      'a secret’s key',
      'x',
      { clientSecret: 'c3dvcmRmaXNo', nested: { Authorization: 'c3dvcmRmaXNo', access_token: 'c3dvcmRmaXNo', password: 'c3dvcmRmaXNo' } },
    ],
    ['JSON in text', '{"clientSecret":"c3dvcmRmaXNo","password": "c3dvcmRmaXNo"}', {}],
    ['a database address', 'postgres://bot:c3dvcmRmaXNo@db/greenlight', {}],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nc3dvcmRmaXNo\n-----END PRIVATE KEY-----', {}],
    ['a key of the data', 'x', { 'Bearer c3dvcmRmaXNoc3dvcmRmaXNo': 1 }],
  ])('hides %s', (_name, message, data) => {
    const [line] = logged((log) => log.error(message, data));
    expect(line).not.toMatch(/c3dvcmRmaXNo|c2lnbmF0dXJl/);
    expect(line).toMatch(/hidden|\[token\]|\[private key\]/);
  });

  test('keeps what is no secret', () => {
    const [line] = logged((log) =>
      log.info('plan GL-0001', { hash: 'ab'.repeat(32), path: '/subscriptions/x', tokens: 3, code: 'AuthorizationFailed' }),
    );
    expect(line).toContain('ab'.repeat(32));
    expect(line).toContain('"tokens":3');
    expect(line).toContain('AuthorizationFailed');
  });

  test('cuts what is long and survives what is deep', () => {
    let deep: object = {};
    for (let level = 0; level < 5_000; level += 1) deep = { deep };
    const [line] = logged((log) => log.info('x'.repeat(100_000), deep as never));
    expect(line?.length).toBeLessThan(5_000);
  });
});

describe('the followed clock', () => {
  let server: Server;
  let reading = { now: 1_000_000, rate: 0, version: 1 };
  let waiting: (() => void)[] = [];
  const stop = new AbortController();

  function serve(port = 0): Promise<number> {
    server = createServer((req, res) => {
      const since = new URL(req.url ?? '', 'http://x').searchParams.get('since');
      const answer = () => res.end(JSON.stringify(reading));
      if (since !== null && Number(since) >= reading.version) waiting.push(answer);
      else answer();
    });
    return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
  }
  function shut(): Promise<void> {
    waiting = [];
    return new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }
  function move(change: Partial<typeof reading>): void {
    reading = { ...reading, ...change, version: reading.version + 1 };
    for (const answer of waiting.splice(0)) answer();
  }
  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  afterAll(async () => {
    stop.abort();
    await shut();
  });

  test('shows the other side’s time, follows its moves, runs at its rate, and finds it again after a restart', async () => {
    const port = await serve();
    const clock = await followClock(`http://127.0.0.1:${port}/_clock`, stop.signal);
    expect(clock.now()).toBe(1_000_000);
    move({ now: 5_000_000 });
    await until(() => clock.now() === 5_000_000);
    move({ now: 6_000_000, rate: 600 });
    await until(() => clock.now() > 6_000_100);
    move({ now: 9_000_000, rate: 0 });
    await until(() => clock.now() === 9_000_000);
    await shut();
    expect(clock.now()).toBe(9_000_000);
    reading = { now: 2_000_000, rate: 0, version: 1 };
    await serve(port);
    await until(() => clock.now() === 2_000_000);
    move({ now: 3_000_000 });
    await until(() => clock.now() === 3_000_000);
  });

  test('never goes back while it is the same clock', async () => {
    const port = (server.address() as AddressInfo).port;
    const clock = await followClock(`http://127.0.0.1:${port}/_clock`, stop.signal);
    const before = clock.now();
    move({ now: before - 500 });
    move({ now: before + 10 });
    await until(() => clock.now() > before);
    expect(clock.now()).toBe(before + 10);
  });

  test.each([
    ['words', 'soon'],
    ['another shape', '{"time":1}'],
  ])('refuses %s at the start', async (_name, text) => {
    const odd = createServer((_req, res) => res.end(text));
    const port = await new Promise<number>((resolve) => odd.listen(0, '127.0.0.1', () => resolve((odd.address() as AddressInfo).port)));
    await expect(followClock(`http://127.0.0.1:${port}/`, stop.signal)).rejects.toThrow();
    odd.close();
    odd.closeAllConnections();
  });
});

test('the system’s clock is the system’s clock', () => {
  const before = Date.now();
  expect(systemClock().now()).toBeGreaterThanOrEqual(before);
});
