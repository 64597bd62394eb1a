import type { DefenderAssignment } from '../../../../core/facts/defender.ts';
import { answerGraph, answerShort, queriesOf, vmId } from '../graph-pages.ts';
import {
  AGENT,
  ANCESTORS,
  ARC_AGENT,
  assignment,
  assignmentId,
  GROUP,
  initiative,
  LINUX_AGENT,
  list,
  OTHER,
  remediation,
  remediationList,
  SETS,
  showAssignments,
  WDATP,
} from '../policy-pages.ts';
import type { PretendArm } from '../pretend-arm.ts';
import { connectTo, ONE, showSubscriptions, startPretendArm, TWO } from '../pretend-arm.ts';

let arm: PretendArm;
beforeEach(async () => {
  arm = await startPretendArm();
  showSubscriptions(arm);
  answerGraph(arm, { ancestors: ANCESTORS });
});
afterEach(() => arm.close());

const policies = () => connectTo(arm).collectors['defender-policies']();
async function found(subscription = ONE): Promise<readonly DefenderAssignment[]> {
  const { subjects } = await policies();
  const evidence = subjects[subscription];
  if (evidence?.state !== 'read') throw new Error(JSON.stringify(evidence));
  return evidence.value.assignments;
}
const setId = (name: string) => `/subscriptions/${ONE}/${SETS}/${name}`;
const showSet = (name: string, answer: object) => arm.on('GET', new RegExp(`policySetDefinitions/${name}\\?`), answer);
const effectOf = (parameter: string) => ({ effect: { value: `[parameters('${parameter}')]` } });

