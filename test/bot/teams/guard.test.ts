import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { type Loose, message, OTHER_TENANT, TENANT } from './support/activities.ts';
import { post, type Setup, setUp } from './support/setup.ts';
import { APP_ID, createSigner } from './support/tokens.ts';

let setup: Setup;
beforeAll(async () => {
  setup = await setUp();
});
afterAll(() => setup.close());
beforeEach(() => {
  setup.said.length = 0;
  setup.teams.received.length = 0;
});

const seconds = (minutes: number): number => Math.floor(Date.now() / 1000) + minutes * 60;
const activity = (over: Loose = {}): Loose => message(setup.teams.url, over);

async function refusedWith(status: number, response: Response): Promise<void> {
  const body = await response.text();
  expect(response.status).toBe(status);
  expect(body).toMatch(/^\{"reference":"REF\d+"\}$/);
  expect(setup.said).toEqual([]);
  expect(setup.teams.received).toEqual([]);
}

it('lets a properly signed activity through', async () => {
  expect((await setup.act(activity())).status).toBe(200);
  expect(setup.said).toHaveLength(1);
});

describe('T01: the header is exactly one bearer token', () => {
  it.each([
    ['none', () => null],
    ['blank', () => ''],
    ['only the word', () => 'Bearer'],
    ['the word and a blank', () => 'Bearer '],
    ['lower case', (token: string) => `bearer ${token}`],
    ['capitals', (token: string) => `BEARER ${token}`],
    ['two blanks', (token: string) => `Bearer  ${token}`],
    ['a tab', (token: string) => `Bearer\t${token}`],
    ['no blank', (token: string) => `Bearer${token}`],
    ['another scheme', (token: string) => `Basic ${token}`],
    ['a list', (token: string) => `Bearer ${token}, Bearer ${token}`],
    ['something after it', (token: string) => `Bearer ${token} x`],
    ['two parts', (token: string) => `Bearer ${token.split('.').slice(0, 2).join('.')}`],
    ['four parts', (token: string) => `Bearer ${token}.x`],
    ['an empty part', (token: string) => `Bearer ${token.split('.').slice(0, 2).join('.')}.`],
    ['padding', (token: string) => `Bearer ${token}=`],
    ['garbage', () => 'Bearer a.b.c'],
    ['garbage of JSON', () => `Bearer ${Buffer.from('[]').toString('base64url')}.e30.x`],
    ['a header of 9 KB', (token: string) => `Bearer ${token}${'a'.repeat(9_000)}`],
  ])('%s', async (_what, header) => {
    await refusedWith(401, await post(setup.host, activity(), header(await setup.signer.sign())));
  });

  it('does not read the body of such a request: broken JSON is not noticed', async () => {
    await refusedWith(401, await post(setup.host, '{not json', null));
  });

  it('two headers are none', async () => {
    const token = await setup.signer.sign();
    const body = JSON.stringify(activity());
    const { hostname, port } = new URL(setup.host.url);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        const twice = `Authorization: Bearer ${token}\r\n`.repeat(2);
        const head = `POST /api/messages HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n`;
        socket.write(`${head}${twice}Content-Length: ${body.length}\r\n\r\n${body}`);
      });
      let text = '';
      socket.on('data', (chunk) => (text += chunk));
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(setup.said).toEqual([]);
  });
});

describe('T02: only RS256 with a published key', () => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = (): Loose => ({ iss: 'https://api.botframework.com', aud: APP_ID, exp: seconds(60), serviceurl: setup.teams.url });

  it('no algorithm', async () => {
    const token = `${part({ alg: 'none', kid: setup.signer.kid })}.${part(claims())}.x`;
    await refusedWith(401, await post(setup.host, activity(), `Bearer ${token}`));
  });

  it('a shared secret made of the public key', async () => {
    const unsigned = `${part({ alg: 'HS256', kid: setup.signer.kid })}.${part(claims())}`;
    const signature = createHmac('sha256', JSON.stringify(setup.signer.jwk)).update(unsigned).digest('base64url');
    await refusedWith(401, await post(setup.host, activity(), `Bearer ${unsigned}.${signature}`));
  });

  it('a flipped signature', async () => {
    const token = await setup.signer.sign();
    const [head, body, signature = ''] = token.split('.');
    const flipped = `${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}`;
    await refusedWith(401, await post(setup.host, activity(), `Bearer ${head}.${body}.${flipped}`));
  });

  it('changed claims under an old signature', async () => {
    const [head, , signature] = (await setup.signer.sign()).split('.');
    await refusedWith(401, await post(setup.host, activity(), `Bearer ${head}.${part({ ...claims(), exp: seconds(600) })}.${signature}`));
  });

  it("another key under a published key's name", async () => {
    const stranger = await createSigner(() => setup.teams.url, setup.signer.kid);
    await refusedWith(401, await post(setup.host, activity(), `Bearer ${await stranger.sign()}`));
  });

  it.each(['jku', 'x5u', 'jwk', 'x5c'])('a token that brings its own key by %s', async (name) => {
    const value = { jku: `${setup.teams.url}keys`, x5u: `${setup.teams.url}keys`, jwk: setup.signer.jwk, x5c: ['AAAA'] }[name];
    await refusedWith(401, await post(setup.host, activity(), `Bearer ${await setup.signer.sign({}, { [name]: value })}`));
  });

  it.each([
    ['no kid', undefined],
    ['a blank kid', ''],
    ['a kid of 1 KB', 'k'.repeat(1_000)],
  ])('%s', async (_what, kid) => {
    await refusedWith(401, await post(setup.host, activity(), `Bearer ${await setup.signer.sign({}, { kid })}`));
  });
});

