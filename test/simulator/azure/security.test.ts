import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { SecurityCenter } from '@azure/arm-security';
import { ClientSecretCredential } from '@azure/identity';
import { SUBSCRIPTIONS } from '../../../simulator/estates/sample-frame.ts';
import { type Answer, type Json, type StartedOutside, startedOutside } from '../started-outside.ts';

let outside: StartedOutside;
beforeEach(async () => {
  outside = await startedOutside();
  await outside.door('POST', '/_clock', { rate: 0 });
});
afterEach(() => outside.end());

const PROD = `/subscriptions/${SUBSCRIPTIONS.prod}`;
const NONPROD = `/subscriptions/${SUBSCRIPTIONS.nonprod}`;
const SECURITY = '/providers/Microsoft.Security';
const VM = `${PROD}/resourceGroups/rg-web-prod/providers/Microsoft.Compute/virtualMachines/srv-web-01`;
const NEW_VERSION = 'api-version=2024-01-01';

const hours = (count: number) => outside.door('POST', '/_clock', { advanceSeconds: count * 3600 });
const get = (path: string, version: string) => outside.arm('GET', `${path}?api-version=${version}`);
const put = (path: string, body: unknown, version = NEW_VERSION) => outside.arm('PUT', `${path}?${version}`, { identity: 'writer', body });
const remove = (path: string) => outside.arm('DELETE', `${path}?${NEW_VERSION}`, { identity: 'writer' });
const pricing = (scope: string, name = 'VirtualMachines') => `${scope}${SECURITY}/pricings/${name}`;
const plan = (properties: Json) => ({ properties });
const outcome = ({ status, body }: Answer) => [status, body?.error?.code];
const machine = async (name: string): Promise<Json> =>
  (await outside.door('GET', '/_estate')).body.machines.find((candidate: Json) => candidate['name'] === name);
const settings = async (scope: string): Promise<Record<string, boolean>> =>
  Object.fromEntries(
    (await get(`${scope}${SECURITY}/settings`, '2022-05-01')).body.value.map((one: Json) => [one['name'], one['properties'].enabled]),
  );

async function client(subscription: string): Promise<SecurityCenter> {
  setDefaultCACertificates([...getCACertificates('bundled'), readFileSync(outside.ready.caFile, 'utf8')]);
  const { tenantId, clientId, clientSecret } = outside.ready.identities.reader;
  const options = { authorityHost: outside.ready.azure, disableInstanceDiscovery: true };
  return new SecurityCenter(new ClientSecretCredential(tenantId, clientId, clientSecret, options), subscription, {
    endpoint: outside.ready.azure,
  });
}

describe('settings', () => {
  const one = (name: string) => `${PROD}${SECURITY}/settings/${name}`;
  const enabled = (value: boolean) => ({ kind: 'DataExportSettings', properties: { enabled: value } });
  const write = (name: string, value: boolean) => put(one(name), enabled(value), 'api-version=2022-05-01');

  test('the unified solution is listed by its older name and answers to both', async () => {
    expect(Object.keys(await settings(PROD))).toEqual(['MCAS', 'WDATP', 'WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW', 'WDATP_VNEXT', 'Sentinel']);
    for (const name of ['WDATP_VNEXT', 'WDATP_UNIFIED_SOLUTION']) {
      expect((await get(one(name), '2022-05-01')).body).toMatchObject({ name, properties: { enabled: true } });
    }
  });
  test('only the newer name is written', async () => {
    expect(outcome(await write('WDATP_VNEXT', false))).toEqual([404, 'ResourceNotFound']);
    expect((await write('WDATP_UNIFIED_SOLUTION', false)).status).toBe(200);
    expect((await get(one('WDATP_VNEXT'), '2022-05-01')).body.properties.enabled).toBe(false);
  });
  test('what hangs on WDATP cannot be switched on while it is off', async () => {
    await write('WDATP_UNIFIED_SOLUTION', false);
    await write('WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW', true);
    expect(outcome(await write('WDATP_UNIFIED_SOLUTION', true))).toEqual([400, 'BadRequest']);
    expect(outcome(await write('WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW', false))).toEqual([400, 'BadRequest']);
    await write('WDATP', true);
    expect((await write('WDATP_UNIFIED_SOLUTION', true)).status).toBe(200);
    expect((await write('WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW', false)).status).toBe(200);
  });
  test('another api-version is refused', async () => {
    expect(outcome(await get(one('WDATP'), '2023-01-01'))).toEqual([400, 'NoRegisteredProviderFound']);
  });
});