describe('which assignments matter', () => {
  test('finds the built-ins, directly and inside initiatives of any scope', async () => {
    showAssignments(arm, [
      assignment('direct', AGENT, { enforcementMode: 'DoNotEnforce' }),
      assignment('builtin', `/${SETS}/77b391e3-2d5d-40c3-83bf-65c846b3c6a3`),
      assignment('fromgroup', `${GROUP}/${SETS}/house-rules`, {}, GROUP),
      assignment('own', setId('mine')),
      assignment('other', OTHER),
      assignment('watching', AGENT, { parameters: { effect: { value: 'AuditIfNotExists' } } }),
    ]);
    arm.on('GET', remediationList(GROUP), { body: { value: [] } });
    showSet(
      '77b391e3-2d5d-40c3-83bf-65c846b3c6a3',
      initiative([
        ['deployWdatp', WDATP],
        ['other', OTHER],
      ]),
    );
    arm.on(
      'GET',
      /managementGroups\/corp\/.*policySetDefinitions\/house-rules\?/,
      initiative([
        ['one', AGENT],
        ['two', AGENT],
      ]),
    );
    showSet(
      'mine',
      initiative([
        ['wdatp', WDATP],
        ['arc', ARC_AGENT],
      ]),
    );
    const assignments = await found();
    expect(assignments.map(({ name, does, enforcement, deploys }) => [name, does, enforcement, deploys])).toEqual([
      ['shown direct', 'deploys-agent', 'DoNotEnforce', ['azure-windows']],
      ['shown builtin', 'turns-endpoint-protection-on', 'Default', []],
      ['shown fromgroup', 'deploys-agent', 'Default', ['azure-windows']],
      ['shown own', 'turns-endpoint-protection-on', 'Default', []],
      ['shown own', 'deploys-agent', 'Default', ['arc-windows']],
    ]);
    expect(assignments.map(({ scope }) => scope)).toContain(GROUP);
  });

  test('a subscription without any is read, and nothing more is asked', async () => {
    showAssignments(arm, [assignment('other', OTHER)]);
    const { subjects } = await policies();
    expect(subjects[ONE]).toMatchObject({ state: 'read', value: { assignments: [] } });
    expect(subjects[TWO]).toMatchObject({ state: 'read', value: { assignments: [] } });
    expect(queriesOf(arm)).toEqual([]);
    expect(arm.asked.filter(({ path }) => path.includes('remediations'))).toEqual([]);
  });

  test('reads every page of the list', async () => {
    const next = `${arm.url}/subscriptions/${ONE}/providers/Microsoft.Authorization/policyAssignments?page=2&api-version=2025-03-01`;
    showAssignments(arm, []);
    arm.on('GET', list(ONE), ({ path }) =>
      path.includes('page=2') ? { body: { value: [assignment('late', AGENT)] } } : { body: { value: [], nextLink: next } },
    );
    expect(await found()).toMatchObject([{ name: 'shown late' }]);
  });

  test.each<[string, string[], string[]]>([
    ['its subscription', [`/subscriptions/${TWO.toUpperCase()}/`], []],
    ['a management group between', ['/providers/Microsoft.Management/managementGroups/BRANCHES'], []],
    ['another management group', ['/providers/Microsoft.Management/managementGroups/elsewhere'], ['shown group']],
    ['a resource group in it', [`/subscriptions/${TWO}/resourceGroups/RG-A`], ['shown group']],
  ])('an assignment that leaves out %s (%j) reaches the subscription as %j', async (_words, notScopes, names) => {
    showAssignments(arm, [], [assignment('group', AGENT, { notScopes }, GROUP)]);
    for (const group of ['corp', 'branches'])
      arm.on('GET', remediationList(`/providers/Microsoft.Management/managementGroups/${group}`), { body: { value: [] } });
    expect((await found(TWO)).map(({ name }) => name)).toEqual(names);
  });

  test('says what an assignment leaves out and what it selects, in lower case', async () => {
    const resourceSelectors = [
      {
        name: 'wave',
        selectors: [
          { kind: 'resourceLocation', in: ['WestEurope'] },
          { kind: 'resourceType', notIn: ['Microsoft.HybridCompute/machines'] },
        ],
      },
      { selectors: [{ kind: 'resourceWithoutLocation' }, { kind: 'userPrincipalId', in: ['x'] }] },
    ];
    showAssignments(arm, [
      assignment('some', AGENT, { notScopes: [`/subscriptions/${ONE}/resourceGroups/RG-A/`, vmId(ONE, 'WEB1')], resourceSelectors }),
    ]);
    expect(await found()).toMatchObject([
      {
        excludes: [`/subscriptions/${ONE}/resourcegroups/rg-a`, vmId(ONE, 'WEB1').toLowerCase()],
        selects: [
          [
            { what: 'location', in: ['westeurope'], notIn: null },
            { what: 'type', in: null, notIn: ['microsoft.hybridcompute/machines'] },
          ],
          [{ what: 'location', in: [], notIn: null }],
        ],
      },
    ]);
  });
});

