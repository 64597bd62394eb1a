import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { BUILT_IN_ROLES, suggestedRoles } from '../../../services/azure/built-in-roles.ts';
import { grantCommand, makeRoleCommands, permitCommands, shellWord } from '../../../services/azure/grant-command.ts';
import { lackingIn } from '../../../services/azure/lacking-rights.ts';

const OBJECT = 'b105d2e3-7c94-4f68-ad21-3e4f5a6b7c82';
const ID = '22222222-2222-4222-8222-222222222222';
const SUBSCRIPTION = `/subscriptions/${ID}`;
const RUN = ['delete', 'write'].map((verb) => `Microsoft.Compute/virtualMachines/runCommands/${verb}`);
const ARC = ['delete', 'write'].map((verb) => `Microsoft.HybridCompute/machines/runCommands/${verb}`);
const SETTING = 'Microsoft.Security/settings/write';
const POLICY = 'Microsoft.Authorization/policyAssignments/write';
const OTHER = 'Microsoft.Network/networkSecurityGroups/write';
const ASSIGN = 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action';

/** The words bash makes of a command line. */
const wordsOf = (line: string): string[] =>
  execFileSync('bash', ['--norc', '-c', `printf '%s\\0' ${line}`], { encoding: 'utf8', env: {}, stdio: ['ignore', 'pipe', 'pipe'] })
    .split('\0')
    .slice(0, -1);

it('is one line that Azure’s command line takes', () => {
  expect(grantCommand({ objectId: OBJECT, scope: SUBSCRIPTION }, 'Security Admin')).toBe(
    `az role assignment create --assignee-object-id ${OBJECT} --assignee-principal-type ServicePrincipal --role "Security Admin" --scope ${SUBSCRIPTION}`,
  );
});

it('has names of roles that a shell takes as they stand', () => {
  for (const { name } of BUILT_IN_ROLES) expect(name).toMatch(/^[A-Za-z ]+$/);
});

it.each([
  "rg'; rm -rf / #",
  '$(id)',
  '`id`',
  'a b',
  '-x',
  '--role',
  'rg(1)',
  'r"g',
  'ü',
  'a\\b',
  'a\nb',
  '*',
  '~',
  '!!',
  '',
  '{a,b}',
  '%USER%',
])('leaves %j one word of bash, and nothing but itself', (name) => {
  expect(wordsOf(`x ${shellWord(name)} y`)).toEqual(['x', name, 'y']);
});

it('leaves any text one word', () => {
  const text = fc.array(fc.constantFrom(...'aZ0 \'"$`\\();|&<>*?#~!=-\n'.split('')), { maxLength: 8 }).map((letters) => letters.join(''));
  fc.assert(
    fc.property(fc.array(text, { minLength: 20, maxLength: 20 }), (texts) => {
      expect(wordsOf(texts.map(shellWord).join(' '))).toEqual(texts);
    }),
    { numRuns: 20 },
  );
});

describe('which roles are suggested', () => {
  it.each([
    ['none for nothing', [], [], []],
    ['run commands on virtual machines', RUN, ['Virtual Machine Contributor'], []],
    ['run commands on Arc machines', ARC, ['Azure Connected Machine Resource Administrator'], []],
    ['both', [...RUN, ...ARC], ['Virtual Machine Contributor', 'Azure Connected Machine Resource Administrator'], []],
    ['settings', [SETTING], ['Security Admin'], []],
    ['policies, by the smaller of two that are fit', [POLICY], ['Resource Policy Contributor'], []],
    ['policies and settings, by the one that is fit for both', [POLICY, SETTING], ['Security Admin'], []],
    ['handing on an identity', [ASSIGN], ['Managed Identity Operator'], []],
    ['what no role of the table allows', [OTHER], [], [OTHER]],
    ['some that one allows and one that none does', [...RUN, OTHER], ['Virtual Machine Contributor'], [OTHER]],
  ])('%s', (_words, operations, roles, custom) => {
    expect(suggestedRoles(operations)).toEqual({ roles, custom });
  });

  it('never one that allows everything', () => {
    expect(suggestedRoles(['Microsoft.Authorization/roleAssignments/write']).roles).toEqual([]);
    expect(suggestedRoles(['Microsoft.Network/virtualNetworks/delete']).roles).toEqual([]);
  });
});

describe('a role of one’s own', () => {
  const grantee = { objectId: OBJECT, scope: SUBSCRIPTION };
  it('holds exactly the operations, and is granted by the name it is made under', () => {
    const [make, grant] = makeRoleCommands(grantee, [OTHER]).map(wordsOf);
    expect(make!.slice(0, -1)).toEqual(['az', 'role', 'definition', 'create', '--role-definition']);
    const { Name, Actions, AssignableScopes } = JSON.parse(make!.at(-1)!);
    expect([Actions, AssignableScopes]).toEqual([[OTHER], [SUBSCRIPTION]]);
    expect(grant).toEqual(expect.arrayContaining(['--role', Name, '--scope', SUBSCRIPTION]));
  });

  it('has another name for other operations and for another place, and one name for the same', () => {
    const nameOf = (scope: string, operations: string[]) => makeRoleCommands({ ...grantee, scope }, operations)[1];
    expect(nameOf(SUBSCRIPTION, [OTHER])).toBe(nameOf(SUBSCRIPTION, [OTHER]));
    const role = (command = '') => /--role "([^"]+)"/.exec(command)?.[1];
    const names = [
      [SUBSCRIPTION, [OTHER]],
      [SUBSCRIPTION, [OTHER, SETTING]],
      [`${SUBSCRIPTION}/resourceGroups/a`, [OTHER]],
    ] as const;
    expect(new Set(names.map(([scope, operations]) => role(nameOf(scope, [...operations])))).size).toBe(3);
  });
});

