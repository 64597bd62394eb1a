import type { GrantedRole, RolePermission } from '../../../services/azure/granted.ts';
import { allows, grantedBy } from '../../../services/azure/granted.ts';

const WRITE = 'Microsoft.Compute/virtualMachines/runCommands/write';
const SUBSCRIPTION = '/subscriptions/22222222-2222-4222-8222-222222222222';
const VM = `${SUBSCRIPTION}/resourceGroups/rg-a/providers/Microsoft.Compute/virtualMachines/srv-01`;
const PATH = `${VM}/runCommands/greenlight-1`;

const permission = (actions: readonly string[], notActions: readonly string[] = []): RolePermission => ({ actions, notActions });

describe('what a role allows', () => {
  it.each([
    ['nothing', [], false],
    ['the operation itself', [permission([WRITE])], true],
    ['the operation in another letter case', [permission(['MICROSOFT.compute/virtualmachines/runcommands/WRITE'])], true],
    ['another operation', [permission([WRITE.replace('write', 'delete')])], false],
    ['what only begins like it', [permission([`${WRITE}/more`])], false],
    ['its beginning without a wildcard', [permission(['Microsoft.Compute/virtualMachines'])], false],
    ['everything', [permission(['*'])], true],
    ['everything that reads', [permission(['*/read'])], false],
    ['everything that writes', [permission(['*/write'])], true],
    ['everything of a type', [permission(['Microsoft.Compute/virtualMachines/*'])], true],
    ['everything of another type', [permission(['Microsoft.Compute/virtualMachineScaleSets/*'])], false],
    ['a wildcard in the middle', [permission(['Microsoft.Compute/*/write'])], true],
    [
      'nothing between two slashes, as the role Managed Identity Operator means it',
      [permission(['Microsoft.Compute/virtualMachines/runCommands/*/write'])],
      true,
    ],
    ['several wildcards', [permission(['Microsoft.*/virtual*/run*/wr*e'])], true],
    ['parts that would have to overlap', [permission(['Microsoft.Compute/virtualMachines/runCommands/wri*rite'])], false],
    ['parts in another order', [permission(['*runCommands*virtualMachines*'])], false],
    ['a dot that is only a dot', [permission(['Microsoft?Compute/virtualMachines/runCommands/write'])], false],
    ['characters of a regular expression', [permission(['.*', '(', '[a-z]+'])], false],
    ['what it leaves out again', [permission(['*'], [WRITE])], false],
    ['what it leaves out by a wildcard', [permission(['*'], ['*/WRITE'])], false],
    ['it, leaving out something else', [permission(['*'], ['Microsoft.Authorization/*/Write'])], true],
    ['it by a second permission of the same role', [permission(['*'], [WRITE]), permission([WRITE])], true],
  ])('%s', (_words, permissions, allowed) => {
    expect(allows(permissions, WRITE)).toBe(allowed);
  });
});

describe('where a role counts', () => {
  const at = (scope: string, permissions = [permission(['*'])]): GrantedRole => ({ scope, permissions });
  const groupScope = '/providers/Microsoft.Management/managementGroups/mg-corp';
  it.each([
    ['on the machine', [at(VM)], true],
    ['on its resource group, in another letter case', [at(`${SUBSCRIPTION.toUpperCase()}/RESOURCEGROUPS/RG-A`)], true],
    ['on the subscription, with a slash at the end', [at(`${SUBSCRIPTION}/`)], true],
    ['on a management group above', [at(groupScope)], true],
    ['on the whole tenant', [at('/')], true],
    ['on the very run command', [at(PATH)], true],
    ['nowhere', [], false],
    ['on another machine', [at(VM.replace('srv-01', 'srv-02'))], false],
    ['on a machine whose name begins alike', [at(`${VM}1`)], false],
    ['on a machine whose name it begins with', [at(VM.slice(0, -1))], false],
    ['on another subscription', [at(SUBSCRIPTION.replaceAll('2', '3'))], false],
    ['beside one that allows something else', [at(SUBSCRIPTION, [permission(['*/read'])]), at(SUBSCRIPTION)], true],
    ['above, where another role leaves the operation out', [at(SUBSCRIPTION, [permission(['*'], [WRITE])]), at(VM)], true],
    ['above, where a narrower role leaves the operation out', [at(SUBSCRIPTION), at(VM, [permission(['*'], [WRITE])])], true],
  ])('%s', (_words, roles, granted) => {
    expect(grantedBy(roles)(WRITE, PATH)).toBe(granted);
  });
});