describe('plans of a subscription', () => {
  test('switching the plan on switches endpoint protection on with it', async () => {
    await put(pricing(PROD), plan({ pricingTier: 'Free' }));
    expect((await settings(PROD))['WDATP']).toBe(false);
    const { body } = await put(pricing(PROD), plan({ pricingTier: 'Standard', subPlan: 'P1' }));
    expect(body.properties).toMatchObject({
      pricingTier: 'Standard',
      subPlan: 'P1',
      enablementTime: expect.stringMatching(/^2026-03-02T09:00:0/),
      enforce: 'False',
      resourcesCoverageStatus: 'FullyCovered',
    });
    expect(await settings(PROD)).toMatchObject({ WDATP: true, WDATP_VNEXT: true, WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW: false });
  });
  test('the extensions it pushes come within the hour, but not at once', async () => {
    await put(pricing(PROD), plan({ pricingTier: 'Free' }));
    await put(pricing(PROD), plan({ pricingTier: 'Standard' }));
    await hours(0.5);
    expect((await machine('srv-web-01'))['extensions']).toEqual([]);
    await hours(0.6);
    expect((await machine('srv-web-01'))['extensions']).toMatchObject([{ type: 'MDE.Windows', state: 'Succeeded' }]);
  });
  test('in a tenant whose first plan it is they may take up to twelve hours', async () => {
    const never = { plan: { tier: 'Free', subPlan: null, enabledAt: null, extensions: [] } };
    await outside.door('POST', '/_estate', { subscriptions: Object.values(SUBSCRIPTIONS).map((id) => ({ id, ...never })) });
    await put(pricing(PROD), plan({ pricingTier: 'Standard' }));
    const prod = async (): Promise<Json[]> =>
      (await outside.door('GET', '/_estate')).body.machines.filter(
        (one: Json) =>
          one['subscriptionId'] === SUBSCRIPTIONS.prod &&
          one['vm']?.power === 'running' &&
          one['guest'].agent === 'Running' &&
          !/2008|2012/.test(one['os'].name),
      );
    const carrying = async () => (await prod()).filter((one) => one['extensions'].length > 0).length;
    await hours(1);
    expect(await carrying()).toBe(0);
    await hours(6);
    const half = await carrying();
    expect(half).toBeGreaterThan(0);
    expect(half).toBeLessThan((await prod()).length);
    await hours(5.2);
    expect(await carrying()).toBe((await prod()).length);
  });
  test('an extension that needs roles the caller may not give fails by itself; the plan is on', async () => {
    await put(pricing(PROD), plan({ pricingTier: 'Free' }));
    const partly = await put(pricing(PROD), plan({ pricingTier: 'Standard', subPlan: 'P2' }));
    expect(partly.status).toBe(200);
    expect(partly.body.properties.extensions).toEqual([
      { name: 'MdeDesignatedSubscription', isEnabled: 'False' },
      {
        name: 'AgentlessVmScanning',
        isEnabled: 'True',
        operationStatus: { code: 'Failed', message: expect.stringContaining('assigning roles') },
      },
      { name: 'FileIntegrityMonitoring', isEnabled: 'False' },
    ]);
    await outside.door('POST', '/_identities', { identity: 'writer', addRole: 'Owner', scope: PROD });
    const whole = await put(pricing(PROD), plan({ pricingTier: 'Standard', subPlan: 'P2' }));
    expect(whole.body.properties.extensions[1].operationStatus).toEqual({ code: 'Succeeded', message: 'Successfully enabled extension' });
  });
  test.each([
    [
      'a boolean for a text',
      { pricingTier: 'Standard', extensions: [{ name: 'AgentlessVmScanning', isEnabled: true }] },
      'InvalidRequestContent',
    ],
    ['a boolean to enforce', { pricingTier: 'Standard', enforce: true }, 'InvalidRequestContent'],
    ['an unknown tier', { pricingTier: 'Gold' }, 'InvalidRequestContent'],
    ['an unknown sub-plan', { pricingTier: 'Standard', subPlan: 'P3' }, 'BadRequest'],
    [
      'an extension the sub-plan has not',
      { pricingTier: 'Standard', subPlan: 'P1', extensions: [{ name: 'AgentlessVmScanning', isEnabled: 'True' }] },
      'BadRequest',
    ],
  ])('%s is refused', async (_, properties, code) => {
    expect(outcome(await put(pricing(PROD), plan(properties)))).toEqual([400, code]);
    expect((await get(pricing(PROD), '2024-01-01')).body.properties.subPlan).toBe('P2');
  });
  test('the list can be narrowed to some plans', async () => {
    const filter = encodeURIComponent('name in (VirtualMachines,CloudPosture)');
    const { body } = await outside.arm('GET', `${PROD}${SECURITY}/pricings?${NEW_VERSION}&$filter=${filter}`);
    expect(body.value.map(({ name }: Json) => name)).toEqual(['VirtualMachines', 'CloudPosture']);
  });
});

