import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { message } from './support/activities.ts';
import { post, type Setup, setUp } from './support/setup.ts';

let setup: Setup;
let readiness: { ok: boolean; detail: Record<string, boolean | string> };
beforeAll(async () => {
  readiness = { ok: true, detail: { store: true } };
  setup = await setUp({ ready: async () => readiness });
});
afterAll(() => setup.close());
beforeEach(() => {
  setup.said.length = 0;
});

const bearer = async (): Promise<string> => `Bearer ${await setup.signer.sign()}`;

/** Sends bytes as they are and gives back what came until the connection closed. */
function raw(bytes: string): Promise<string> {
  const { hostname, port } = new URL(setup.host.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk) => (text += chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
}

async function alive(): Promise<void> {
  expect((await fetch(`${setup.host.url}/healthz`)).status).toBe(200);
}

describe('T16: only three doors', () => {
  it.each([
    ['GET', '/api/messages', 405],
    ['PUT', '/api/messages', 405],
    ['DELETE', '/api/messages', 405],
    ['OPTIONS', '/api/messages', 405],
    ['HEAD', '/healthz', 405],
    ['POST', '/healthz', 405],
    ['POST', '/readyz', 405],
    ['GET', '/', 404],
    ['GET', '/metrics', 404],
    ['POST', '/api/messages/', 404],
    ['POST', '/API/messages', 404],
    ['POST', '//api/messages', 404],
    ['POST', '/api//messages', 404],
    ['POST', '/api/%6dessages', 404],
    ['POST', '/api/messages%2e%2e', 404],
    ['POST', '/api/messages;x=1', 404],
    ['GET', '/constructor', 404],
    ['GET', '/__proto__', 404],
    ['TRACE', '/api/messages', 405],
    ['GET', '/healthz/../api/messages', 404],
  ])('%s %s is %i', async (method, path, status) => {
    const answer = await raw(`${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).not.toMatch(/restify|Error|\.js|does not exist|server:/i);
  });

  it('answers with the headers of a service that shows no pages and does not say what it is', async () => {
    const { headers } = await fetch(`${setup.host.url}/healthz`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'");
    expect(headers.has('server')).toBe(false);
    expect(headers.has('x-powered-by')).toBe(false);
  });

  it('T15: a connection that wants to become a web socket is closed', async () => {
    const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAA\r\n';
    for (const path of ['/api/messages', '/healthz']) expect(await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\n${upgrade}\r\n`)).toBe('');
    await alive();
  });
});