describe('which policies of an initiative act', () => {
  const members = [
    ['win', AGENT, effectOf('WindowsEffect')],
    ['linux', LINUX_AGENT, effectOf('linuxEffect')],
    ['arc', ARC_AGENT, { effect: { value: 'DeployIfNotExists' } }],
  ] as const;
  const parameters = { windowsEffect: { defaultValue: 'DeployIfNotExists' }, LinuxEffect: { defaultValue: 'Disabled' } };
  const override = (value: string, selectors: object[]) => ({ overrides: [{ kind: 'policyEffect', value, selectors }] });
  const reference = (...names: string[]) => ({ kind: 'policyDefinitionReferenceId', in: names });

  test.each<[string, object, string[]]>([
    ['nothing is said: the initiative’s own defaults', {}, ['azure-windows', 'arc-windows']],
    ['a parameter switches one off', { parameters: { WINDOWSEFFECT: { value: 'Disabled' } } }, ['arc-windows']],
    [
      'a parameter switches one on',
      { parameters: { linuxEffect: { value: 'DeployIfNotExists' } } },
      ['azure-windows', 'azure-linux', 'arc-windows'],
    ],
    ['a parameter makes one watch', { parameters: { windowsEffect: { value: 'auditIfNotExists' } } }, ['arc-windows']],
    ['an override switches one off', override('Disabled', [reference('ARC')]), ['azure-windows']],
    ['an override switches all off', override('Disabled', []), []],
    ['an override takes out all but one', override('Disabled', [{ kind: 'policyDefinitionReferenceId', notIn: ['arc'] }]), ['arc-windows']],
    [
      'an override of another kind',
      { overrides: [{ kind: 'definitionVersion', value: '1.*.*', selectors: [] }] },
      ['azure-windows', 'arc-windows'],
    ],
  ])('%s (%j) → %j', async (_words, more, deploys) => {
    showAssignments(arm, [assignment('own', setId('mine'), more)]);
    showSet('mine', initiative(members, parameters));
    expect((await found()).flatMap((one) => one.deploys)).toEqual(deploys);
  });

  test('an effect that cannot be worked out is taken to act', async () => {
    showAssignments(arm, [assignment('own', setId('mine'))]);
    showSet('mine', initiative([['win', AGENT, { effect: { value: "[if(equals(1, 1), 'Disabled', 'x')]" } }]]));
    expect(await found()).toMatchObject([{ deploys: ['azure-windows'] }]);
  });
});

describe('remediations', () => {
  const own = assignment('own', setId('mine'), { enforcementMode: 'DoNotEnforce' });
  const under = (...all: object[]) => arm.on('GET', remediationList(`/subscriptions/${ONE}`), { body: { value: all } });
  beforeEach(() => {
    showAssignments(arm, [own]);
    showSet(
      'mine',
      initiative([
        ['Win', AGENT],
        ['baseline', OTHER],
      ]),
    );
  });

  test.each([
    ['Accepted', true],
    ['Evaluating', true],
    ['running', true],
    ['Cancelling', true],
    ['Succeeded', false],
    ['Complete', false],
    ['Failed', false],
    ['Canceled', false],
  ])('one that is %s is under way: %p', async (state, remediating) => {
    under(remediation(assignmentId('OWN'), state, { policyDefinitionReferenceId: 'win' }));
    expect(await found()).toMatchObject([{ remediating }]);
  });

  test('of another assignment, or of another policy of the initiative, is not its own', async () => {
    under(
      remediation(assignmentId('other'), 'Running', { policyDefinitionReferenceId: 'win' }),
      remediation(assignmentId('own'), 'Running', { policyDefinitionReferenceId: 'baseline' }),
    );
    expect(await found()).toMatchObject([{ remediating: false }]);
  });

  test('at a management group between counts for the subscriptions below it', async () => {
    const above = assignment('above', AGENT, { enforcementMode: 'DoNotEnforce' }, GROUP);
    showAssignments(arm, [above], [above]);
    const branches = '/providers/Microsoft.Management/managementGroups/branches';
    arm.on('GET', remediationList(GROUP), { body: { value: [] } });
    arm.on('GET', remediationList(branches), { body: { value: [remediation(assignmentId('above', GROUP), 'Running')] } });
    const { subjects } = await policies();
    expect(subjects[ONE]).toMatchObject({ value: { assignments: [{ remediating: false }] } });
    expect(subjects[TWO]).toMatchObject({ value: { assignments: [{ remediating: true }] } });
    expect(queriesOf(arm)).toEqual(['ancestors']);
    expect(arm.asked.filter(({ path }) => remediationList(GROUP).test(path))).toHaveLength(1);
    expect(arm.asked.filter(({ path }) => path.includes('managementGroups/root'))).toEqual([]);
  });

  test('a management group that may not be read makes the subscription unread, and says where the role is wanted', async () => {
    showAssignments(arm, [assignment('above', AGENT, {}, GROUP)]);
    arm.on('GET', remediationList(GROUP), { status: 403, body: { error: { code: 'AuthorizationFailed' } } });
    const { subjects } = await policies();
    expect(subjects[ONE]).toMatchObject({
      state: 'unread',
      reason: 'the reader identity may not read the policy remediations of management group corp (403 AuthorizationFailed)',
      fix: expect.stringContaining('role Reader on management group corp'),
    });
    expect(subjects[TWO]?.state).toBe('read');
  });

  test.each([
    ['are not told', () => answerShort(arm, { ancestors: ANCESTORS }, ['ancestors'])],
    ['lack the subscription', () => answerGraph(arm, { ancestors: [] })],
  ])('a subscription whose management groups %s is unread', async (_words, answer) => {
    answer();
    showAssignments(arm, [], [assignment('above', AGENT, {}, GROUP)]);
    arm.on('GET', remediationList(GROUP), { body: { value: [] } });
    expect((await policies()).subjects[TWO]).toMatchObject({ state: 'unread' });
  });

  test.each([[{ body: {} }], [{ text: '' }], [{ body: { value: [{ id: 'x', name: 'x', properties: {} }] } }], [{ status: 403 }]])(
    'a list that cannot be read (%j) is unread, not “nothing under way”',
    async (answer) => {
      arm.on('GET', remediationList(`/subscriptions/${ONE}`), answer);
      expect((await policies()).subjects[ONE]).toMatchObject({ state: 'unread' });
    },
  );
});