describe('the plan of a single machine', () => {
  test('is inherited until one is set, then its own, and inherited again once deleted', async () => {
    const path = pricing(VM);
    expect((await get(path, '2024-01-01')).body.properties).toMatchObject({
      pricingTier: 'Standard',
      subPlan: 'P2',
      inherited: 'True',
      inheritedFrom: PROD,
    });
    const made = await put(path, plan({ pricingTier: 'Standard', subPlan: 'P1' }));
    expect([made.status, made.body.properties]).toMatchObject([201, { subPlan: 'P1', inherited: 'False', inheritedFrom: null }]);
    expect((await put(path, plan({ pricingTier: 'Free' }))).status).toBe(200);
    expect((await get(pricing(PROD), '2024-01-01')).body.properties.resourcesCoverageStatus).toBe('PartiallyCovered');
    const { body } = await outside.query(
      "securityresources | where type =~ 'microsoft.security/pricings' | where id has 'srv-web-01' | project tier = properties.pricingTier",
    );
    expect(body.data).toEqual([{ tier: 'Free' }]);
    expect((await remove(path)).status).toBe(200);
    expect((await remove(path)).status).toBe(204);
    expect((await get(path, '2024-01-01')).body.properties.inherited).toBe('True');
  });
  test('free keeps the extension away from that machine alone', async () => {
    await put(pricing(VM), plan({ pricingTier: 'Free' }));
    await put(`${PROD}${SECURITY}/settings/WDATP`, { kind: 'DataExportSettings', properties: { enabled: true } }, 'api-version=2022-05-01');
    await hours(2);
    expect((await machine('srv-web-01'))['extensions']).toEqual([]);
    expect((await machine('srv-web-02'))['extensions']).toHaveLength(1);
  });
  test.each([
    ['P2', { pricingTier: 'Standard', subPlan: 'P2' }],
    ['no sub-plan', { pricingTier: 'Standard' }],
    ['enforce', { pricingTier: 'Free', enforce: 'True' }],
  ])('%s is not to be had there', async (_, properties) => {
    expect(outcome(await put(pricing(VM), plan(properties)))).toEqual([400, 'BadRequest']);
  });
  test('an enforced subscription lets none be set and takes back those there are', async () => {
    await put(pricing(VM), plan({ pricingTier: 'Free' }));
    await put(pricing(PROD), plan({ pricingTier: 'Standard', subPlan: 'P2', enforce: 'True' }));
    expect((await get(pricing(VM), '2024-01-01')).body.properties).toMatchObject({ pricingTier: 'Standard', inherited: 'True' });
    expect(outcome(await put(pricing(VM), plan({ pricingTier: 'Free' })))).toEqual([400, 'BadRequest']);
  });
  test('older api-versions do not know it', async () => {
    expect(outcome(await get(pricing(VM), '2023-01-01'))).toEqual([400, 'NoRegisteredProviderFound']);
  });
});

