import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { Loose } from './support/activities.ts';
import { House } from './support/house.ts';
import { part, seconds } from './support/tokens.ts';

jest.setTimeout(60_000);

const OTHER = 'aaaaaaaa-0000-4000-8000-00000000000a';
const ABSENT = undefined;

const house = new House();
beforeAll(() => house.start());
afterAll(() => house.stop());

const greeting = (): Loose => house.activities.message(house.somebody('lukas'), 'help');

it('lets through what Teams would send', async () => {
  expect((await house.act(greeting())).status).toBe(200);
});

describe('T01 the header is exactly one bearer token, and before it is the body is not read', () => {
  it.each<[string, (token: string) => string | null]>([
    ['none', () => null],
    ['blank', () => ''],
    ['only the word', () => 'Bearer'],
    ['the word and a blank', () => 'Bearer '],
    ['lower case', (token) => `bearer ${token}`],
    ['capitals', (token) => `BEARER ${token}`],
    ['two blanks', (token) => `Bearer  ${token}`],
    ['a tab', (token) => `Bearer\t${token}`],
    ['no blank', (token) => `Bearer${token}`],
    ['another scheme', (token) => `Basic ${token}`],
    ['no scheme', (token) => token],
    ['a list', (token) => `Bearer ${token}, Bearer ${token}`],
    ['something after it', (token) => `Bearer ${token} x`],
    ['a comma after it', (token) => `Bearer ${token},`],
    ['quotes', (token) => `Bearer "${token}"`],
    ['two parts', (token) => `Bearer ${token.split('.').slice(0, 2).join('.')}`],
    ['four parts', (token) => `Bearer ${token}.x`],
    ['an empty signature', (token) => `Bearer ${token.split('.').slice(0, 2).join('.')}.`],
    ['padding', (token) => `Bearer ${token}=`],
    ['garbage', () => 'Bearer a.b.c'],
    ['garbage of JSON', () => `Bearer ${part([])}.${part({})}.x`],
    ['9 KB', (token) => `Bearer ${token}${'a'.repeat(9_000)}`],
  ])('%s', async (_what, header) => {
    const authorization = header(await house.tokens.sign());
    await house.refuses(401, () => house.act('{not json', { authorization }));
  });

  it('two headers', async () => {
    const token = await house.tokens.sign();
    const body = JSON.stringify(greeting());
    const before = await house.counters();
    const answer = await house.wire.raw(
      `POST /api/messages HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n${`Authorization: Bearer ${token}\r\n`.repeat(2)}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect((await house.counters()).get('greenlight_turns_total{kind="message"}')).toBe(
      before.get('greenlight_turns_total{kind="message"}'),
    );
  });
});

describe('T02 only RS256 with a published key', () => {
  const claims = (): Loose => ({
    iss: 'https://api.botframework.com',
    aud: house.rehearsal.ready.botAppId,
    exp: seconds(60),
    serviceurl: `${house.rehearsal.ready.teams}/`,
  });
  const bearer = (authorization: string) => house.refuses(401, () => house.act(greeting(), { authorization: `Bearer ${authorization}` }));

  it.each(['none', 'None', 'NONE', '', 'RS512', 'PS256', 'ES256'])('the algorithm “%s”', (alg) =>
    bearer(`${part({ alg, kid: house.tokens.kid })}.${part(claims())}.x`),
  );

  it.each(['HS256', 'HS512'])('%s with the public key as the secret', async (alg) => {
    const unsigned = `${part({ alg, kid: house.tokens.kid })}.${part(claims())}`;
    const digest = alg === 'HS256' ? 'sha256' : 'sha512';
    await bearer(`${unsigned}.${createHmac(digest, JSON.stringify(house.tokens.publicKey)).update(unsigned).digest('base64url')}`);
  });

  it('a flipped signature', async () => {
    const [head, body, signature = ''] = (await house.tokens.sign()).split('.');
    await bearer(`${head}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`);
  });

  it('other claims under the same signature', async () => {
    const [head, , signature] = (await house.tokens.sign()).split('.');
    await bearer(`${head}.${part({ ...claims(), exp: seconds(600) })}.${signature}`);
  });

  it.each(['jku', 'x5u', 'jwk', 'x5c', 'crit'])('a token that brings or points to its own key by %s', async (name) => {
    const elsewhere = `${house.rehearsal.ready.teams}/v1/.well-known/keys`;
    const value = { jku: elsewhere, x5u: elsewhere, jwk: house.tokens.publicKey, x5c: ['AAAA'], crit: ['exp'] }[name];
    const head = part({ alg: 'RS256', kid: house.tokens.kid, [name]: value });
    const [, body, signature] = (await house.tokens.sign()).split('.');
    await bearer(`${head}.${body}.${signature}`);
  });

  it.each([[ABSENT], [''], ['k'.repeat(300)], ['../../keys'], ['__proto__']])('the key %j', (kid) =>
    house.refuses(401, () => house.act(greeting(), { header: { kid } })),
  );
});

const tenant = (id: string): Loose => ({ iss: `https://sts.windows.net/${id}/`, tid: id, ver: '1.0' });
it.each<[string, () => Loose]>([
  ['T03 an emulator token of the own tenant', () => ({ ...tenant(ours()), appid: app() })],
  ['T03 an emulator token of another tenant', () => ({ ...tenant(OTHER), appid: app() })],
  ['T03 a v2 token of the own tenant', () => ({ iss: `https://login.microsoftonline.com/${ours()}/v2.0`, azp: app(), ver: '2.0' })],
  ['T03 a v2 token of another tenant', () => ({ iss: `https://login.microsoftonline.com/${OTHER}/v2.0`, azp: app(), ver: '2.0' })],
  ['T04 a skill token', () => ({ ver: '1.0', appid: OTHER })],
  ['T04 a v2 skill token', () => ({ ver: '2.0', azp: OTHER })],
  ['T08 the audience of another bot', () => ({ aud: OTHER })],
  ['T08 the audience in capitals', () => ({ aud: app().toUpperCase() })],
  ['T08 a list of audiences', () => ({ aud: [app()] })],
  ['T08 a blank audience', () => ({ aud: '' })],
  ['T08 no audience', () => ({ aud: ABSENT })],
  ['T08 the issuer of the government cloud', () => ({ iss: 'https://api.botframework.us' })],
  ['T08 the issuer with a slash', () => ({ iss: 'https://api.botframework.com/' })],
  ['T08 the issuer over http', () => ({ iss: 'http://api.botframework.com' })],
  ['T08 a list of issuers', () => ({ iss: ['https://api.botframework.com'] })],
  ['T08 no issuer', () => ({ iss: ABSENT })],
  ['T09 expired six minutes ago', () => ({ exp: seconds(-6) })],
  ['T09 never expires', () => ({ exp: ABSENT })],
  ['T09 expires at a word', () => ({ exp: 'tomorrow' })],
  ['T09 valid in six minutes', () => ({ nbf: seconds(6) })],
  ['T09 issued in six minutes', () => ({ iat: seconds(6) })],
])('%s', async (_what, claims) => {
  await house.refuses(401, () => house.act(greeting(), { claims: claims() }));
});

it.each<[string, () => Loose]>([
  ['expired four minutes ago', () => ({ exp: seconds(-4) })],
  ['valid in four minutes', () => ({ nbf: seconds(4) })],
])('T09 within the tolerance of five minutes: %s', async (_what, claims) => {
  expect((await house.act(greeting(), { claims: claims() })).status).toBe(200);
});

it('T12 a key that is published for other channels does not speak for Teams', async () => {
  const keyFile = join(dirname(house.rehearsal.ready.teamsSigningKeyFile), 'other-channels-signing-key.json');
  await house.refuses(401, () => house.act(greeting(), { keyFile }));
});

it.each([
  ['AseChannel'],
  [''],
  [' msteams'],
  ['msteams '],
  ['MSTEAMS'],
  ['webchat'],
  ['directline'],
  ['emulator'],
  [ABSENT],
  [null],
  [['msteams']],
])('T05, T06 the channel %j', async (channelId) => {
  await house.refuses(400, () => house.act({ ...greeting(), channelId }));
});

describe('T07 the service address', () => {
  it.each([
    [ABSENT],
    [null],
    [''],
    ['https://smba.trafficmanager.net/emea/'],
    ['https://smba.trafficmanager.net.evil.example/'],
    ['http://127.0.0.1.evil.example/'],
    ['http://127.0.0.1:1/'],
    ['http://127.0.0.1:8443/'],
    ['http://user@127.0.0.1/'],
    ['http://127.0.0.1./'],
    ['http://127.0.0.1%2eevil.example/'],
    ['//127.0.0.1/'],
    ['http:\\\\127.0.0.1\\'],
    ['http://smbа.trafficmanager.net/'],
    ['file:///etc/passwd'],
    [['http://127.0.0.1/']],
    [{ href: 'http://127.0.0.1/' }],
  ])('%j in activity and token alike', async (serviceUrl) => {
    const claims = typeof serviceUrl === 'string' && serviceUrl !== '' ? { serviceurl: serviceUrl } : {};
    await house.refuses(400, () => house.act({ ...greeting(), serviceUrl }, { claims }));
  });

  it.each([[ABSENT], [''], ['http://127.0.0.1:1/'], [42]])('%j in the token alone', async (serviceurl) => {
    await house.refuses(401, () => house.act(greeting(), { claims: { serviceurl } }));
  });

  it('of somebody else is not even looked up: nobody connects', async () => {
    let connected = 0;
    const trap = createServer(() => (connected += 1)).listen(0, '127.0.0.1');
    await once(trap, 'listening');
    const serviceUrl = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/`;
    await house.refuses(400, () => house.act({ ...greeting(), serviceUrl }, { claims: { serviceurl: serviceUrl } }));
    await house.people.ask(house.somebody('lukas').id, 'help'); // and the bot goes on answering where it belongs
    trap.close();
    expect(connected).toBe(0);
  });
});

describe('T22 the tenant', () => {
  const places = (conversation: unknown, data: unknown): Loose => {
    const whole = greeting();
    return {
      ...whole,
      conversation: { ...whole['conversation'], tenantId: conversation },
      channelData: { ...whole['channelData'], tenant: data },
    };
  };
  it.each<[string, number, () => Loose]>([
    ['another one in both places', 401, () => places(OTHER, { id: OTHER })],
    ['another one in the conversation', 401, () => places(OTHER, { id: ours() })],
    ['another one in the channel data', 401, () => places(ours(), { id: OTHER })],
    ['none in the conversation', 401, () => places(ABSENT, { id: ours() })],
    ['null in the conversation', 401, () => places(null, { id: ours() })],
    ['a list in the channel data', 401, () => places(ours(), { id: [ours()] })],
    ['a blank one in the channel data', 401, () => places(ours(), { id: '' })],
    ['no id in the channel data', 400, () => places(ours(), {})],
    ['none in the channel data', 400, () => places(ours(), ABSENT)],
    ['no channel data', 400, () => ({ ...greeting(), channelData: ABSENT })],
  ])('%s', async (_what, status, activity) => {
    await house.refuses(status, () => house.act(activity()));
  });
});

it('T58 no token and no secret in the log, T53 and each line of it is one entry', () => {
  const lines = house.rehearsal.errors.trim().split('\n').slice(1);
  expect(lines.length).toBeGreaterThan(5);
  for (const line of lines) expect(JSON.parse(line)).toEqual(expect.any(Object));
  expect(house.rehearsal.errors).not.toMatch(/eyJ[A-Za-z0-9_-]{10}|Bearer e/);
});

function app(): string {
  return house.rehearsal.ready.botAppId;
}

function ours(): string {
  return house.rehearsal.ready.channel.tenantId;
}
