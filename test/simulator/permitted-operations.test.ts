import { actions } from '../../playbook/actions/index.ts';
import { connectAzure } from '../../services/azure/index.ts';
import { readMigration } from '../../services/migration-file.ts';
import { memoryLog } from '../services/azure/pretend-arm.ts';
import { operationsOutside, PERMITTED_OPERATIONS } from '../support/permitted-operations.ts';
import { type StartedOutside, send, startedOutside } from './started-outside.ts';

let outside: StartedOutside;
beforeEach(async () => {
  outside = await startedOutside();
});
afterEach(() => outside.end());

test('all that the product reads at once is on its list', async () => {
  const parsed = await readMigration(outside.ready.migrationFile);
  if (parsed.kind !== 'ok') throw new Error(JSON.stringify(parsed.errors));
  const { identities, azure: url, caFile } = outside.ready;
  const elsewhere = { teamsServiceUrl: '', teamsOpenidMetadata: '', teamsLogin: '', clockUrl: '' };
  const azure = connectAzure({
    settings: { ...identities, rehearsal: { azureEndpoint: url, azureAuthority: url, caFile, ...elsewhere } },
    subscriptions: parsed.migration.subscriptions,
    clock: outside.clock,
    log: memoryLog(),
    patience: { pause: () => Promise.resolve() },
  });
  await azure.check();
  for (const collect of Object.values(azure.collectors)) expect((await collect()).failure).toBeNull();
  const path = `/subscriptions/${parsed.migration.subscriptions[0]!.id}/providers/Microsoft.Security/settings/WDATP`;
  const right = { operation: 'Microsoft.Security/settings/write', path, target: 'x' };
  expect(await azure.rights.lacking([right])).toMatchObject({ state: 'read', value: [] });
  const log = outside.log.since(0);
  const asked = new Set(log.map(({ who, operation }) => `${who} ${operation}`));
  expect(asked).toEqual(
    new Set([
      'null Entra/configuration',
      'reader Entra/token',
      'writer Entra/token',
      'reader POST /providers/Microsoft.ResourceGraph/resources',
      'reader Microsoft.Resources/subscriptions/read',
      'reader Microsoft.Security/mdeOnboardings/read',
      'reader Microsoft.Security/settings/read',
      'reader Microsoft.Compute/virtualMachines/read',
      'reader Microsoft.Authorization/roleAssignments/read',
      'reader Microsoft.Authorization/roleDefinitions/read',
      'reader Microsoft.Authorization/policyAssignments/read',
      'reader Microsoft.Authorization/policySetDefinitions/read',
      'reader Microsoft.PolicyInsights/policyStates/summarize/read',
      'reader Microsoft.PolicyInsights/remediations/read',
      'reader ThreatHunting.Read.All',
      'reader Machine.Read.All',
      'reader DeviceManagementConfiguration.Read.All',
      'reader Group.Read.All',
    ]),
  );
  expect(operationsOutside(log)).toEqual([]);
});

test('an operation that is on nobody else’s list is found, whether it was allowed or not', async () => {
  const settings = '/subscriptions/6f1c2a40-0d3e-4b7a-9c51-2f8e7d10a001/providers/Microsoft.Security';
  const body = { kind: 'DataExportSettings', properties: { enabled: true } };
  await outside.arm('GET', `${settings}/settings?api-version=2022-05-01`);
  await outside.arm('PUT', `${settings}/settings/WDATP?api-version=2022-05-01`, { identity: 'writer', body });
  expect(operationsOutside(outside.log.since(0))).toEqual([]);
  await outside.arm('PUT', `${settings}/settings/WDATP?api-version=2022-05-01`, { body });
  await outside.arm('GET', `${settings}/pricings?api-version=2024-01-01`, { identity: 'writer' });
  await outside.arm('GET', `${settings}/settings?api-version=2022-05-01`, { identity: null });
  await outside.arm('GET', '/nowhere?api-version=2022-05-01', { identity: 'bot' });
  await send(`${outside.ready.teams}/v3/conversations/x`, 'GET', '', {});
  const lines = operationsOutside(outside.log.since(0)).map((line) => line.replace(/^\d+: /, '').replace(/ \(.*$/, ''));
  expect(lines).toEqual([
    'reader Microsoft.Security/settings/write',
    'writer Microsoft.Security/pricings/read',
    'nobody Microsoft.Security/settings/read',
    'bot GET /nowhere',
  ]);
});

test('what the actions of the playbook ask for is on the writer’s list, and the list holds nothing else', () => {
  // Azure looks for it when an assignment names an identity; no request is for it.
  const LINKED = 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action';
  const asked = new Set(actions.flatMap(({ permissions }) => permissions));
  expect(asked.delete(LINKED)).toBe(true);
  expect(new Set(PERMITTED_OPERATIONS.writer.filter((operation) => !operation.startsWith('Entra/')))).toEqual(asked);
});

test('the writer holds each permission the product asks for on every subscription', async () => {
  const { isAllowed } = await import('../../simulator/azure/authorization.ts');
  const { reader, writer } = outside.azure.identities;
  for (const { id } of (await outside.door('GET', '/_estate')).body.subscriptions) {
    const may = (operations: readonly string[], identity: typeof reader) =>
      operations.filter((name) => name.startsWith('Microsoft.') && !isAllowed(identity, name, `/subscriptions/${id}`));
    expect(may(PERMITTED_OPERATIONS.writer, writer)).toEqual([]);
    expect(may(PERMITTED_OPERATIONS.reader, reader)).toEqual([]);
  }
});
