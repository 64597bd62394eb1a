import type { ActionOptions } from '../../../core/action-options.ts';
import type { DefenderAssignment } from '../../../core/facts/defender.ts';
import type { MachineFacts } from '../../../core/machine.ts';
import { makePlan } from '../../../core/make-plan.ts';
import { neededRights } from '../../../core/needed-rights.ts';
import type { Scope } from '../../../core/scope.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import { assignDefenderInitiative as action } from '../../../playbook/actions/assign-defender-initiative.ts';
import { initiativeAt } from '../../../playbook/actions/initiative.ts';
import {
  assignmentFacts,
  extensionFacts,
  guestFacts,
  machineFacts,
  migration,
  NOW,
  person,
  SUBSCRIPTION,
  utc,
} from '../../support/facts.ts';
import { IDENTITY, initiativeOptions, toBeOnboarded } from '../../support/to-be-onboarded.ts';

const SCOPE = `/subscriptions/${SUBSCRIPTION}`;
const named = (name: string, over: Partial<MachineFacts> = {}) => machineFacts({ name, ...over });
const onArc = (name: string, over: Partial<MachineFacts> = {}) =>
  named(name, {
    kind: 'arc',
    id: `${SCOPE}/resourcegroups/rg-a/providers/microsoft.hybridcompute/machines/${name}`,
    status: 'Connected',
    configMode: 'full',
    ...over,
  });
const [one, two] = [named('srv-01'), named('srv-02')];
const arc = onArc('arc-01');

function considered(snapshot: Snapshot, scope: Scope = {}) {
  return action.consider(snapshot.subscriptions[0]!, snapshot, NOW, scope);
}
function targetOf(snapshot: Snapshot, scope: Scope = {}) {
  const found = considered(snapshot, scope);
  if (!found.include) throw new Error(`${found.code}: ${found.because}`);
  return found.target;
}
const calls = (snapshot: Snapshot, scope: Scope = {}) => targetOf(snapshot, scope).sequence.flatMap(({ call }) => call ?? []);
const remediated = (snapshot: Snapshot, scope: Scope = {}) =>
  calls(snapshot, scope)
    .filter(({ path }) => path.includes('/remediations/'))
    .map(({ body }) => (body as { properties: { filters: { resourceIds: string[] } } }).properties.filters.resourceIds);

/** Ours as Azure shows it, put for these options. */
function ours(options: ActionOptions = initiativeOptions(), over: Partial<DefenderAssignment> = {}): { assignments: DefenderAssignment[] } {
  const { id, mark, excludes } = initiativeAt(SCOPE, SUBSCRIPTION, options.assignDefenderInitiative, IDENTITY);
  return { assignments: [assignmentFacts({ id: id.toLowerCase(), enforcement: 'DoNotEnforce', mark, excludes, ...over })] };
}
/** The same machines with other evidence for some of them. */
function but(snapshot: Snapshot, kind: 'guest' | 'defender-extension', values: Record<string, object>): Snapshot {
  const changed = Object.entries(values).map(([id, value]) => [id, { state: 'read', value, source: 'test', observedAt: NOW }]);
  return { ...snapshot, evidence: { ...snapshot.evidence, [kind]: { ...snapshot.evidence[kind], ...Object.fromEntries(changed) } } };
}