describe('application permissions of Microsoft Graph', () => {
  it('are given by the ids of both, with Graph looked up in the tenant first', () => {
    const [lookUp, ...grants] = permitCommands(OBJECT, ['DeviceManagementConfiguration.ReadWrite.All', 'Group.ReadWrite.All']);
    expect(lookUp).toBe('GRAPH=$(az ad sp show --id 00000003-0000-0000-c000-000000000000 --query id --output tsv)');
    const bodies = grants.map((line) => JSON.parse(wordsOf(line.replace('$GRAPH', ID)).at(-1)!) as object);
    expect(bodies).toEqual([
      { principalId: OBJECT, resourceId: ID, appRoleId: '9241abd9-d0e6-425a-bd4f-47ba86e767a4' },
      { principalId: OBJECT, resourceId: ID, appRoleId: '62a82d76-70ea-41e2-9197-370581804d09' },
    ]);
    expect(wordsOf(grants[0]!).slice(0, 6)).toEqual([
      'az',
      'rest',
      '--method',
      'POST',
      '--url',
      `https://graph.microsoft.com/v1.0/servicePrincipals/${OBJECT}/appRoleAssignments`,
    ]);
  });

  it('that nobody knows here have no command', () => {
    expect(permitCommands(OBJECT, ['Mail.ReadWrite.All'])).toEqual([]);
  });
});

describe('where a role is to be granted', () => {
  const subscription = { id: ID, name: 'corp-prod', objectId: OBJECT };
  const machine = (group: string, name: string) =>
    `${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}`;
  const need = (group: string, name: string) =>
    RUN.map((operation) => ({ operation, path: `${machine(group, name)}/runCommands/x`, target: name }));
  const on = (scope: string) => ({ scope, permissions: [{ actions: RUN, notActions: [] }] });
  const scopesOf = (commands: readonly string[]) => commands.map((command) => wordsOf(command).at(-1));

  it('is the subscription where nothing in it was granted', () => {
    const [one, ...others] = lackingIn(subscription, [...need('rg-a', 'a'), ...need('rg-b', 'b')], []);
    expect(others).toEqual([]);
    expect(one).toMatchObject({ where: 'subscription corp-prod', targets: 2, operations: RUN, custom: [] });
    expect(scopesOf(one!.commands)).toEqual([SUBSCRIPTION]);
  });

  it('is the resource groups that lack it where it was granted below the subscription only', () => {
    const needed = [...need('rg-a', 'a'), ...need('RG-B', 'b'), ...need('rg-b', 'c'), ...need('rg (c)', 'd'), ...need('rg(e)', 'e')];
    const found = lackingIn(subscription, needed, [on(machine('rg-a', 'a'))]);
    expect(found.map(({ where, targets }) => [where, targets])).toEqual([
      ['resource group rg-b in corp-prod', 2],
      // No resource group is called so.
      ['subscription corp-prod', 1],
      ['resource group rg(e) in corp-prod', 1],
    ]);
    expect(found.flatMap(({ commands }) => scopesOf(commands))).toEqual([
      `${SUBSCRIPTION}/resourceGroups/rg-b`,
      SUBSCRIPTION,
      `${SUBSCRIPTION}/resourceGroups/rg(e)`,
    ]);
  });

  it('is nowhere where all is granted', () => {
    expect(lackingIn(subscription, need('rg-a', 'a'), [on(SUBSCRIPTION)])).toEqual([]);
  });

  it('is the same where a role below allows something else', () => {
    const other = { scope: machine('rg-a', 'a'), permissions: [{ actions: ['*/read'], notActions: [] }] };
    expect(lackingIn(subscription, need('rg-b', 'b'), [other]).map(({ where }) => where)).toEqual(['subscription corp-prod']);
  });
});

it('grants the right to hand an identity on where that identity is, and nowhere wider', () => {
  const identity = `${SUBSCRIPTION}/resourceGroups/rg-identity/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mdfs`;
  const needed = [
    { operation: ASSIGN, path: `${identity}/assign`, target: ID },
    { operation: POLICY, path: `${SUBSCRIPTION}/providers/Microsoft.Authorization/policyAssignments/x`, target: ID },
  ];
  const lacking = lackingIn({ id: ID, name: 'corp-prod', objectId: OBJECT }, needed, []);
  expect(lacking.map(({ where, commands }) => [where, commands.map(wordsOf).map((words) => words.at(-1))])).toEqual([
    ['identity mdfs', [identity]],
    ['subscription corp-prod', [SUBSCRIPTION]],
  ]);
});