describe('what cannot be read', () => {
  test('an initiative makes its subscription unread', async () => {
    showAssignments(arm, [assignment('own', setId('hidden'))]);
    showSet('hidden', { status: 403, body: { error: { code: 'AuthorizationFailed' } } });
    const { subjects } = await policies();
    expect(subjects[ONE]).toMatchObject({ state: 'unread', fix: expect.stringContaining('role Reader on subscription corp-prod') });
    expect(subjects[TWO]?.state).toBe('read');
  });

  test('an initiative above names the management group', async () => {
    showAssignments(arm, [assignment('above', `${GROUP}/${SETS}/hidden`, {}, GROUP)]);
    showSet('hidden', { status: 403, body: { error: { code: 'AuthorizationFailed' } } });
    expect((await policies()).subjects[ONE]).toMatchObject({ fix: expect.stringContaining('role Reader on management group corp') });
  });

  test.each([[{ body: {} }], [{ body: { value: [{ name: 'x' }] } }], [{ text: 'oops' }]])(
    'a list of another shape (%j) is unread',
    async (answer) => {
      showAssignments(arm, []);
      arm.on('GET', list(ONE), answer);
      expect((await policies()).subjects[ONE]).toMatchObject({ state: 'unread' });
    },
  );

  test('a next page on another host is not asked, and the token does not go there', async () => {
    const elsewhere = await startPretendArm();
    try {
      showAssignments(arm, []);
      arm.on('GET', list(ONE), { body: { value: [], nextLink: `${elsewhere.url}/steal?api-version=2025-03-01` } });
      const { subjects } = await policies();
      expect(subjects[ONE]).toMatchObject({ state: 'unread', reason: expect.stringContaining('not on the list') });
      expect(elsewhere.asked).toEqual([]);
    } finally {
      await elsewhere.close();
    }
  });

  test.each(['here', 'elsewhere'])('a redirect to %s is not followed', async (where) => {
    const elsewhere = await startPretendArm();
    try {
      const location = `${where === 'here' ? arm.url : elsewhere.url}/steal`;
      for (const subscription of [ONE, TWO]) arm.on('GET', list(subscription), { status: 307, headers: { location } });
      expect((await policies()).subjects[ONE]?.state).toBe('unread');
      expect([...elsewhere.asked, ...arm.asked].filter(({ path }) => path.includes('steal'))).toEqual([]);
    } finally {
      await elsewhere.close();
    }
  });
});
