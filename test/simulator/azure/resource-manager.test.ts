import { SUBSCRIPTIONS } from '../../../simulator/estates/sample-frame.ts';
import { type Answer, type StartedOutside, startedOutside } from '../started-outside.ts';

let outside: StartedOutside;
beforeAll(async () => {
  outside = await startedOutside();
});
afterAll(() => outside.end());

const SUB = `/subscriptions/${SUBSCRIPTIONS.prod}`;
const SETTING = `${SUB}/providers/Microsoft.Security/settings`;
const WDATP = `${SETTING}/WDATP?api-version=2022-05-01`;
const machine = `${SUB}/resourceGroups/rg-web-prod/providers/Microsoft.Compute/virtualMachines/srv-web-01`;
const off = { kind: 'DataExportSettings', properties: { enabled: false } };

function error({ status, body }: Answer): [number, string] {
  return [status, body.error.code];
}

describe('signing in', () => {
  async function token(change: Record<string, string>, tenant = outside.ready.identities.reader.tenantId) {
    const { clientId, clientSecret } = outside.ready.identities.reader;
    const form = {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: 'https://management.azure.com/.default',
      ...change,
    };
    return outside.arm('POST', `/${tenant}/oauth2/v2.0/token`, { identity: null, raw: new URLSearchParams(form).toString() });
  }
  test.each([
    ['a wrong secret', { client_secret: 'wrong' }, 401, 7000215],
    ['an unknown application', { client_id: 'nobody' }, 400, 700016],
    ['an unknown resource', { scope: 'https://other.example/.default' }, 400, 500011],
    ['no scope', { scope: '' }, 400, 1002012],
    ['another grant', { grant_type: 'password' }, 400, 70003],
  ])('refuses %s', async (_, change, status, number) => {
    const answer = await token(change);
    expect([answer.status, answer.body.error_codes]).toEqual([status, [number]]);
    expect(answer.body.error_description).toContain(`AADSTS${number}`);
  });
  test('refuses an unknown tenant', async () => {
    expect((await token({}, '00000000-0000-0000-0000-000000000000')).body.error_codes).toEqual([90002]);
  });
});

describe('who may do what', () => {
  test.each([
    ['no token', { identity: null }],
    ['garbage', { token: 'a.b.c' }],
    ['an unsigned token', { token: `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{}').toString('base64url')}.x` }],
  ])('%s is 401 with a challenge', async (_, wish) => {
    const answer = await outside.arm('GET', WDATP, wish);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer authorization_uri=/);
  });
  test('a token for the connector opens nothing in Resource Manager', async () => {
    const token = await outside.token('reader', 'https://api.botframework.com/.default');
    expect(error(await outside.arm('GET', WDATP, { token }))).toEqual([401, 'InvalidAuthenticationTokenAudience']);
  });
  test('a tampered token is refused', async () => {
    const [head, , signature] = (await outside.token('reader')).split('.');
    const payload = Buffer.from(JSON.stringify({ aud: 'https://management.azure.com', appid: 'x', oid: 'x', tid: 'x', exp: 9e9 })).toString(
      'base64url',
    );
    expect((await outside.arm('GET', WDATP, { token: `${head}.${payload}.${signature}` })).status).toBe(401);
  });
  test('the reader may not write, and the refusal names the operation and the scope', async () => {
    const answer = await outside.arm('PUT', WDATP, { body: off });
    expect(error(answer)).toEqual([403, 'AuthorizationFailed']);
    expect(answer.body.error.message).toContain("'Microsoft.Security/settings/write'");
    expect(answer.body.error.message).toContain(WDATP.split('?')[0]);
  });
  test.each([
    ['writer', 'GET', `${SUB}/providers/Microsoft.Security/pricings?api-version=2024-01-01`, 403],
    ['writer', 'GET', `${machine}?api-version=2026-04-01`, 200],
    ['writer', 'GET', WDATP, 200],
    ['reader', 'DELETE', `${machine}/runCommands/x?api-version=2026-04-01`, 403],
    ['reader', 'PUT', `${machine}/runCommands/x?api-version=2026-04-01`, 403],
    ['bot', 'GET', WDATP, 403],
  ] as const)('%s %s %s is %i', async (identity, method, path, status) => {
    expect((await outside.arm(method, path, { identity })).status).toBe(status);
  });
});

