import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Loose } from './support/activities.ts';
import { House, PATIENCE_MS } from './support/house.ts';
import { part } from './support/tokens.ts';

jest.setTimeout(60_000);

const house = new House();
beforeAll(() => house.start());
afterAll(() => house.stop());
afterEach(() => house.isUnharmed());

const greeting = (): Loose => house.activities.message(house.somebody('lukas'), 'help');
const head = (first: string, ...more: string[]): string => [first, 'Host: x', 'Connection: close', ...more, '', ''].join('\r\n');
const OURS = /restify|node_modules|Error|\.[jt]s\b|does not exist|greenlight|\bat /i;

describe('T16 only the doors there are', () => {
  it.each([
    ['GET', '/api/messages', 405],
    ['PUT', '/api/messages', 405],
    ['PATCH', '/api/messages', 405],
    ['DELETE', '/api/messages', 405],
    ['OPTIONS', '/api/messages', 405],
    ['HEAD', '/api/messages', 405],
    ['TRACE', '/api/messages', 405],
    ['POST', '/healthz', 405],
    ['HEAD', '/readyz', 405],
    ['GET', '/', 404],
    ['GET', '/metrics', 404],
    ['GET', '/_log', 404],
    ['POST', '/api/messages/', 404],
    ['POST', '/API/messages', 404],
    ['POST', '//api/messages', 404],
    ['POST', '/api//messages', 404],
    ['POST', '/api/./messages', 404],
    ['POST', '/x/%2e%2e/api/messages', 404],
    ['POST', '/api/%6dessages', 404],
    ['POST', '/api/messages%00', 404],
    ['POST', '/api/messages;x=1', 404],
    ['POST', 'http://evil.example/api/messages', 404],
    ['GET', '/constructor', 404],
    ['GET', '/../../etc/passwd', 404],
  ])('%s %s is %i', async (method, path, status) => {
    const answer = await house.wire.raw(head(`${method} ${path} HTTP/1.1`, 'Content-Length: 0'));
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).not.toMatch(OURS);
    expect(answer).not.toMatch(/^(server|x-powered-by):/im);
    expect(answer).toMatch(/^x-content-type-options: nosniff/im);
  });

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n'],
    ['an unknown method', head('GRANT /api/messages HTTP/1.1')],
    ['two lengths', head('POST /api/messages HTTP/1.1', 'Content-Length: 1', 'Content-Length: 2')],
    ['a length and chunks', head('POST /api/messages HTTP/1.1', 'Content-Length: 4', 'Transfer-Encoding: chunked')],
    ['a negative length', head('POST /api/messages HTTP/1.1', 'Content-Length: -1')],
    ['a broken header', head('POST /api/messages HTTP/1.1', 'X Y: 1')],
    ['a control character in a header', head('POST /api/messages HTTP/1.1', 'X: a\u0001b')],
    ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc'],
  ])('%s is a bad request and the connection ends', async (_what, bytes) => {
    const answer = await house.wire.raw(Buffer.from(bytes, 'latin1'));
    expect(answer).toMatch(/^(HTTP\/1\.1 400 |$)/);
    expect(answer).not.toMatch(OURS);
  });
});

it.each(['/api/messages', '/healthz', '/'])('T15 a web socket on %s is closed', async (path) => {
  const wish = [
    'Host: x',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  ];
  expect(await house.wire.raw([`GET ${path} HTTP/1.1`, ...wish, '', ''].join('\r\n'))).toBe('');
});

