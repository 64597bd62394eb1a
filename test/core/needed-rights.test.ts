import { operationOf } from '../../core/arm-operation.ts';
import { graphPermissionOf } from '../../core/graph-permission.ts';
import { neededRights } from '../../core/needed-rights.ts';
import type { Call, Item } from '../../core/plan.ts';

const SUBSCRIPTION = '/subscriptions/22222222-2222-4222-8222-222222222222';
const VM = `${SUBSCRIPTION}/resourcegroups/rg-a/providers/microsoft.compute/virtualmachines/srv-01`;

describe('the operation of a request', () => {
  it.each([
    ['PUT', `${VM}/runCommands/greenlight-{plan}-set`, 'microsoft.compute/virtualmachines/runCommands/write'],
    ['PATCH', `${VM}/extensions/MDE.Windows`, 'microsoft.compute/virtualmachines/extensions/write'],
    ['DELETE', `${VM}/runCommands/x`, 'microsoft.compute/virtualmachines/runCommands/delete'],
    ['POST', `${VM}/restart`, 'microsoft.compute/virtualmachines/restart/action'],
    ['PUT', `${SUBSCRIPTION}/providers/Microsoft.Security/settings/WDATP`, 'Microsoft.Security/settings/write'],
    [
      'POST',
      `${SUBSCRIPTION}/providers/Microsoft.PolicyInsights/remediations/greenlight-1/cancel`,
      'Microsoft.PolicyInsights/remediations/cancel/action',
    ],
    ['PUT', `${VM}/providers/Microsoft.Authorization/policyAssignments/mine`, 'Microsoft.Authorization/policyAssignments/write'],
    ['PUT', `${VM.replace('srv-01', 'providers')}/extensions/x`, 'microsoft.compute/virtualmachines/extensions/write'],
  ] as const)('%s %s is %s', (method, path, operation) => {
    expect(operationOf({ method, path })).toBe(operation);
  });

  it.each([SUBSCRIPTION, '', `${SUBSCRIPTION}/providers/`, `${SUBSCRIPTION}/providers/Microsoft.Security`])(
    '“%s” names no resource of a provider',
    (path) => {
      expect(operationOf({ method: 'PUT', path })).toBeNull();
    },
  );
});

describe('the permission of a request to Microsoft Graph', () => {
  it.each([
    ['/v1.0/groups', 'Group.ReadWrite.All'],
    ['/v1.0/groups/1', 'Group.ReadWrite.All'],
    ['/beta/deviceManagement/configurationPolicies/1/assign', 'DeviceManagementConfiguration.ReadWrite.All'],
    ['/v1.0/groupsettings', null],
    ['/v1.0/users', null],
    [`/x/v1.0/groups`, null],
  ])('%s is %s', (path, permission) => {
    expect(graphPermissionOf(path)).toBe(permission);
  });
});

describe('what targets need', () => {
  const call = (id: string, settles: Call['settles'] = 'setting'): Call => {
    const path = settles === 'run-command' ? `${VM}/runCommands/${id}` : `${SUBSCRIPTION}/providers/Microsoft.Security/settings/${id}`;
    return { id, describes: id, method: 'PUT', path, query: {}, body: null, settles, timeoutSeconds: 1 };
  };
  const change = (of: Call): Item => ({ do: 'change', safe: true, call: of });
  const probe = (of: Call | null): Item => ({ do: 'prove', id: 'p', describes: 'p', evidence: 'guest', call: of, expect: [] });

  it('is what changing, proving and making safe need, and deleting the run commands of each, as the action spells it', () => {
    const target = { id: 'm', sequence: [change(call('set', 'run-command')), probe(null)], makeSafe: [probe(call('look', 'run-command'))] };
    expect(neededRights([target], ['Microsoft.Compute/virtualMachines/runCommands/write'])).toEqual(
      ['set', 'look'].flatMap((name) =>
        ['Microsoft.Compute/virtualMachines/runCommands/write', 'microsoft.compute/virtualmachines/runCommands/delete'].map(
          (operation) => ({
            operation,
            path: `${VM}/runCommands/${name}`,
            target: 'm',
          }),
        ),
      ),
    );
  });

  it('is a permission of the tenant where a call goes to Microsoft Graph, and never an operation of Azure', () => {
    const graph: Call = { ...call('group'), api: 'graph', method: 'POST', path: '/v1.0/groups', settles: 'listed' };
    const target = { id: 'organisation', sequence: [change(graph), change(call('WDATP'))], makeSafe: [] };
    expect(neededRights([target], ['Group.ReadWrite.All'])).toEqual([
      { api: 'graph', operation: 'Group.ReadWrite.All', path: '/v1.0/groups', target: 'organisation' },
      { operation: 'Microsoft.Security/settings/write', path: expect.stringContaining('WDATP'), target: 'organisation' },
    ]);
  });

  it('names a right once for each target, however many calls need it', () => {
    const sequence = [change(call('WDATP')), change(call('WDATP'))];
    const twice = neededRights(
      ['a', 'b'].map((id) => ({ id, sequence, makeSafe: [] })),
      [],
    );
    expect(twice.map(({ operation, target }) => [operation, target])).toEqual([
      ['Microsoft.Security/settings/write', 'a'],
      ['Microsoft.Security/settings/write', 'b'],
    ]);
  });
});