describe('addresses', () => {
  test.each([
    ['an unknown address', 'GET', `${SUB}/providers/Microsoft.Nothing/things?api-version=2020-01-01`, 404, 'NotFound'],
    ['a method the address does not have', 'DELETE', `${SETTING}?api-version=2022-05-01`, 405, 'MethodNotAllowed'],
    ['no api-version', 'GET', SETTING, 400, 'MissingApiVersionParameter'],
    ['an unknown api-version', 'GET', `${machine}?api-version=2019-01-01`, 400, 'NoRegisteredProviderFound'],
    ['a malformed api-version', 'GET', `${machine}?api-version=latest`, 400, 'InvalidApiVersionParameter'],
    [
      'an unknown subscription',
      'GET',
      '/subscriptions/00000000-0000-0000-0000-000000000000?api-version=2022-12-01',
      404,
      'SubscriptionNotFound',
    ],
    [
      'an unknown resource group',
      'GET',
      `${SUB}/resourceGroups/rg-x/providers/Microsoft.Compute/virtualMachines/v?api-version=2026-04-01`,
      404,
      'ResourceGroupNotFound',
    ],
    ['an unknown setting', 'GET', `${SETTING}/NOPE?api-version=2022-05-01`, 404, 'ResourceNotFound'],
    ['a path that cannot be decoded', 'GET', `${SETTING}/%E0%A4%A?api-version=2022-05-01`, 400, 'BadRequest'],
  ])('%s', async (_, method, path, status, code) => {
    expect(error(await outside.arm(method, path))).toEqual([status, code]);
  });
  test('a broken body', async () => {
    expect(error(await outside.arm('PUT', WDATP, { identity: 'writer', raw: '{"kind":' }))).toEqual([400, 'InvalidRequestContent']);
  });
  test('a body above 4 MB', async () => {
    expect(error(await outside.arm('PUT', WDATP, { identity: 'writer', raw: 'x'.repeat(4 * 1024 * 1024 + 1) }))).toEqual([
      413,
      'RequestEntityTooLarge',
    ]);
  });
  test('letter case does not matter', async () => {
    expect((await outside.arm('GET', WDATP.toUpperCase().replace('API-VERSION', 'api-version'))).body.name).toBe('WDATP');
  });
});

describe('settings and plans', () => {
  test('a setting written is a setting read, under both api-versions', async () => {
    const on = { kind: 'DataExportSettings', properties: { enabled: true } };
    const path = `/subscriptions/${SUBSCRIPTIONS.nonprod}/providers/Microsoft.Security/settings/WDATP_UNIFIED_SOLUTION`;
    await outside.arm('PUT', `${path}?api-version=2022-05-01`, { identity: 'writer', body: off });
    expect((await outside.arm('GET', `${path}?api-version=2021-07-01`)).body.properties).toEqual({ enabled: false });
    expect((await outside.arm('PUT', `${path}?api-version=2022-05-01`, { identity: 'writer', body: on })).body).toMatchObject(on);
  });
  test('a setting of another kind is refused', async () => {
    expect((await outside.arm('PUT', `${SETTING}/Sentinel?api-version=2022-05-01`, { identity: 'writer', body: off })).status).toBe(400);
  });
  test('the servers plan comes with its switches as texts', async () => {
    const { body } = await outside.arm('GET', `${SUB}/providers/Microsoft.Security/pricings/VirtualMachines?api-version=2024-01-01`);
    expect(body.properties).toMatchObject({
      pricingTier: 'Standard',
      subPlan: 'P2',
      enforce: 'False',
      extensions: [{ name: 'AgentlessVmScanning', isEnabled: 'True' }],
    });
  });
  test('subscriptions are listed to who may read them', async () => {
    const names = async (identity: 'reader' | 'bot') =>
      (await outside.arm('GET', '/subscriptions?api-version=2022-12-01', { identity })).body.value.map(
        ({ displayName }: { displayName: string }) => displayName,
      );
    expect(await names('reader')).toEqual(['corp-prod', 'corp-nonprod', 'branch-arc']);
    expect(await names('bot')).toEqual([]);
  });
});

describe('machines', () => {
  test('a virtual machine shows its instance view when asked', async () => {
    const plain = await outside.arm('GET', `${machine}?api-version=2026-04-01`);
    expect(plain.body.properties.instanceView).toBeUndefined();
    const { body } = await outside.arm('GET', `${machine}?api-version=2026-04-01&$expand=instanceView`);
    expect(body.properties.instanceView).toMatchObject({
      osName: 'Windows Server 2022 Datacenter',
      vmAgent: { statuses: [{ displayStatus: 'Ready' }] },
    });
  });
  test('a failed extension tells its exit code', async () => {
    const path = `/subscriptions/${SUBSCRIPTIONS.nonprod}/resourceGroups/rg-test/providers/Microsoft.Compute/virtualMachines/tst-app-02`;
    const { body } = await outside.arm('GET', `${path}?api-version=2026-04-01&$expand=instanceView`);
    expect(body.properties.instanceView.extensions[0].statuses[0]).toMatchObject({
      level: 'Error',
      message: expect.stringContaining('exit code 12'),
    });
  });
  test('an Arc machine shows how its agent is configured', async () => {
    const path = `/subscriptions/${SUBSCRIPTIONS.branch}/resourceGroups/rg-odense/providers/Microsoft.HybridCompute/machines/br-ode-04`;
    const { body } = await outside.arm('GET', `${path}?api-version=2025-01-13`);
    expect(body.properties).toMatchObject({
      status: 'Connected',
      agentConfiguration: { configMode: 'monitor', extensionsEnabled: 'false' },
    });
  });
});