describe('T03, T04, T08: issuer and audience', () => {
  it.each<[string, Loose]>([
    ['an emulator token of our tenant', { iss: `https://sts.windows.net/${TENANT}/`, tid: TENANT, appid: APP_ID, ver: '1.0' }],
    [
      'an emulator token of another tenant',
      { iss: `https://sts.windows.net/${OTHER_TENANT}/`, tid: OTHER_TENANT, appid: APP_ID, ver: '1.0' },
    ],
    ['a v2 token of our tenant', { iss: `https://login.microsoftonline.com/${TENANT}/v2.0`, azp: APP_ID, ver: '2.0' }],
    ['a skill token', { ver: '1.0', appid: 'cccccccc-0000-4000-8000-00000000000c' }],
    ['a v2 skill token', { ver: '2.0', azp: 'cccccccc-0000-4000-8000-00000000000c' }],
    ['a government issuer', { iss: 'https://api.botframework.us' }],
    ['an issuer with a slash', { iss: 'https://api.botframework.com/' }],
    ['no issuer', { iss: undefined }],
    ['another audience', { aud: 'cccccccc-0000-4000-8000-00000000000c' }],
    ['the audience in capitals', { aud: APP_ID.toUpperCase() }],
    ['a list of audiences', { aud: [APP_ID] }],
    ['no audience', { aud: undefined }],
  ])('%s', async (_what, claims) => {
    await refusedWith(401, await setup.act(activity(), claims));
  });
});

describe('T09: time', () => {
  it.each<[number, string, () => Loose]>([
    [200, 'expired four minutes ago', () => ({ exp: seconds(-4) })],
    [401, 'expired six minutes ago', () => ({ exp: seconds(-6) })],
    [401, 'never expires', () => ({ exp: undefined })],
    [200, 'valid in four minutes', () => ({ nbf: seconds(4) })],
    [401, 'valid in six minutes', () => ({ nbf: seconds(6) })],
    [401, 'issued in six minutes', () => ({ iat: seconds(6) })],
    [401, 'expires at a word', () => ({ exp: 'tomorrow' })],
  ])('%i: %s', async (status, _what, claims) => {
    expect((await setup.act(activity(), claims())).status).toBe(status);
  });
});

describe('T05, T06: only Teams', () => {
  it.each([['AseChannel'], [''], [' msteams'], ['MSTEAMS'], ['webchat'], ['directline'], ['emulator'], [undefined], [null], [['msteams']]])(
    'channel %j',
    async (channelId) => {
      await refusedWith(400, await setup.act(activity({ channelId })));
    },
  );
});

describe('T07: only the service address', () => {
  it.each([
    [undefined],
    [null],
    [''],
    ['http://127.0.0.1:1/'],
    ['http://user@127.0.0.1/'],
    ['https://smba.trafficmanager.net/emea/'],
    ['http://127.0.0.1.evil.example/'],
    ['//127.0.0.1/'],
    ['file:///etc/passwd'],
    [['http://127.0.0.1/']],
  ])('%j in the activity and, if it can be, in the token', async (serviceUrl) => {
    await refusedWith(
      400,
      await setup.act(activity({ serviceUrl }), typeof serviceUrl === 'string' && serviceUrl !== '' ? { serviceurl: serviceUrl } : {}),
    );
  });

  it.each([[undefined], [''], ['http://127.0.0.1:1/'], [42]])('%j in the token alone', async (serviceurl) => {
    await refusedWith(401, await setup.act(activity(), { serviceurl }));
  });
});

describe('T22: only our tenant', () => {
  const conversation = (tenantId: unknown): Loose => ({ ...(activity()['conversation'] as Loose), tenantId });
  const channelData = (tenant: unknown): Loose => ({ ...(activity()['channelData'] as Loose), tenant });
  it.each<[string, number, () => Loose]>([
    ['another one throughout', 401, () => ({ conversation: conversation(OTHER_TENANT), channelData: channelData({ id: OTHER_TENANT }) })],
    ['another one in the conversation', 401, () => ({ conversation: conversation(OTHER_TENANT) })],
    ['another one in the channel data', 401, () => ({ channelData: channelData({ id: OTHER_TENANT }) })],
    ['none in the conversation', 401, () => ({ conversation: conversation(undefined) })],
    ['a list', 401, () => ({ channelData: channelData({ id: [TENANT] }) })],
    ['a blank', 401, () => ({ channelData: channelData({ id: '' }) })],
    ['none in the channel data', 400, () => ({ channelData: channelData(undefined) })],
    ['no channel data', 400, () => ({ channelData: undefined })],
  ])('%s', async (_what, status, over) => {
    await refusedWith(status, await setup.act(activity(over())));
  });

  it('lets one through in any case', async () => {
    const response = await setup.act(
      activity({ conversation: conversation(TENANT), channelData: channelData({ id: TENANT.toUpperCase() }) }),
    );
    expect(response.status).toBe(200);
    expect(setup.said).toHaveLength(1);
  });
});

it.each([[{}], [{ type: 5 }], [{ type: 'message' }], [{ type: 'message', conversation: [] }]])(
  'T59: %j is refused without a word',
  async (body) => {
    await refusedWith(400, await setup.act(body));
  },
);

it('T58: tokens and the secret are in no log line', async () => {
  const token = await setup.signer.sign();
  await post(setup.host, activity(), `Bearer ${token}x`);
  await setup.act(activity());
  expect(setup.logged.join('\n')).not.toMatch(/eyJ|canary-secret|token-\d/);
});