describe('T62 a body', () => {
  it.each(['gzip', 'deflate', 'br', 'zstd', 'identity', 'GZIP', 'gzip, gzip', ''])(
    'with the content encoding “%s” is not unpacked',
    (encoding) => house.refuses(415, () => house.act('this is no gzip', { headers: { 'content-encoding': encoding } })),
  );

  it('that unpacks to 60 MB costs no memory', async () => {
    const bomb = gzipSync(Buffer.alloc(60_000_000));
    const before = house.residentMegabytes();
    for (let time = 0; time < 20; time += 1) {
      await house.refuses(415, () => house.act(bomb, { headers: { 'content-encoding': 'gzip' } }));
    }
    expect(house.residentMegabytes() - before).toBeLessThan(50);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    'text/json',
    '',
    undefined,
  ])('of the type “%s” is not read', (type) => house.refuses(415, () => house.act('{}', { headers: { 'content-type': type } })));

  it.each([257 * 1024, 1_000_000])('of %i bytes is too large, whether it says so', async (size) => {
    await house.refuses(413, () => house.act(`{"a":"${'x'.repeat(size)}"}`));
  });

  it('of chunks without end is too large, with and without a token', async () => {
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const chunked = ['Content-Type: application/json', 'Transfer-Encoding: chunked'];
    const token = `Authorization: Bearer ${await house.tokens.sign()}`;
    expect(await house.wire.endless(head('POST /api/messages HTTP/1.1', ...chunked, token), chunk)).toMatch(/^HTTP\/1\.1 413 /);
    expect(await house.wire.endless(head('POST /api/messages HTTP/1.1', ...chunked), chunk)).toMatch(/^HTTP\/1\.1 401 /);
  });

  it.each<[string, string | Buffer]>([
    ['nothing', ''],
    ['half a JSON', '{"a":'],
    ['two JSON', '{}{}'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a text', '"text"'],
    ['a number', '1e999'],
    ['zeros', Buffer.alloc(1_000)],
    ['UTF-16', Buffer.from('{"type":"message"}', 'utf16le')],
    ['{}', '{}'],
    ['an activity of another shape', '{"type":5}'],
  ])('of %s is refused', (_what, body) => house.refuses(400, () => house.act(body)));

  // Each is an activity that would otherwise be answered.
  it.each<[string, string]>([
    ['100,000 levels', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['100 levels', `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`],
    ['20,000 lists', `[${'[],'.repeat(20_000)}[]]`],
    ['3,000 keys', JSON.stringify(Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`k${index}`, 1])))],
    ['T52 a prototype', '{"__proto__":{"isGuest":false}}'],
    ['T52 a prototype deep inside', '{"a":[{"constructor":{"prototype":{"x":1}}}]}'],
  ])('with %s inside is refused', async (_what, inside) => {
    const whole = JSON.stringify({ ...greeting(), extra: 'here' });
    await house.refuses(400, () => house.act(whole.replace('"here"', inside)));
  });

  it('with a header of 20 KB is refused by its headers', async () => {
    expect(await house.wire.raw(head('POST /api/messages HTTP/1.1', `X-A: ${'a'.repeat(20_000)}`))).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('that comes byte by byte ends at its time, head or body, and nobody else waits', async () => {
    const token = `Authorization: Bearer ${await house.tokens.sign()}`;
    const body = head('POST /api/messages HTTP/1.1', 'Content-Type: application/json', token, 'Content-Length: 1000');
    const slow = [drip('POST /api/messages HTTP/1.1\r\nX: ', 'a'), drip(body, ' ')];
    for (let time = 0; time < 20; time += 1) {
      expect((await house.wire.get('/healthz')).ms).toBeLessThan(500);
      await pause(50);
    }
    for (const { text, ms } of await Promise.all(slow)) {
      expect(text).toMatch(/^HTTP\/1\.1 408 /);
      expect(ms).toBeLessThan(13_000);
    }
  });

  it('of which 2,000 are begun at once leaves room, and memory is given back', async () => {
    const { hostname, port } = new URL(house.rehearsal.ready.bot);
    const before = house.residentMegabytes();
    const sockets = Array.from({ length: 2_000 }, () => {
      const socket = connect(Number(port), hostname, () => socket.write('POST /api/messages HTTP/1.1\r\nHost: x\r\n'));
      return socket.on('error', () => undefined);
    });
    await pause(1_500);
    expect(house.residentMegabytes() - before).toBeLessThan(50);
    for (const socket of sockets) socket.destroy();
    await house.rehearsal.until(
      'room for others again',
      async () => (await house.wire.get('/healthz').catch(() => null))?.status === 200,
      5,
    );
  });
});

describe('T59 what is told to whoever is turned away', () => {
  it('is a reference and nothing else, with headers that say nothing of the house', async () => {
    const { headers, text } = await house.act({}, { authorization: null });
    expect(text).toMatch(/^\{"reference":"\w{8}"\}$/);
    expect(JSON.stringify(headers)).not.toMatch(OURS);
    expect(headers['content-security-policy']).toBe("default-src 'none'");
    expect(headers['cache-control']).toBe('no-store');
  });
});

it('T14 10,000 junk tokens of as many tenants leave nothing behind', async () => {
  const junk = async (count: number): Promise<void> => {
    for (let sent = 0; sent < count; sent += 50) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => house.act('{}', { authorization: `Bearer ${emulatorToken()}` })));
      expect(answers.every(({ status }) => status === 401 || status === 503)).toBe(true);
    }
  };
  // As many once before: what a process takes for itself while it warms up is no leak.
  await junk(10_000);
  const before = house.residentMegabytes();
  await junk(10_000);
  // What is garbage goes within seconds; what was left behind stays.
  let least = house.residentMegabytes();
  for (let looked = 0; looked < 20 && least - before >= 10; looked += 1) {
    await pause(500);
    least = Math.min(least, house.residentMegabytes());
  }
  expect(least - before).toBeLessThan(10);
});

it('T13 1,000 unknown keys cost at most two looks a minute, and health stays quick', async () => {
  const looks = async () => (await house.rehearsal.log()).filter(({ path }) => path.endsWith('/.well-known/keys')).length;
  const before = await looks();
  const health: number[] = [];
  let flooding = true;
  const watch = (async () => {
    while (flooding) health.push((await house.wire.get('/healthz')).ms);
  })();
  for (let sent = 0; sent < 1_000; sent += 20) {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        house.act('{}', { authorization: `Bearer ${part({ alg: 'RS256', kid: `k${sent + index}` })}.${part({})}.x` }),
      ),
    );
    for (const { status, ms } of answers) {
      expect([401, 503]).toContain(status);
      expect(ms).toBeLessThan(PATIENCE_MS);
    }
  }
  flooding = false;
  await watch;
  expect((await looks()) - before).toBeLessThanOrEqual(2);
  expect(Math.max(...health)).toBeLessThan(PATIENCE_MS);
  expect((await house.act(greeting())).status).toBe(200);
});

function emulatorToken(): string {
  const tid = crypto.randomUUID();
  const claims = { iss: `https://sts.windows.net/${tid}/`, tid, aud: house.rehearsal.ready.botAppId, ver: '1.0' };
  return `${part({ alg: 'RS256', kid: tid })}.${part(claims)}.x`;
}

/** Writes a byte every 100 ms until the other side ends it. */
function drip(first: string, byte: string): Promise<{ text: string; ms: number }> {
  const { hostname, port } = new URL(house.rehearsal.ready.bot);
  const begin = performance.now();
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(first));
    const timer = setInterval(() => socket.write(byte), 100);
    let text = '';
    socket.on('data', (chunk) => (text += chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(timer);
      resolve({ text, ms: performance.now() - begin });
    });
  });
}
