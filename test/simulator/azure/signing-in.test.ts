import { SUBSCRIPTIONS } from '../../../simulator/estates/sample-frame.ts';
import { type Answer, type Json, type StartedOutside, startedOutside } from '../started-outside.ts';

let outside: StartedOutside;
beforeEach(async () => {
  outside = await startedOutside();
});
afterEach(() => outside.end());

const ARM = 'https://management.azure.com/.default';
const GRAPH = 'https://graph.microsoft.com/.default';
const DEFENDER = 'https://api.securitycenter.microsoft.com/.default';
const CONNECTOR = 'https://api.botframework.com/.default';
const SETTINGS = `/subscriptions/${SUBSCRIPTIONS.prod}/providers/Microsoft.Security/settings?api-version=2022-05-01`;

const change = (body: Json) => outside.door('POST', '/_identities', body);

/** A token asked for anew: what the harness remembers would hide what changed. */
async function signIn(form: Record<string, string> = {}, identity: 'reader' | 'writer' = 'reader'): Promise<Answer> {
  const { tenantId, clientId, clientSecret } = outside.ready.identities[identity];
  const whole = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, scope: ARM, ...form };
  const raw = new URLSearchParams(Object.entries(whole).filter(([, value]) => value !== '(absent)')).toString();
  return outside.arm('POST', `/${tenantId}/oauth2/v2.0/token`, { identity: null, raw });
}
async function fresh(scope: string, identity: 'reader' | 'writer' = 'reader'): Promise<string> {
  return (await signIn({ scope }, identity)).body.access_token;
}
function claims(token: string): Json {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}
const codes = ({ status, body }: Answer) => [status, body.error, body.error_codes?.[0]];

test.each([
  ['grant_type', 900144],
  ['client_id', 900144],
  ['scope', 900144],
  ['client_secret', 7000218],
])('a sign-in without %s is refused by number', async (name, number) => {
  expect((await signIn({ [name]: '(absent)' })).body.error_codes).toEqual([number]);
});

test('a token carries the permissions of its API and no others', async () => {
  const graph = claims(await fresh(GRAPH));
  expect(graph['roles']).toEqual(expect.arrayContaining(['ThreatHunting.Read.All', 'Group.Read.All']));
  expect(graph['roles']).not.toContain('Machine.Read.All');
  expect(claims(await fresh(DEFENDER))['roles']).toEqual(['Machine.Read.All']);
  const arm = claims(await fresh(ARM));
  expect(arm).not.toHaveProperty('roles');
  const { tenantId, clientId } = outside.ready.identities.reader;
  expect(arm).toMatchObject({ aud: 'https://management.azure.com', appid: clientId, tid: tenantId, idtyp: 'app' });
  expect(arm['iss']).toBe(`https://sts.windows.net/${tenantId}/`);
});

test.each([
  ['Resource Manager', SETTINGS, ARM, [GRAPH, DEFENDER, CONNECTOR]],
  ['Graph', '/v1.0/nothing-here', GRAPH, [ARM, DEFENDER, CONNECTOR]],
  ['Defender', '/api/nothing-here', DEFENDER, [ARM, GRAPH, CONNECTOR]],
])('%s takes its own tokens only', async (_, path, own, others) => {
  expect((await outside.arm('GET', path, { token: await fresh(own) })).status).not.toBe(401);
  for (const scope of others) {
    const answer = await outside.arm('GET', path, { token: await fresh(scope) });
    expect([scope, answer.status]).toEqual([scope, 401]);
    expect(answer.body.error.message).toEqual(expect.any(String));
  }
});

test('each API refuses in its own shape', async () => {
  const token = await fresh(CONNECTOR);
  const arm = await outside.arm('GET', SETTINGS, { token });
  expect(arm.body.error.code).toBe('InvalidAuthenticationTokenAudience');
  const graph = await outside.arm('GET', '/v1.0/groups', { token });
  expect(graph.body.error).toMatchObject({
    code: 'InvalidAuthenticationToken',
    message: expect.stringContaining('Invalid audience'),
    innerError: { date: '2026-03-02T09:00:00', 'request-id': expect.stringMatching(/^[0-9a-f-]{36}$/) },
  });
  const defender = await outside.arm('GET', '/api/machines', { token });
  expect(defender.body.error).toEqual({ code: 'Unauthorized', message: expect.any(String), target: '' });
});

test('a token lives as long as the door says, in real time', async () => {
  await change({ identity: 'reader', tokenLifetimeSeconds: 1 });
  const answer = await signIn();
  expect(answer.body.expires_in).toBe(1);
  const token = answer.body.access_token;
  await new Promise((resolve) => setTimeout(resolve, 2_100));
  const late = await outside.arm('GET', SETTINGS, { token });
  expect([late.status, late.body.error.code]).toEqual([401, 'ExpiredAuthenticationToken']);
});

test('tokens can be made to expire at once, and the next one works', async () => {
  const [old, connector] = [await fresh(ARM), await fresh(CONNECTOR)];
  await change({ identity: 'reader', expireTokens: true });
  expect((await outside.arm('GET', SETTINGS, { token: old })).status).toBe(401);
  expect(outside.azure.tokenVerifier(`Bearer ${connector}`)).toBeNull();
  expect((await outside.arm('GET', SETTINGS, { token: await fresh(ARM) })).status).toBe(200);
  expect((await outside.arm('GET', SETTINGS, { token: await fresh(ARM, 'writer') })).status).toBe(200);
});

test('a disabled application gets no token, and those it has open nothing until it is enabled again', async () => {
  const token = await fresh(ARM);
  await change({ identity: 'reader', enabled: false });
  expect(codes(await signIn())).toEqual([400, 'unauthorized_client', 7000112]);
  const refused = await outside.arm('GET', SETTINGS, { token });
  expect([refused.status, refused.body.error.code]).toEqual([401, 'InvalidAuthenticationToken']);
  await change({ identity: 'reader', enabled: true });
  expect((await outside.arm('GET', SETTINGS, { token })).status).toBe(200);
});

test('an expired secret gets no token and leaves those that are out alone', async () => {
  const token = await fresh(ARM);
  await change({ identity: 'reader', secretExpired: true });
  expect(codes(await signIn())).toEqual([401, 'invalid_client', 7000222]);
  expect((await outside.arm('GET', SETTINGS, { token })).status).toBe(200);
});

test.each([
  [{ identity: 'nobody' }, /identity/],
  [{ identity: 'reader', tokenLifetimeSeconds: 0 }, /tokenLifetimeSeconds/],
  [{ identity: 'reader', addRole: 'Emperor' }, /addRole: there is no role 'Emperor'/],
  [{ identity: 'reader', addRole: 'Reader', scope: '/subscriptions/00000000-0000-0000-0000-000000000000' }, /scope/],
  [{ identity: 'reader', colour: 'red' }, /colour/],
  [[], /change/],
])('the door refuses %j', async (body, reason) => {
  const answer = await change(body as Json);
  expect(answer.status).toBe(400);
  expect(answer.body.error.reason).toMatch(reason);
});

test('the door never shows a secret', async () => {
  const { body } = await outside.door('GET', '/_identities');
  expect(body.map(({ identity }: Json) => identity)).toEqual(['reader', 'writer', 'bot']);
  for (const { clientSecret } of Object.values(outside.ready.identities)) expect(JSON.stringify(body)).not.toContain(clientSecret);
});