describe('onboarding packages', () => {
  const path = (name: string) => `${PROD}${SECURITY}/mdeOnboardings/${name}`;
  const version = '2021-10-01-preview';

  test('the whole of it and each system, the same for every subscription of the tenant', async () => {
    const windows = await get(path('Windows'), version);
    const linux = await get(path('linux'), version);
    const whole = await get(path('default'), version);
    expect(Object.keys(windows.body.properties)).toEqual(['onboardingPackageWindows']);
    expect(Object.keys(linux.body.properties)).toEqual(['onboardingPackageLinux']);
    expect(whole.body.properties).toEqual({ ...windows.body.properties, ...linux.body.properties });
    expect(Buffer.from(windows.body.properties.onboardingPackageWindows, 'base64').toString()).toContain('OnboardingInfo');
    const other = await get(`${NONPROD}${SECURITY}/mdeOnboardings/Windows`, version);
    expect(other.body.properties).toEqual(windows.body.properties);
  });
  test('only who may read onboarding packages gets them', async () => {
    await outside.door('POST', '/_identities', { identity: 'writer', removeRole: 'Greenlight Defender Settings', scope: PROD });
    const refused = await outside.arm('GET', `${path('Windows')}?api-version=${version}`, { identity: 'writer' });
    expect(outcome(refused)).toEqual([403, 'AuthorizationFailed']);
    expect(refused.body.error.message).toContain('Microsoft.Security/mdeOnboardings/read');
  });
});

describe('assessments of agentless scanning', () => {
  const NAMES = ['06e3a6db-6c0c-4ad9-943f-31d9d73ecf6c', 'dc5357d0-3858-4d17-a1a3-072840bff5be'];
  const rows = async () =>
    (
      await outside.query(
        `securityresources | where type =~ 'microsoft.security/assessments' and name in~ ('${NAMES.join("','")}') | project name, id = tolower(tostring(properties.resourceDetails.Id)), code = tostring(properties.status.code)`,
        { options: { $top: 1000 } },
      )
    ).body.data as { name: string; id: string; code: string }[];
  const codes = async (name: string) =>
    Object.fromEntries((await rows()).filter(({ id }) => id.endsWith(`/${name}`)).map((row) => [row.name, row.code]));

  test('cover the virtual machines of plan 2 with scanning on, and nothing else', async () => {
    const ids = new Set((await rows()).map(({ id }) => id));
    const expected = (await outside.door('GET', '/_estate')).body.machines.filter(
      (one: Json) => one['kind'] === 'vm' && one['subscriptionId'] === SUBSCRIPTIONS.prod,
    );
    expect([...ids].toSorted()).toEqual(expected.map(({ id }: Json) => id.toLowerCase()).toSorted());
  });
  test('say whether an EDR is there, and tell of Defender whether it is set up well', async () => {
    expect(await codes('srv-web-01')).toEqual({ [NAMES[0]!]: 'Healthy', [NAMES[1]!]: 'NotApplicable' });
    expect(await codes('srv-print-01')).toEqual({ [NAMES[0]!]: 'Unhealthy', [NAMES[1]!]: 'NotApplicable' });
  });
  test('see a removed product at the next daily scan and not before', async () => {
    await outside.door('POST', '/_estate', { machines: [{ name: 'srv-web-01', guest: { thirdParty: [] } }] });
    expect((await codes('srv-web-01'))[NAMES[0]!]).toBe('Healthy');
    await hours(25);
    expect((await codes('srv-web-01'))[NAMES[0]!]).toBe('Unhealthy');
  });
  test('are listed by the official client, at a subscription and at a machine', async () => {
    const security = await client(SUBSCRIPTIONS.prod);
    const all: string[] = [];
    for await (const one of security.assessments.list(PROD.slice(1))) all.push(one.name ?? '');
    expect(all.filter((name) => name === NAMES[0]).length).toBeGreaterThan(10);
    const read = await security.assessments.get(VM.slice(1), NAMES[0]!);
    expect(read).toMatchObject({ status: { code: 'Healthy' }, resourceDetails: { source: 'Azure', id: VM } });
  });
});

test('the official client reads plans and the onboarding package', async () => {
  const security = await client(SUBSCRIPTIONS.prod);
  const plans = await security.pricings.list();
  expect(plans.value.find(({ name }) => name === 'VirtualMachines')).toMatchObject({ pricingTier: 'Standard', subPlan: 'P2' });
  expect((await security.mdeOnboardings.get()).name).toBe('default');
  expect((await security.mdeOnboardings.list()).value).toHaveLength(1);
});