describe('T62: the body', () => {
  const send = async (body: NonNullable<RequestInit['body']>, headers: Record<string, string>): Promise<Response> =>
    fetch(`${setup.host.url}/api/messages`, { method: 'POST', headers: { authorization: await bearer(), ...headers }, body });
  const json = { 'content-type': 'application/json' };

  it.each(['gzip', 'deflate', 'br', 'identity', 'GZIP', ''])('with the content encoding "%s" is not read', async (encoding) => {
    const response = await send('not gzip at all', { ...json, 'content-encoding': encoding });
    expect(response.status).toBe(415);
    await alive();
  });

  it('that unpacks to much more is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(5_000_000));
    expect((await send(bomb, { ...json, 'content-encoding': 'gzip' })).status).toBe(415);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonx', 'text/json'])(
    'of type %s is not read',
    async (type) => {
      expect((await send('{}', { 'content-type': type })).status).toBe(415);
    },
  );

  it('may say its character set', async () => {
    const response = await send(JSON.stringify(message(setup.teams.url)), { 'content-type': 'Application/JSON; charset=utf-8' });
    expect(response.status).toBe(200);
  });

  it('over 256 KB is refused, announced or not', async () => {
    const large = `{"a":"${'x'.repeat(1_000_000)}"}`;
    expect((await send(large, json)).status).toBe(413);
    const stream = new Blob([large]).stream();
    const response = await fetch(`${setup.host.url}/api/messages`, {
      method: 'POST',
      headers: { ...json, authorization: await bearer() },
      body: stream,
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(413);
    await alive();
  });

  it.each<[string, string | Buffer]>([
    ['nothing', ''],
    ['no JSON', '{"a":'],
    ['a list', '[]'],
    ['null', 'null'],
    ['text', '"text"'],
    ['a number', '1'],
    ['random bytes', randomBytes(1_000)],
  ])('of %s is refused', async (_what, body) => {
    expect((await send(body, json)).status).toBe(400);
    expect(setup.said).toEqual([]);
    await alive();
  });

  // Each is an activity that would otherwise be answered.
  it.each<[string, (whole: string) => string | Buffer]>([
    ['100,000 levels', (whole) => whole.replace('0', `${'['.repeat(100_000)}${']'.repeat(100_000)}`)],
    ['an object 100 levels deep', (whole) => whole.replace('0', `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`)],
    ['20,000 lists', (whole) => whole.replace('0', `[${'[],'.repeat(20_000)}[]]`)],
    [
      '3,000 keys',
      (whole) => whole.replace('0', JSON.stringify(Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`k${i}`, 1])))),
    ],
    ['a prototype', (whole) => whole.replace('0', '{"__proto__":{"admin":true}}')],
    ['a prototype deep inside', (whole) => whole.replace('0', '{"a":[{"constructor":{"prototype":{"x":1}}}]}')],
    ['broken UTF-8', (whole) => Buffer.from(whole.replace('0', '"\u00ff"'), 'latin1')],
  ])('with %s inside is refused', async (_what, spoil) => {
    const whole = JSON.stringify({ extra: 0, ...message(setup.teams.url) });
    expect((await send(whole, json)).status).toBe(200);
    setup.said.length = 0;
    expect((await send(spoil(whole), json)).status).toBe(400);
    expect(setup.said).toEqual([]);
    expect(Object.keys(Object.prototype)).toEqual([]);
    await alive();
  });

  it('with a header too large is refused by its headers', async () => {
    const answer = await raw(`POST /api/messages HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    await alive();
  });

  // The limit of the test is the claim: Node's own 30 s would be too late.
  it('that never comes ends with the connection', async () => {
    const { hostname, port } = new URL(setup.host.url);
    const answer = new Promise<string>((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.write('POST /api/messages HTTP/1.1\r\nHost: x\r\n'));
      let text = '';
      socket.on('data', (chunk) => (text += chunk));
      socket.on('close', () => resolve(text));
    });
    expect(await answer).toMatch(/^HTTP\/1\.1 408 /);
    await alive();
  }, 12_000);
});

describe('readiness', () => {
  it('says yes when everything is there', async () => {
    await setup.act(message(setup.teams.url));
    const response = await fetch(`${setup.host.url}/readyz`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ok: true, detail: { store: true, signingKeys: true } });
  });

  it('says no when the process says no', async () => {
    readiness = { ok: false, detail: { store: 'read only' } };
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    const response = await fetch(`${setup.host.url}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ ok: false, detail: { store: 'read only' } });
    await alive();
  });
});

describe('counters', () => {
  it('are shown on their own port, without names', async () => {
    await post(setup.host, {}, null);
    await setup.act(message(setup.teams.url));
    const response = await fetch(setup.host.metricsUrl ?? '');
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(text).toMatch(/^greenlight_http_requests_total\{status="200"\} \d+$/m);
    expect(text).toMatch(/^greenlight_refusals_total\{reason="no-token"\} \d+$/m);
    expect(text).toMatch(/^greenlight_turns_total\{kind="message"\} \d+$/m);
    expect(text).not.toMatch(/Ann|29:|19:/);
    expect(new URL(setup.host.metricsUrl ?? '').hostname).toBe('127.0.0.1');
    expect((await fetch(new URL('/', setup.host.metricsUrl ?? ''))).status).toBe(404);
  });
});
