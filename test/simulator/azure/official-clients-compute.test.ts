import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { ComputeManagementClient } from '@azure/arm-compute';
import { ClientSecretCredential } from '@azure/identity';
import { SUBSCRIPTIONS } from '../../../simulator/estates/sample-frame.ts';
import { type StartedOutside, startedOutside } from '../started-outside.ts';

let outside: StartedOutside;
let client: ComputeManagementClient;
const FAST = { updateIntervalInMs: 50 };

beforeAll(async () => {
  outside = await startedOutside();
  setDefaultCACertificates([...getCACertificates('bundled'), readFileSync(outside.ready.caFile, 'utf8')]);
  await outside.door('POST', '/_clock', { rate: 600 });
  const { tenantId, clientId, clientSecret } = outside.ready.identities.writer;
  const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, {
    authorityHost: outside.ready.azure,
    disableInstanceDiscovery: true,
  });
  client = new ComputeManagementClient(credential, SUBSCRIPTIONS.prod, { endpoint: outside.ready.azure });
});
afterAll(() => outside.end());

test('the compute client puts an extension on a virtual machine, reads it and takes it off', async () => {
  const { virtualMachineExtensions: extensions } = client;
  const at = ['rg-web-prod', 'srv-web-01', 'MDE.Windows'] as const;
  const done = await extensions.createOrUpdate(
    ...at,
    {
      location: 'westeurope',
      publisher: 'Microsoft.Azure.AzureDefenderForServers',
      typePropertiesType: 'MDE.Windows',
      typeHandlerVersion: '1.0',
      autoUpgradeMinorVersion: true,
      settings: { azureResourceId: 'x', vNextEnabled: 'true' },
      protectedSettings: { defenderForEndpointOnboardingScript: 'cGFja2FnZQ==' },
    },
    FAST,
  );
  expect(done).toMatchObject({ provisioningState: 'Succeeded', typePropertiesType: 'MDE.Windows' });
  const read = await extensions.get(...at, { expand: 'instanceView' });
  expect(read.instanceView?.statuses?.[0]?.code).toBe('ProvisioningState/succeeded');
  await extensions.delete(...at, FAST);
  await expect(extensions.get(...at)).rejects.toMatchObject({ statusCode: 404 });
});

test('the compute client assesses and installs patches', async () => {
  const missing = [
    { kb: 'KB5055555', name: '2026-02 Cumulative Update', classification: 'Security', rebootBehavior: 'AlwaysRequiresReboot' },
  ];
  await outside.door('POST', '/_estate', { machines: [{ name: 'srv-app-01', guest: { updates: { missing } } }] });
  const at = ['rg-app-prod', 'srv-app-01'] as const;
  const assessed = await client.virtualMachines.assessPatches(...at, FAST);
  expect(assessed).toMatchObject({ status: 'Succeeded', criticalAndSecurityPatchCount: 1, availablePatches: [{ kbId: '5055555' }] });
  const wish = { maximumDuration: 'PT2H', rebootSetting: 'IfRequired', windowsParameters: { classificationsToInclude: ['Security'] } };
  const installed = await client.virtualMachines.installPatches(...at, wish, FAST);
  expect(installed).toMatchObject({ status: 'Succeeded', rebootStatus: 'Completed', installedPatchCount: 1 });
});

test('the compute client restarts a machine and reads its instance view', async () => {
  const at = ['rg-app-prod', 'srv-app-02'] as const;
  await client.virtualMachines.restart(...at, FAST);
  const view = await client.virtualMachines.instanceView(...at);
  expect(view.statuses?.map(({ code }) => code)).toEqual(['ProvisioningState/succeeded', 'PowerState/running']);
  const { guest } = (await outside.door('GET', '/_estate')).body.machines.find(({ name }: { name: string }) => name === 'srv-app-02');
  expect(guest.rebootPending).toBe(false);
});

test('the compute client changes a run command', async () => {
  const at = ['rg-app-prod', 'srv-app-03', 'wb-1'] as const;
  const { virtualMachineRunCommands: runs } = client;
  await runs.createOrUpdate(...at, { location: 'westeurope', source: { script: 'nothing-it-knows' } }, FAST);
  const tagged = await runs.update(...at, { tags: { a: 'b' } }, FAST);
  expect(tagged).toMatchObject({ name: 'wb-1', tags: { a: 'b' } });
});

test('the reading client lists availability sets and machines with their members', async () => {
  const { tenantId, clientId, clientSecret } = outside.ready.identities.reader;
  const credential = new ClientSecretCredential(tenantId, clientId, clientSecret, {
    authorityHost: outside.ready.azure,
    disableInstanceDiscovery: true,
  });
  const reader = new ComputeManagementClient(credential, SUBSCRIPTIONS.prod, { endpoint: outside.ready.azure });
  const members: Record<string, number | undefined> = {};
  for await (const { name = '', virtualMachines } of reader.availabilitySets.listBySubscription()) members[name] = virtualMachines?.length;
  expect(members).toEqual({ 'as-web': 2, 'as-sql': 2, 'as-dc': 2 });
  const inGroup: string[] = [];
  for await (const { name = '' } of reader.virtualMachines.list('rg-sql-prod')) inGroup.push(name);
  expect(inGroup).toEqual(['srv-sql-01', 'srv-sql-02', 'srv-sql-03', 'SRV-SQL-07']);
});