describe('assign-defender-initiative', () => {
  it('assigns the built-in initiative, not enforced, and deploys to the ready machines of each policy alone', () => {
    const linux = onArc('lnx-01', { os: 'linux' });
    const unready = named('srv-09');
    const snapshot = but(toBeOnboarded([one, two, arc, linux, unready]), 'guest', { [unready.id]: guestFacts() });
    const [assign, ...rest] = calls(snapshot);
    expect(assign).toMatchObject({
      method: 'PUT',
      path: `${SCOPE}/providers/Microsoft.Authorization/policyAssignments/greenlight-mde`,
      query: { 'api-version': '2025-03-01' },
      settles: 'resource',
      body: {
        location: 'westeurope',
        identity: { type: 'UserAssigned', userAssignedIdentities: { [IDENTITY.id]: {} } },
        properties: {
          policyDefinitionId: '/providers/Microsoft.Authorization/policySetDefinitions/e20d08c5-6d64-656d-6465-ce9e37fd0ebc',
          enforcementMode: 'DoNotEnforce',
          nonComplianceMessages: [{ message: 'Not deployed yet.' }],
        },
      },
    });
    expect(rest.map(({ body }) => body)).toMatchObject([
      {
        properties: {
          policyDefinitionReferenceId: 'microsoftDefenderForEndpointLinuxArcAgentDeploy',
          filters: { resourceIds: [linux.id] },
        },
      },
      {
        properties: {
          policyDefinitionReferenceId: 'microsoftDefenderForEndpointWindowsArcAgentDeploy',
          filters: { resourceIds: [arc.id] },
        },
      },
      {
        properties: {
          policyAssignmentId: assign!.path,
          policyDefinitionReferenceId: 'microsoftDefenderForEndpointWindowsAgentDeploy',
          resourceDiscoveryMode: 'ExistingNonCompliant',
          resourceCount: 2,
          filters: { resourceIds: [one.id, two.id] },
        },
      },
    ]);
    expect(targetOf(snapshot).holds).toEqual([SUBSCRIPTION, one.id, two.id, arc.id, linux.id]);
    expect(targetOf(snapshot).found).toMatch(/1 not ready: srv-09 \(phase-order\)/);
  });

  it('waits until Azure has judged, and proves each machine by its extension, which is no word on its engines', () => {
    expect(
      targetOf(toBeOnboarded([one])).sequence.map((item) => (item.do === 'prove' ? [item.evidence, item.safe ?? true] : item.do)),
    ).toEqual(['change', ['defender-policies', true], ['policy-progress', false], 'change', ['defender-extension', false]]);
    expect(targetOf(toBeOnboarded([one])).sequence.at(-1)).toMatchObject({
      of: [one.id],
      expect: [{ path: 'state', equals: 'Succeeded' }],
    });
    expect(targetOf(toBeOnboarded([one])).finalCheck).toMatchObject({ evidence: 'device', of: [one.id] });
  });

  it('asks for no more than a hundred machines at a time', () => {
    const many = Array.from({ length: 201 }, (_, index) => named(`srv-${String(index).padStart(3, '0')}`));
    expect(remediated(toBeOnboarded(many)).map(({ length }) => length)).toEqual([100, 100, 1]);
  });

  it('names the machines of each remediation for the signers', () => {
    expect(calls(toBeOnboarded([one, two, arc])).map(({ describes }) => describes)).toEqual([
      'assign the initiative, not enforced',
      'deploy the extension to 1 machine: arc-01',
      'deploy the extension to 2 machines: srv-01, srv-02',
    ]);
  });

  it('deploys to a ring alone, and puts what is shared and there already not again', () => {
    const broad = { ...two, tags: { ring: 'broad' } };
    const snapshot = toBeOnboarded([one, broad], { 'defender-policies': ours() });
    expect(calls(snapshot, { ring: 'broad' }).map(({ id }) => id)).toEqual(['remediate-0']);
    expect(remediated(snapshot, { ring: 'broad' })).toEqual([[broad.id]]);
    expect(targetOf(snapshot, { ring: 'broad' }).undo).toEqual([]);
  });

  it.each([
    ['the file says something else by now', ours(initiativeOptions({ message: 'x' }))],
    ['somebody left machines out by hand', ours(initiativeOptions(), { excludes: [two.id] })],
    ['it bears no mark of ours', { assignments: [assignmentFacts({ ...ours().assignments[0]!, mark: 'other' })] }],
  ])('puts it again where %s', (_words, policies) => {
    expect(calls(toBeOnboarded([one], { 'defender-policies': policies })).map(({ id }) => id)).toEqual(['assign', 'remediate-0']);
  });

  it('never takes enforcement back by the way', () => {
    const enforced = ours(initiativeOptions({ message: 'x' }), { enforcement: 'Default' });
    const [assign] = calls(toBeOnboarded([one], { 'defender-policies': enforced }));
    expect(assign?.body).toMatchObject({ properties: { enforcementMode: 'Default' } });
  });

  it('leaves out what the file leaves out: by id within the scope, by publisher and image through a set of its own', () => {
    const options = initiativeOptions({
      exclude: [two.id, '/subscriptions/99999999-9999-4999-8999-999999999999/resourceGroups/rg'],
      excludePublishers: ['Cisco'],
      excludeImages: ['/sub/images/golden'],
    });
    const appliance = named('fw-01', { image: { publisher: 'cisco', id: '' } });
    const golden = named('srv-03', { image: { publisher: '', id: '/SUB/images/golden' } });
    const snapshot = toBeOnboarded([one, two, appliance, golden], {}, options);
    const [set, assign] = calls(snapshot);
    expect(remediated(snapshot)).toEqual([[one.id]]);
    expect(set).toMatchObject({
      path: `${SCOPE}/providers/Microsoft.Authorization/policySetDefinitions/greenlight-mde-images`,
      body: { properties: { policyDefinitions: { length: 4 } } },
    });
    expect(assign).toMatchObject({
      path: `${SCOPE}/providers/Microsoft.Authorization/policyAssignments/greenlight-mde-images`,
      body: {
        properties: {
          policyDefinitionId: set!.path,
          notScopes: [two.id],
          parameters: { publishersToExclude: { value: ['Cisco'] }, imageIdsToExclude: { value: ['/sub/images/golden'] } },
        },
      },
    });
    expect(targetOf(snapshot).undo.map(({ call }) => call?.path ?? null)).toEqual([assign!.path, set!.path, null]);
  });

  it('is assigned at a resource group where one was asked for', () => {
    const other = named('srv-02', { resourceGroup: 'RG-B', id: two.id.replace('rg-a', 'rg-b') });
    const snapshot = toBeOnboarded([one, other]);
    expect(calls(snapshot, { resourceGroup: 'rg-b' }).map(({ path }) => path)).toEqual([
      `${SCOPE}/resourceGroups/RG-B/providers/Microsoft.Authorization/policyAssignments/greenlight-mde`,
      `${SCOPE}/resourceGroups/RG-B/providers/Microsoft.PolicyInsights/remediations/greenlight-{plan}-0`,
    ]);
    expect(remediated(snapshot, { resourceGroup: 'rg-b' })).toEqual([[other.id]]);
  });

  it('names the servers that the built-in policies do not reach', () => {
    const newest = onArc('arc-25', { os: 'windows-server-2025' });
    const snapshot = toBeOnboarded([one, newest]);
    expect(remediated(snapshot)).toEqual([[one.id]]);
    expect(targetOf(snapshot).found).toMatch(/do not reach arc-25: deploy the extension on those directly/);
  });

  it('stops what it deploys when it is stopped, and looks that nothing is under way', () => {
    const { sequence, makeSafe } = targetOf(toBeOnboarded([one, arc]));
    expect(sequence.filter((item) => item.do === 'change' && item.interruptible)).toHaveLength(2);
    expect(makeSafe.map(({ call }) => [call?.method, call?.path.split('/remediations/')[1], call?.settles])).toEqual([
      ['POST', 'greenlight-{plan}-0/cancel', 'ended'],
      ['POST', 'greenlight-{plan}-1/cancel', 'ended'],
      [undefined, undefined, undefined],
    ]);
    expect(makeSafe.at(-1)).toMatchObject({ expect: [{ has: { remediating: false } }] });
  });

  describe('once every machine it reaches has the extension', () => {
    const done = { 'defender-extension': extensionFacts() };
    it('enforces the assignment, holds every machine in it, and takes that back alone', () => {
      const snapshot = toBeOnboarded([one, arc], { ...done, 'defender-policies': ours() });
      const { sequence, holds, undo, makeSafe } = targetOf(snapshot);
      expect(sequence.flatMap(({ call }) => call ?? [])).toMatchObject([
        { id: 'enforce', body: { properties: { enforcementMode: 'Default' } } },
      ]);
      expect(holds).toEqual([SUBSCRIPTION, one.id, arc.id]);
      expect(undo[0]).toMatchObject({ call: { body: { properties: { enforcementMode: 'DoNotEnforce' } } } });
      expect(makeSafe).toEqual([]);
    });

    it.each([
      ['for a ring', toBeOnboarded([one], { ...done, 'defender-policies': ours() }), { ring: 'canary' }, 'already'],
      [
        'where it is enforced',
        toBeOnboarded([one], { ...done, 'defender-policies': ours(initiativeOptions(), { enforcement: 'Default' }) }),
        {},
        'already',
      ],
      [
        'while a machine in it is not ready',
        but(
          but(toBeOnboarded([one, two], { ...done, 'defender-policies': ours() }), 'guest', { [two.id]: guestFacts() }),
          'defender-extension',
          {
            [two.id]: { present: false },
          },
        ),
        {},
        'not-ready',
      ],
      [
        'while a machine that may be Windows has no proven passive mode',
        but(toBeOnboarded([one, onArc('arc-25', { os: 'windows-server-2025' })], { ...done, 'defender-policies': ours() }), 'guest', {
          [onArc('arc-25').id]: guestFacts(),
        }),
        {},
        'phase-order',
      ],
    ])('does not %s', (_words, snapshot, scope, code) => {
      expect(considered(snapshot, scope)).toMatchObject({ include: false, code, because: expect.stringMatching(/.{10,}/) });
    });
  });

  it.each([
    ['no identity is named', toBeOnboarded([one], {}, initiativeOptions({ identity: null })), {}, 'no-identity'],
    ['nobody is ready', toBeOnboarded([one], { guest: guestFacts() }), {}, 'not-ready'],
    [
      'the subscription deploys by itself',
      toBeOnboarded([one], { 'security-settings': { endpointProtection: true, unifiedSolution: true, includesLinux: true } }),
      {},
      'pushed-anyway',
    ],
    [
      'the other set of ours is assigned',
      toBeOnboarded([one], { 'defender-policies': ours() }, initiativeOptions({ excludePublishers: ['x'] })),
      {},
      'other-assignment',
    ],
    [
      'all of it is left out',
      toBeOnboarded([one], {}, initiativeOptions({ exclude: [`${SCOPE}/resourceGroups/rg-a`] })),
      {},
      'no-machines',
    ],
    ['nobody is in the resource group', toBeOnboarded([one]), { resourceGroup: 'rg-z' }, 'no-machines'],
  ])('leaves a subscription out where %s', (_words, snapshot, scope, code) => {
    expect(considered(snapshot, scope)).toMatchObject({ include: false, code });
  });

  it.each(['defender-policies', 'security-settings'] as const)('leaves a subscription out whose %s are not read', (kind) => {
    const snapshot = toBeOnboarded([one]);
    const { [kind]: _gone, ...evidence } = snapshot.evidence;
    expect(considered({ ...snapshot, evidence })).toMatchObject({ include: false, code: 'unread' });
  });

  it('needs the right to hand the identity on, on that identity', () => {
    const target = { id: SUBSCRIPTION, ...targetOf(toBeOnboarded([one])) };
    expect(neededRights([target], action.permissions)).toContainEqual({
      operation: 'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
      path: `${IDENTITY.id}/assign`,
      target: SUBSCRIPTION,
    });
  });

  it('tells the signers whom it deploys to, and how many of those are in no ring', () => {
    const plan = (snapshot: Snapshot) => {
      const request = {
        action,
        scope: {},
        requestedBy: person(9),
        planId: 'GL-0001',
        now: NOW,
        ticket: null,
        follows: null,
        only: null,
        standing: null,
      };
      const made = makePlan(request, migration, snapshot, utc);
      if (made.kind !== 'ok') throw new Error(JSON.stringify(made));
      return made.value.blastRadius;
    };
    const stray = named('srv-08', { tags: {} });
    expect(plan(toBeOnboarded([one, stray]))).toBe('DEPLOYS DEFENDER TO 2 MACHINES in corp-prod, 1 of them in no ring of this migration');
    expect(plan(toBeOnboarded([one, stray], { 'defender-extension': extensionFacts() }))).toBe(
      'FROM THEN ON AZURE DEPLOYS DEFENDER BY ITSELF TO EVERY NEW OR CHANGED MACHINE in corp-prod: 2 there now, 1 of them in no ring of this migration',
    );
  });

  it.each([
    ['Azure ended it Failed: AuthorizationFailed: x', /lacks Contributor/],
    ['Azure ended it Failed: exit code 5', /a product that conflicts/],
    ['Azure ended it Failed: 3 of 3 deployments failed.', null],
  ])('explains “%s”', (because, words) => {
    if (words === null) expect(action.explain!(because)).toBeNull();
    else expect(action.explain!(because)).toMatch(words);
  });
});
