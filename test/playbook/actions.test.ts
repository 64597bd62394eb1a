import type { ActionOptions } from '../../core/action-options.ts';
import { read, unread } from '../../core/evidence.ts';
import { at as valueAt } from '../../core/json.ts';
import { makePlan } from '../../core/make-plan.ts';
import { rightsFor } from '../../core/needed-rights.ts';
import { expandCall, planHash } from '../../core/plan.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { subjectsOf } from '../../core/snapshot.ts';
import { actionById, actions } from '../../playbook/actions/index.ts';
import { wantedExclusions } from '../../playbook/exclusions/wanted.ts';
import { scripts } from '../../playbook/scripts/index.ts';
import {
  actionOptions,
  antivirus,
  extensionFacts,
  featurelessGuest,
  freedGuest,
  guestFacts,
  machineFacts,
  migration,
  NOW,
  pendingUpdate,
  person,
  SUBSCRIPTION,
  snapshotOf,
  updateFacts,
  utc,
  vouchedFor,
} from '../support/facts.ts';
import { toBeOnboarded } from '../support/to-be-onboarded.ts';
import { removalGround } from './actions/removal-ground.ts';

/** Machines whose Defender extension is known to be absent, and the evidence given. */
const world = (machines: Parameters<typeof snapshotOf>[0], evidence: Parameters<typeof snapshotOf>[1] = {}) =>
  snapshotOf(machines, { 'defender-extension': { present: false }, ...evidence });

const off = { endpointProtection: false, unifiedSolution: true, includesLinux: true };
const on = { ...off, endpointProtection: true };
const windows = machineFacts();
const arc = machineFacts({
  name: 'arc-01',
  kind: 'arc',
  id: `/subscriptions/${SUBSCRIPTION}/resourcegroups/rg-a/providers/microsoft.hybridcompute/machines/arc-01`,
  status: 'Connected',
  configMode: 'full',
});

function plan(id: string, snapshot: Snapshot, scope = {}, now = NOW) {
  const nothingElse = { ticket: null, follows: null, only: null, standing: null };
  const request = { action: actionById(id)!, scope, requestedBy: person(9), planId: 'GL-0001', now, ...nothingElse };
  return makePlan(request, migration, snapshot, utc);
}

function planned(id: string, snapshot: Snapshot) {
  const outcome = plan(id, snapshot);
  if (outcome.kind !== 'ok') throw new Error(JSON.stringify(outcome));
  return outcome.value;
}

const HOUR = 3_600_000;

/** The same evidence, with somebody’s word that the old product leaves Defender alone. */
const vouched = (snapshot: Snapshot, over: Parameters<typeof vouchedFor>[1] = {}): Snapshot => ({
  ...snapshot,
  attestations: [vouchedFor('third-party-excludes-defender', over)],
});
const withCrowdStrike = guestFacts({ thirdParty: [{ vendor: 'CrowdStrike', running: true, traces: ['service'] }] });
const noPolicies = { policies: [], deviceGroups: [] };
/** The same, where the migration file lets groups and policies be made. */
function writing(snapshot: Snapshot): Snapshot {
  return { ...snapshot, options: { ...snapshot.options, createExclusionPolicy: { write: true } } };
}

/** For every action, evidence from which it has something to do. */
const ground: Record<string, Snapshot> = {
  'probe-machines': world([windows, arc]),
  'set-passive-mode': world([windows, arc]),
  'restart-machines': world([windows, arc], { guest: guestFacts({ rebootPending: true, lastBoot: NOW - 3_600_000 }) }),
  'turn-endpoint-protection-off': world([windows], { 'security-settings': on }),
  'turn-endpoint-protection-on': world([windows], { 'security-settings': off, guest: guestFacts({ passiveKey: 1 }) }),
  'install-defender-feature': vouched(world([windows, arc], { guest: featurelessGuest() })),
  'install-updates': world([windows, arc], { guest: guestFacts(), updates: updateFacts({ pending: [pendingUpdate('KB5055555')] }) }),
  'clear-passive-mode': world([windows, arc], { guest: freedGuest() }),
  'deploy-defender-extension': toBeOnboarded([windows, arc]),
  'assign-defender-initiative': toBeOnboarded([windows, arc]),
  'remove-third-party': removalGround([windows, arc]),
  'create-exclusion-policy': writing(world([windows, arc], { guest: withCrowdStrike, 'exclusion-policies': noPolicies })),
};

/** What people said that an action may rest on; every other one rests on evidence alone. */
const MAY_REST_ON: Readonly<Record<string, readonly string[]>> = {
  // The feature brings a second active engine up beside the old product, and only that product's console shows whether it bears one.
  'install-defender-feature': ['attestations'],
};

/** The same evidence, where looking at what people vouched for, waived or closed is a mistake, but for what the action may rest on. */
function withoutWords(snapshot: Snapshot, id: string): Snapshot {
  const words = (name: string) => ({
    get: () => {
      throw new Error(`it looked at the ${name}`);
    },
  });
  return Object.defineProperties(
    { ...snapshot },
    Object.fromEntries(
      ['attestations', 'waivers', 'gates'].filter((name) => !MAY_REST_ON[id]?.includes(name)).map((name) => [name, words(name)]),
    ),
  );
}

describe.each(actions.map(({ id }) => id))('%s', (id) => {
  // A plan that rests on a word names it, so that it is signed, and drops its targets when the word ends: see the action's own tests.
  it('rests on evidence alone, and on nobody’s word but what it may rest on: neither its plans nor its guards look at another', () => {
    const action = actionById(id)!;
    expect(planHash(planned(id, withoutWords(ground[id]!, id)))).toBe(planHash(planned(id, ground[id]!)));
    const all = [...Object.values(ground), world([windows, arc]), snapshotOf([windows, arc])];
    for (const snapshot of all.map((one) => withoutWords(one, id))) {
      for (const subject of subjectsOf(snapshot, action.subject)) {
        expect(() => action.consider(subject, snapshot, NOW)).not.toThrow();
        expect(() => action.undoBlock(subject, snapshot, NOW)).not.toThrow();
      }
    }
  });

  it('plans the same bytes from the same evidence', () => {
    expect(planHash(planned(id, ground[id]!))).toBe(planHash(planned(id, structuredClone(ground[id]!))));
  });

  it('ends every sequence with a proof', () => {
    for (const { sequence } of planned(id, ground[id]!).targets) expect(sequence.at(-1)?.do).toBe('prove');
  });

  it('has undo calls, or says there is none', () => {
    for (const { undo } of planned(id, ground[id]!).targets) {
      if (undo.length === 0) expect(actionById(id)!.undoWords).toMatch(/^None, because/);
    }
  });

  it('brings a machine it leaves half-way back to safety by signed calls that end with a proof, or says why there are none', () => {
    for (const { sequence, makeSafe } of planned(id, ground[id]!).targets) {
      const mayLeaveHalfWay = sequence.some((item) => item.do === 'change' && !item.safe);
      expect(makeSafe.length > 0).toBe(mayLeaveHalfWay);
      if (mayLeaveHalfWay) expect(makeSafe.at(-1)?.do).toBe('prove');
      else expect(actionById(id)!.makeSafeWords).toMatch(/^Nothing has to be made safe, because/);
    }
  });

  it('looks again by a second source later, or says why there is none', () => {
    for (const { finalCheck } of planned(id, ground[id]!).targets) {
      if (finalCheck === null) expect(actionById(id)!.finalWords).toMatch(/^None, because/);
      else expect(finalCheck.withinMinutes).toBeLessThanOrEqual(24 * 60);
    }
  });

  it('gives every call of a target a name of its own, whatever it is for', () => {
    for (const { sequence, makeSafe, undo } of planned(id, ground[id]!).targets) {
      const ids = [...sequence, ...makeSafe, ...undo].flatMap(({ call }) => call?.id ?? []);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  it('is of the class its calls make it', () => {
    const changes = planned(id, ground[id]!).targets.some(({ sequence }) => sequence.some((item) => item.do === 'change'));
    expect(actionById(id)!.class === 'read-only').toBe(!changes);
  });

  it('names its permissions and binds the scripts it sends', () => {
    const { permissions } = actionById(id)!;
    expect(permissions.length).toBeGreaterThan(0);
    const value = planned(id, ground[id]!);
    const named = new Set([...JSON.stringify(value.targets).matchAll(/\{script:([0-9a-f]{64})\}/g)].map(([, hash]) => hash));
    expect(named.size > 0).toBe(actionById(id)!.scripts.length > 0);
    const own = actionById(id)!.ownScripts?.(ground[id]!.options) ?? [];
    const known = [...Object.values(scripts), ...own].filter((script) => named.has(script.sha256));
    expect(known).toHaveLength(named.size);
    for (const script of known) expect(value.scripts).toContainEqual(script);
  });

  it('names every operation that one of its calls needs, undoing and tidying up included', () => {
    const needed = planned(id, ground[id]!).targets.flatMap(({ sequence, makeSafe, undo }) =>
      rightsFor([...sequence, ...makeSafe, ...undo]),
    );
    expect(needed.length).toBeGreaterThan(0);
    const named = new Set(actionById(id)!.permissions.map((operation) => operation.toLowerCase()));
    expect(
      needed.map(({ operation }) => operation).filter((operation) => operation === null || !named.has(operation.toLowerCase())),
    ).toEqual([]);
  });

  it('names no operation by a wildcard, and of Microsoft Graph one permission that writes', () => {
    for (const operation of actionById(id)!.permissions)
      expect(operation).toMatch(/^(?:Microsoft\.\w+(?:\/\w+)+\/(?:read|write|delete|action)|[A-Z]\w+\.ReadWrite\.All)$/);
  });

  it('plans nothing while the inventory cannot be read', () => {
    const snapshot = {
      ...ground[id]!,
      sources: [{ kind: 'machine' as const, source: 'x', readAt: null, failure: unread('blocked', 'grant', 'x', NOW) }],
    };
    expect(plan(id, snapshot)).toMatchObject({ kind: 'refused', code: 'evidence-unread' });
  });

  it('refuses a ring and a subscription the migration does not have', () => {
    expect(plan(id, ground[id]!, { ring: 'nosuch' })).toMatchObject({ kind: 'refused', code: 'unknown-ring' });
    expect(plan(id, ground[id]!, { subscription: 'nosuch' })).toMatchObject({ kind: 'refused', code: 'unknown-subscription' });
  });
});

describe('create-exclusion-policy', () => {
  const action = actionById('create-exclusion-policy')!;
  const fleet = ground['create-exclusion-policy']!;
  const told = (facts: object, options = fleet.options): Snapshot => ({
    ...fleet,
    options,
    evidence: { ...fleet.evidence, 'exclusion-policies': { organisation: read({ ...noPolicies, ...facts }, 'test', NOW) } },
  });
  const rule = '(device.managementType -eq "MicrosoftSense") and (device.deviceOSType -eq "Windows Server")';
  const group = { id: 'g1', name: 'Greenlight Windows servers managed by Defender', rule, processing: true };
  const [wanted] = wantedExclusions(fleet);
  const own = { id: 'p1', name: wanted!.policyName, platform: 'windows', paths: wanted!.paths, processes: wanted!.processes };
  const unassigned = { ...own, extensions: [], toAllDevices: false, leavesOut: [], groups: [] };
  const callsOf = (snapshot: Snapshot) =>
    planned('create-exclusion-policy', snapshot).targets[0]!.sequence.flatMap(({ call }) => call ?? []);

  it('makes the group and the policy that are missing, each by one call to Microsoft Graph that is never sent twice', () => {
    const calls = callsOf(fleet);
    expect(calls.map(({ id, api, method, path, settles }) => ({ id, api, method, path, settles }))).toEqual([
      { id: 'group-windows', api: 'graph', method: 'POST', path: '/v1.0/groups', settles: 'listed' },
      { id: 'policy-windows', api: 'graph', method: 'POST', path: '/beta/deviceManagement/configurationPolicies', settles: 'listed' },
    ]);
    expect(calls[0]!.body).toMatchObject({ membershipRule: rule, membershipRuleProcessingState: 'On', groupTypes: ['DynamicMembership'] });
    const text = JSON.stringify(calls[1]!.body);
    for (const entry of [...wanted!.paths, ...wanted!.processes]) expect(text).toContain(JSON.stringify(entry));
  });

  it('marks what it makes with the plan, so that a list shows whose it is', () => {
    const made = planned('create-exclusion-policy', fleet);
    const hash = planHash(made);
    const [call] = made.targets[0]!.sequence.flatMap((item) => item.call ?? []);
    expect(expandCall(made, hash, made.targets[0]!.id, call!).body).toMatchObject({
      description: `Made by Greenlight, plan ${hash.slice(0, 12)}`,
    });
  });

  it('assigns its own policy in a plan of its own, once both are there and it reaches nobody', () => {
    const calls = callsOf(told({ policies: [unassigned], deviceGroups: [group] }));
    expect(calls.map(({ path, body }) => [path, body])).toEqual([
      [
        '/beta/deviceManagement/configurationPolicies/p1/assign',
        { assignments: [{ target: { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId: 'g1' } }] },
      ],
    ]);
  });

  it.each<[string, object]>([
    ['a policy that lacks one entry', { policies: [{ ...unassigned, paths: wanted!.paths.slice(1) }], deviceGroups: [group] }],
    [
      'a policy about the same product under another name',
      { policies: [{ ...unassigned, name: 'Old', paths: [], processes: ['C:\\CrowdStrike\\x.exe'] }] },
    ],
    ['somebody else’s policy that is assigned to nobody', { policies: [{ ...unassigned, name: 'Theirs' }], deviceGroups: [group] }],
    [
      'a policy that is assigned to others',
      { policies: [{ ...unassigned, groups: [{ ...group, rule: 'x', members: 1 }] }], deviceGroups: [group] },
    ],
    ['everything', { policies: [{ ...unassigned, groups: [{ ...group, members: 1 }] }], deviceGroups: [group] }],
    ['a policy for all devices', { policies: [{ ...unassigned, toAllDevices: true }] }],
  ])('touches nothing where it finds %s, and hands over what it found', (_words, facts) => {
    expect(plan('create-exclusion-policy', told(facts))).toMatchObject({ code: 'nothing-to-do' });
    expect(action.handsOver!(told(facts))?.lists.length).toBeGreaterThan(0);
  });

  it('makes no second group beside one of its name whose rule somebody changed', () => {
    const calls = callsOf(told({ deviceGroups: [{ ...group, rule: '(device.deviceOSType -eq "Linux")' }] }));
    expect(calls.map(({ id }) => id)).toEqual(['policy-windows']);
  });

  it('plans nothing and hands everything over where the migration file does not let it write', () => {
    const snapshot = told({}, { ...fleet.options, createExclusionPolicy: { write: false } });
    expect(plan('create-exclusion-policy', snapshot)).toMatchObject({ code: 'nothing-to-do' });
    const lines = action.handsOver!(snapshot)!.lists.flatMap((list) => list.lines);
    expect(lines).toEqual(expect.arrayContaining([rule, ...wanted!.paths, ...wanted!.processes]));
  });

  it('hands nothing over where it plans, and nothing it does not know', () => {
    expect(action.handsOver!(fleet)).toBeNull();
    const { 'exclusion-policies': _, ...rest } = fleet.evidence;
    expect(action.handsOver!({ ...fleet, evidence: rest })).toBeNull();
    expect(plan('create-exclusion-policy', { ...fleet, evidence: rest })).toMatchObject({ code: 'nothing-to-do' });
    expect(
      plan('create-exclusion-policy', writing(world([windows], { guest: guestFacts(), 'exclusion-policies': noPolicies }))),
    ).toMatchObject({
      because: expect.stringContaining('no product of another vendor was seen'),
    });
  });

  it('says that servers are to be probed first where none was looked into', () => {
    const unprobed = writing(world([windows, machineFacts({ name: 'lin-01', os: 'linux' })], { 'exclusion-policies': noPolicies }));
    expect(action.handsOver!(unprobed)).toBeNull();
    expect(plan('create-exclusion-policy', unprobed)).toMatchObject({
      because: expect.stringContaining('2 servers could not be looked into, so request the probe first'),
    });
  });

  it('makes the group for Linux and leaves its policy to people', () => {
    const linux = machineFacts({ name: 'lin-01', os: 'linux' });
    const calls = callsOf(writing(world([linux], { guest: withCrowdStrike, 'exclusion-policies': noPolicies })));
    expect(calls.map(({ id }) => id)).toEqual(['group-linux']);
    expect(calls[0]!.body).toMatchObject({
      membershipRule: '(device.managementType -eq "MicrosoftSense") and (device.deviceOSType -eq "Linux")',
    });
  });

  it('is asked for as a whole: a ring is not the organisation', () => {
    expect(plan('create-exclusion-policy', fleet, { ring: 'canary' })).toMatchObject({ code: 'empty' });
  });

  it('is one target that moves last, holds the organisation and is in windows for all', () => {
    expect(planned('create-exclusion-policy', fleet)).toMatchObject({
      targets: [{ id: 'organisation', kind: 'organisation', ring: 'organisation', holds: ['organisation'], fingerprint: {} }],
      waves: [{ name: 'organisation', ring: 'organisation', targetIds: ['organisation'] }],
    });
  });
});

describe('set-passive-mode', () => {
  it.each([
    ['a Linux machine', machineFacts({ os: 'linux' }), 'other-os'],
    ['Windows Server 2012 R2 on an Azure VM', machineFacts({ os: 'windows-server-2012-r2' }), 'no-run-command'],
    ['an operating system outside the list', machineFacts({ os: 'unsupported' }), 'unsupported'],
    ['an operating system Azure does not report', machineFacts({ os: null }), 'os-unread'],
    ['a machine that is switched off', machineFacts({ status: 'PowerState/deallocated' }), 'not-running'],
    ['a disconnected Arc machine', { ...arc, status: 'Disconnected' }, 'arc-not-connected'],
    ['an Arc machine in monitor mode', { ...arc, configMode: 'monitor' }, 'arc-monitor'],
  ])('leaves out %s and says why', (_words, machine, code) => {
    const value = planned('set-passive-mode', world([windows, { ...machine, id: `${machine.id}-2` }]));
    expect(value.leftOut).toEqual([expect.objectContaining({ code })]);
  });

  it('leaves out a machine whose key is proven to be set', () => {
    expect(plan('set-passive-mode', world([windows], { guest: guestFacts({ passiveKey: 1 }) }))).toMatchObject({
      code: 'nothing-to-do',
    });
  });

  it('never puts a machine passive that Defender is protecting now', () => {
    const defender = antivirus({ tamperProtected: false });
    const snapshot = world([windows], { guest: guestFacts({ onboarded: true, defender }) });
    expect(plan('set-passive-mode', snapshot)).toMatchObject({ code: 'nothing-to-do' });
  });

  it.each([
    ['carries the Defender extension', { 'defender-extension': extensionFacts() }],
    [
      'was found active long ago',
      {
        guest: guestFacts({ onboarded: true, defender: antivirus() }),
      },
    ],
  ])('leaves out a machine that %s and was not probed since', (_words, evidence) => {
    const old = world([windows], evidence);
    const aged = { ...old, evidence: { ...old.evidence, guest: world([windows], evidence).evidence.guest ?? {} } };
    const outcome = plan('set-passive-mode', aged, {}, NOW + 30 * 3_600_000);
    expect(outcome).toMatchObject({ kind: 'refused', code: 'nothing-to-do' });
  });

  it('sends the constant script; a hostile name changes no byte of it', () => {
    const hostile = machineFacts({ name: "x'; rm -rf / #$(id)" });
    const made = planned('set-passive-mode', world([hostile]));
    const [target] = made.targets;
    const bodies = target!.sequence.map(({ call }) => JSON.stringify(expandCall(made, planHash(made), target!.id, call!).body));
    expect(bodies[0]).toContain(JSON.stringify(scripts.setPassiveMode.text).slice(1, -1));
    expect(bodies.join()).not.toContain('rm -rf');
  });
});

describe('restart-machines', () => {
  const waiting = { rebootPending: true, rebootReasons: ['WindowsUpdate'], lastBoot: NOW - 3_600_000 };
  const assessed = { assessed: true, rebootPending: true, assessedAt: NOW, error: '' } as never;
  it.each<[string, Parameters<typeof world>[1], string]>([
    ['that was never probed', {}, 'not-probed'],
    ['on which no restart is pending', { guest: guestFacts({ ...waiting, rebootPending: false }) }, 'already'],
    ['that does not tell when it booted', { guest: guestFacts({ ...waiting, lastBoot: null }) }, 'boot-unread'],
  ])('leaves out a machine %s', (_words, evidence, code) => {
    const snapshot = world([windows], evidence);
    expect(actionById('restart-machines')!.consider(subjectsOf(snapshot, 'machine')[0]!, snapshot, NOW)).toMatchObject({
      include: false,
      code,
    });
  });

  it('takes one whose assessment alone says that a restart is pending', () => {
    const snapshot = world([windows], { guest: guestFacts({ ...waiting, rebootPending: false }), updates: assessed });
    expect(planned('restart-machines', snapshot).targets).toHaveLength(1);
  });

  it('asks Azure for a virtual machine, lets an Arc server do it itself, and wants a boot after the last one known', () => {
    const [machine, server] = planned('restart-machines', world([windows, arc], { guest: guestFacts(waiting) })).targets;
    expect(machine!.sequence.map((item) => [item.do, item.call?.method ?? null])).toEqual([
      ['change', 'POST'],
      ['prove', 'PUT'],
    ]);
    expect(server!.sequence.map(({ do: does }) => does)).toEqual(['change', 'wait', 'prove']);
    for (const { sequence } of [machine!, server!]) {
      expect(sequence.at(-1)).toMatchObject({
        expect: [
          { path: 'lastBoot', after: waiting.lastBoot + 60_000 },
          { path: 'rebootPending', equals: false },
        ],
      });
    }
  });
});

it('one action alone may rest on somebody’s word', () => {
  expect(MAY_REST_ON).toEqual({ 'install-defender-feature': ['attestations'] });
});

describe('install-defender-feature', () => {
  const ID = 'install-defender-feature';
  const image = { path: '\\\\files\\images\\install.wim', index: 4, sha256: 'a'.repeat(64) };
  const with2016 = machineFacts({ os: 'windows-server-2016' });
  const optioned = (snapshot: Snapshot, options: Partial<ActionOptions['installDefenderFeature']>): Snapshot => ({
    ...snapshot,
    options: actionOptions({ installDefenderFeature: { image: null, withoutExclusions: null, ...options } }),
  });
  const considered = (snapshot: Snapshot, now = NOW) => actionById(ID)!.consider(snapshot.machines[0]!, snapshot, now);
  const only = (guest: Parameters<typeof featurelessGuest>[0] = {}, machine = windows) =>
    vouched(world([machine], { guest: featurelessGuest(guest) }));
  const found = (snapshot: Snapshot) => planned(ID, snapshot).targets[0]!.found;

  it.each([
    ['Windows Server 2016 on an Azure VM', { os: 'windows-server-2016' }, ['install', 'restart', 'probe']],
    ['Windows Server 2025 on an Azure VM', { os: 'windows-server-2025' }, ['install', 'restart', 'probe']],
    ['Windows Server 2022 on Arc', { ...arc, os: 'windows-server-2022' }, ['install', 'restart', 'restart-wait', 'probe']],
  ] as const)('on %s installs, restarts, then looks inside', (_words, machine, ids) => {
    const [target] = planned(ID, only({}, machineFacts(machine))).targets;
    expect(target!.sequence.map((item) => item.call?.id ?? (item.do === 'wait' ? item.id : ''))).toEqual(ids);
    expect(target!.sequence.at(-1)).toMatchObject({
      do: 'prove',
      expect: [
        { path: 'feature', equals: 'installed' },
        { path: 'lastBoot', after: expect.any(Number) },
        { path: 'passiveKey', equals: 1 },
        { path: 'thirdParty', has: { running: true } },
      ],
    });
    const [install] = target!.sequence;
    expect(install?.call?.body).toMatchObject({
      properties: { parameters: [{ name: 'State', value: 'on' }, { name: 'Nonce' }], timeoutInSeconds: 2_700 },
    });
  });

  it('says for each server which engines are active afterwards, and proves it', () => {
    const proof = (snapshot: Snapshot) => {
      const last = planned(ID, snapshot).targets[0]!.sequence.at(-1);
      return last?.do === 'prove' ? last.expect.filter((one) => 'path' in one && one.path.startsWith('defender')) : null;
    };
    expect(found(only())).toMatch(/CrowdStrike runs: TWO ENGINES ARE ACTIVE from its restart until it is onboarded/);
    expect(proof(only())).toEqual([]);
    expect(found(only({ thirdParty: [] }))).toMatch(/no other product was seen running: Defender becomes its active engine/);
    expect(found(only({ thirdParty: [], unchecked: ['services'] }))).toMatch(/not everything could be looked at/);
    expect(proof(only({ thirdParty: [] }))).toEqual([expect.objectContaining({ path: 'defender.mode', equals: 'Normal' })]);
    expect(found(only({ onboarded: true }))).toMatch(/it is onboarded, so that Defender starts passive/);
    expect(proof(only({ onboarded: true }))).toEqual([
      expect.objectContaining({ oneOf: ['Passive Mode', 'SxS Passive Mode', 'EDR Block Mode'] }),
    ]);
    expect(found(only({ disabledByPolicy: true }))).toMatch(/DisableAntiSpyware keeps Defender off until it is onboarded/);
    expect(proof(only({ disabledByPolicy: true }))).toEqual([]);
  });

  it('tells the signers on how many servers two engines are active, and whether nobody vouched', () => {
    expect(planned(ID, ground[ID]!).blastRadius).toBe('2 machines in corp-prod; on 2 TWO ENGINES ARE ACTIVE until it is onboarded');
    expect(planned(ID, only({ thirdParty: [] })).blastRadius).toMatch(/on none of them another product was seen running$/);
    const bare = optioned(world([windows], { guest: featurelessGuest() }), { withoutExclusions: 'a pilot' });
    expect(planned(ID, bare).blastRadius).toMatch(/NOBODY VOUCHED that the old product leaves Defender alone: a pilot$/);
    expect(planned(ID, ground[ID]!).effect).toMatch(/TWO ENGINES ARE ACTIVE.*from the restart to its onboarding/);
  });

  it.each([
    ['a Linux machine', machineFacts({ os: 'linux' }), featurelessGuest(), 'other-os'],
    ['Windows Server 2012 R2', { ...arc, os: 'windows-server-2012-r2' as const }, featurelessGuest({ feature: null }), 'other-os'],
    ['an operating system outside the list', machineFacts({ os: 'unsupported' }), featurelessGuest(), 'unsupported'],
    ['a machine that is switched off', machineFacts({ status: 'PowerState/deallocated' }), featurelessGuest(), 'not-running'],
    [
      'an Arc machine that refuses Run Command',
      { ...arc, refuses: { defender: false, runCommand: true } },
      featurelessGuest(),
      'arc-refuses',
    ],
    ['a machine that was made anew', windows, featurelessGuest({ vmId: 'vm-0' }), 'made-anew'],
    ['a machine whose feature could not be read', windows, featurelessGuest({ feature: null }), 'feature-unread'],
    ['a machine whose feature was not checked', windows, featurelessGuest({ unchecked: ['feature'] }), 'feature-unread'],
    ['a machine that has it', windows, featurelessGuest({ feature: 'installed' }), 'already'],
    ['a machine with a pending restart', windows, featurelessGuest({ rebootPending: true }), 'restart-pending'],
    ['a machine whose restart was not checked', windows, featurelessGuest({ unchecked: ['reboot'] }), 'reboot-unread'],
    ['a machine that does not say when it booted', windows, featurelessGuest({ lastBoot: null }), 'boot-unread'],
    ['a machine without the key', windows, featurelessGuest({ passiveKey: null }), 'no-passive-key'],
    ['a machine whose key is 0', windows, featurelessGuest({ passiveKey: 0 }), 'no-passive-key'],
    ['a 2016 that a policy keeps off', with2016, featurelessGuest({ disabledByPolicy: true }), 'disabled-by-policy'],
    ['a machine whose files are gone', windows, featurelessGuest({ feature: 'removed' }), 'needs-image'],
  ])('leaves out %s and says why', (_words, machine, guest, code) => {
    const snapshot = vouched(world([machine], { guest }));
    expect(considered(snapshot)).toMatchObject({ include: false, code, because: expect.stringMatching(/^[^.]{10,}$/) });
  });

  it('leaves out a machine that was not probed, or more than a day ago', () => {
    expect(considered(vouched(world([windows])))).toMatchObject({ code: 'not-probed' });
    expect(considered(only(), NOW + 24 * HOUR)).toMatchObject({ include: true });
    expect(considered(only(), NOW + 24 * HOUR + 1)).toMatchObject({ code: 'not-probed' });
  });

  it('takes the files of a removed feature from the image of the migration file, and says where that has to be named', () => {
    const removed = only({ feature: 'removed' });
    expect(considered(removed)).toMatchObject({ because: expect.stringContaining('path, index and sha256') });
    const [target] = planned(ID, optioned(removed, { image })).targets;
    expect(target!.sequence[0]?.call?.body).toMatchObject({
      properties: {
        parameters: [
          { name: 'State', value: 'on' },
          { name: 'Image', value: image.path },
          { name: 'Index', value: '4' },
          { name: 'Sha256', value: image.sha256 },
          { name: 'Nonce' },
        ],
      },
    });
    expect(target!.found).toContain(`they come from ${image.path}, edition 4`);
    expect(JSON.stringify(planned(ID, optioned(only(), { image })).targets)).not.toContain('Image');
  });

  it('names whose word it rests on and until when, and leaves everything out once that word has ended', () => {
    expect(found(only())).toContain('Person 1 vouched until 2026-11-29 that the old product leaves Defender alone');
    expect(considered(world([windows], { guest: featurelessGuest() }))).toMatchObject({
      code: 'not-attested',
      because: expect.stringMatching(/nobody has vouched.*attest third-party-excludes-defender$/),
    });
    const short = vouched(only(), { until: NOW + HOUR });
    expect(considered(short, NOW + HOUR - 1)).toMatchObject({ include: true });
    expect(considered(short, NOW + HOUR)).toMatchObject({
      code: 'not-attested',
      because: expect.stringContaining('held until 2026-11-22'),
    });
    const back = vouched(only(), { until: NOW, takenBack: { by: person(2), at: NOW } });
    expect(considered(back)).toMatchObject({ code: 'not-attested', because: expect.stringContaining('was taken back on 2026-11-22') });
  });

  it.each([
    ['another step', { stepId: 'passive-mode-set' }],
    ['one ring alone', { scope: { ring: 'canary' } }],
  ])('does not rest on a word about %s', (_words, over) => {
    expect(considered(vouched(only(), over))).toMatchObject({ code: 'not-attested' });
  });

  it('goes without that word only for the reason the migration file gives, and says so', () => {
    const bare = optioned(world([windows], { guest: featurelessGuest() }), { withoutExclusions: 'the old product has no such list' });
    expect(found(bare)).toMatch(/nobody has vouched.*the migration file goes without: the old product has no such list$/);
    expect(found(optioned(only(), { withoutExclusions: 'x' }))).toMatch(/Person 1 vouched until/);
  });

  it('is taken back only where another product runs and it is not onboarded', () => {
    const undo = (guest: Parameters<typeof featurelessGuest>[0], now = NOW) => {
      const snapshot = world([windows], { guest: featurelessGuest({ feature: 'installed', ...guest }) });
      return actionById(ID)!.undoBlock(snapshot.machines[0]!, snapshot, now);
    };
    expect(undo({})).toBeNull();
    expect(undo({ onboarded: true })).toMatchObject({ code: 'phase-order' });
    expect(undo({ thirdParty: [] })).toMatchObject({ code: 'only-engine' });
    expect(undo({ thirdParty: [{ vendor: 'CrowdStrike', running: false, traces: ['service'] }] })).toMatchObject({ code: 'only-engine' });
    expect(undo({}, NOW + 25 * HOUR)).toMatchObject({ code: 'not-probed' });
    const [target] = planned(ID, only()).targets;
    expect(target!.undo.map(({ call }) => call?.id)).toEqual(['undo', 'undo-restart', 'undo-probe']);
    expect(target!.undo.at(-1)).toMatchObject({ expect: [{ path: 'feature', equals: 'available' }] });
  });

  it('signs what each exit code of the script means, and only a finished change counts as done', () => {
    const { scripts: sent } = planned(ID, ground[ID]!);
    const exits = sent.find(({ id }) => id === 'install-feature-windows')?.exits ?? {};
    const done = Object.entries(exits).flatMap(([code, exit]) => (exit.done ? [code] : []));
    expect(done).toEqual(['3010']);
    expect(Object.keys(exits)).toEqual(expect.arrayContaining(['20', '21', '22', '23', '24', '25', '26', '27', '28', '29', '30']));
  });
});

describe('install-updates', () => {
  const ID = 'install-updates';
  const server = (os: Exclude<ReturnType<typeof machineFacts>['os'], null>, over = {}) => machineFacts({ os, ...over });
  const old = server('windows-server-2012-r2');
  const pending = (...list: readonly (readonly [kb: string, classification?: string])[]) =>
    updateFacts({ pending: list.map(([kb, classification]) => pendingUpdate(kb, classification)) });
  const lacking = (machine: ReturnType<typeof machineFacts>, updates = pending(['KB5055555']), guest = guestFacts()) =>
    world([machine], { updates, guest });
  const wishing = (snapshot: Snapshot, over: Partial<ActionOptions['installUpdates']>): Snapshot => ({
    ...snapshot,
    options: actionOptions({ installUpdates: { ...actionOptions().installUpdates, ...over } }),
  });
  const considered = (snapshot: Snapshot, now = NOW) => actionById(ID)!.consider(snapshot.machines[0]!, snapshot, now);
  const bodies = (snapshot: Snapshot) =>
    planned(ID, snapshot).targets[0]!.sequence.flatMap(({ call }) => (call?.path.endsWith('/installPatches') ? [call.body] : []));

  it.each([
    ['an Azure VM', windows, '2024-11-01'],
    ['Arc', arc, '2025-01-13'],
  ])('on %s has updates checked, installed, checked again, and proves it by that assessment and by the machine', (_words, machine, api) => {
    const [target] = planned(ID, lacking(machine)).targets;
    expect(
      target!.sequence.map((item) => [
        item.do,
        item.call?.path
          .split('/')
          .at(-1)
          ?.replace(/-[{}a-z]+-probe/, '') ?? null,
      ]),
    ).toEqual([
      ['change', 'assessPatches'],
      ['change', 'installPatches'],
      ['change', 'assessPatches'],
      ['prove', null],
      ['prove', expect.stringContaining('greenlight')],
    ]);
    const patching = target!.sequence.filter(({ do: does }) => does === 'change');
    for (const { call } of patching) {
      expect(call).toMatchObject({ method: 'POST', query: { 'api-version': api }, settles: 'operation' });
      expect(call?.path.startsWith(`${machine.id}/`)).toBe(true);
    }
    expect(bodies(lacking(machine))).toEqual([
      {
        maximumDuration: 'PT2H',
        rebootSetting: 'IfRequired',
        windowsParameters: {
          classificationsToInclude: ['Critical', 'Security', 'UpdateRollUp', 'Definition', 'Updates'],
          kbNumbersToInclude: ['4052623'],
        },
      },
    ]);
  });

  it('proves that what was pending is listed no more by an assessment made later, and never by a WSUS that came between', () => {
    const [target] = planned(ID, lacking(windows, pending(['KB5055555'], ['KB2267602', 'Definition']))).targets;
    const [shown, inside] = target!.sequence.slice(-2);
    expect(shown).toMatchObject({
      evidence: 'updates',
      call: null,
      withinMinutes: 60,
      expect: [
        { path: 'assessedAt', after: NOW - HOUR },
        { path: 'error', equals: '' },
        { path: 'service', oneOf: ['WU', 'MU', 'WU'] },
        { path: 'pending', hasNo: { kb: 'KB5055555' } },
      ],
    });
    expect(inside).toMatchObject({
      evidence: 'guest',
      expect: [
        { path: 'rebootPending', equals: false },
        { path: 'defender.signatureAgeDays', oneOf: [0, 1, 2, 3] },
      ],
    });
  });

  it('installs a servicing stack first, what waits for it next, and the rest at the end', () => {
    const sixteen = lacking(server('windows-server-2016'), pending(['KB4457127'], ['KB5005698', 'Critical'], ['KB5055555']));
    const numbers = (snapshot: Snapshot) => bodies(snapshot).map((body) => valueAt(body, 'windowsParameters.kbNumbersToInclude'));
    expect(numbers(sixteen)).toEqual([['5005698'], ['4457127'], ['4052623', '5005292']]);
    const rollup = lacking(old, pending(['KB3045999'], ['KB2919355', 'Critical'], ['KB2919442', 'Updates'], ['KB2999226', 'Updates']));
    expect(numbers(rollup)).toEqual([['2919442'], ['2919355'], ['2999226', '3045999', '4052623', '5005292']]);
    const first = bodies(rollup)[0]?.['windowsParameters'];
    expect(first).toMatchObject({ classificationsToInclude: [] });
  });

  it('asks the assessment about a pending restart where no probe gets in, and asks nobody where none is allowed', () => {
    const [target] = planned(ID, lacking(old)).targets;
    expect(target!.sequence.at(-1)).toMatchObject({
      evidence: 'updates',
      expect: expect.arrayContaining([{ path: 'rebootPending', equals: false, words: expect.any(String) }]),
    });
    const never = planned(ID, wishing(lacking(windows), { reboot: 'Never' }));
    expect(JSON.stringify(never.targets[0]!.sequence)).not.toContain('rebootPending');
    expect(never.blastRadius).toMatch(/no server restarts/);
  });

  it('makes the same calls when other updates of the same kind are pending by the time it runs', () => {
    const calls = (updates: ReturnType<typeof pending>) =>
      planned(ID, lacking(windows, updates)).targets[0]!.sequence.map(({ call }) => call);
    expect(calls(pending(['KB5055555']))).toEqual(calls(pending(['KB5066666'], ['KB4052623', 'Definition'], ['KB2267602', 'Definition'])));
  });

  it('takes as long as the migration file grants it, and is signed like what cannot be taken back', () => {
    const long = planned(ID, wishing(lacking(windows), { hours: 4, reboot: 'Always', classifications: ['Security'] }));
    expect(long.estimateMinutes).toBe(4 * 60 + 20);
    expect(long.targets[0]!.sequence[1]?.call).toMatchObject({
      body: { maximumDuration: 'PT4H', rebootSetting: 'Always', windowsParameters: { classificationsToInclude: ['Security'] } },
      timeoutSeconds: 4 * 3_600 + 45 * 60,
    });
    expect(long.signers).toMatchObject({ distinctRoles: 2, typeCount: true });
  });

  const wsus = { server: 'http://srv-wsus-01:8530' };
  const clean = updateFacts({ service: 'WU-WSUS' });
  it.each([
    ['a Linux machine', lacking(machineFacts({ os: 'linux' })), 'other-os'],
    ['a machine that is switched off', lacking(machineFacts({ status: 'PowerState/deallocated' })), 'not-running'],
    ['2012 R2 that is switched off', lacking({ ...old, status: 'PowerState/deallocated' }), 'not-running'],
    ['an Arc machine in monitor mode', lacking({ ...arc, configMode: 'monitor' }), 'arc-monitor'],
    ['a machine that was never assessed', world([windows], { updates: { assessed: false } }), 'never-assessed'],
    ['a machine whose assessment failed', lacking(windows, updateFacts({ error: 'x' })), 'assessment-failed'],
    ['a machine that was assessed long ago', lacking(windows, updateFacts({ assessedAt: NOW - 73 * HOUR })), 'assessment-old'],
    ['a machine of which nothing was read', world([windows]), 'unread'],
    ['a machine that lacks nothing', lacking(windows, updateFacts()), 'already'],
    ['a machine that lacks what no step asks for', lacking(windows, pending(['KB890830', 'UpdateRollup'])), 'already'],
    [
      'a machine that lacks definitions the probe saw fresh',
      lacking(windows, pending(['KB2267602', 'Definition']), guestFacts({ defender: antivirus() })),
      'already',
    ],
    ['a machine that looks clean to a WSUS nobody has looked into', lacking(windows, clean, guestFacts({ wsus })), 'clean-proves-nothing'],
    ['what the migration file leaves out', wishing(lacking(windows), { classifications: ['Definition'] }), 'not-chosen'],
    [
      'what needs restarts that are not allowed',
      wishing(lacking(server('windows-server-2016'), pending(['KB5005698', 'Critical'])), { reboot: 'Never' }),
      'needs-restarts',
    ],
  ] as const)('leaves out %s and says why', (_words, snapshot, code) => {
    expect(considered(snapshot)).toMatchObject({ include: false, code, because: expect.stringMatching(/^[^.]{10,}$/) });
  });

  it('says of a server what its WSUS does not offer, beside what it installs', () => {
    const server01 = machineFacts({ name: 'srv-wsus-01', id: `${windows.id}-wsus` });
    const known = world([windows, server01], { updates: updateFacts({ service: 'WU-WSUS', pending: [pendingUpdate('KB5055555')] }) });
    const facts = { products: ['Windows Server 2019'], classifications: ['Security Updates'], rules: [], lastSync: NOW, shortened: false };
    const guests = {
      ...world([windows], { guest: guestFacts({ wsus }) }).evidence.guest,
      ...world([server01], { guest: guestFacts({ wsusServer: facts }) }).evidence.guest,
    };
    const snapshot = { ...known, evidence: { ...known.evidence, guest: guests } };
    const target = planned(ID, snapshot).targets.find(({ name }) => name === 'srv-01');
    expect(target?.found).toMatch(
      /^pending: KB5055555; its WSUS srv-wsus-01 does not offer “Definition Updates” for Microsoft Defender Antivirus$/,
    );
    const nothing = { ...snapshot, evidence: { ...snapshot.evidence, updates: world([windows], { updates: clean }).evidence.updates! } };
    expect(considered(nothing)).toMatchObject({
      include: false,
      code: 'clean-proves-nothing',
      because: expect.stringContaining('srv-wsus-01'),
    });
  });

  it.each([
    [
      'Azure ended it, and its result is Failed: InstallationFailed: 2 update(s) could not be installed',
      /Azure Update Manager shows which/,
    ],
    ['Azure ended it, and its result is CompletedWithWarnings', /some updates went in and others did not/],
    ['Azure ended it, and its result is CompletedWithWarnings, out of time', /did not fit into the hours/],
    ['Azure ended it, and its result is Succeeded, out of time', /did not fit into the hours/],
    ['Azure ended it Failed: VMAgentStatusCommunicationError: The machine agent is not ready', /its Azure agent did not answer/],
  ])('has words for “%s”', (because, words) => {
    expect(actionById(ID)!.explain?.(because)).toMatch(words);
  });
  it('has none for what it does not know', () => {
    expect(actionById(ID)!.explain?.('Azure ended it Failed: Teapot')).toBeNull();
  });
});

describe('clear-passive-mode', () => {
  const ID = 'clear-passive-mode';
  const linux = machineFacts({ name: 'lnx-01', os: 'linux', osLabel: 'Ubuntu 22.04' });
  const mdatp = (over: Parameters<typeof guestFacts>[0] = {}) =>
    freedGuest({
      platform: 'linux',
      defender: antivirus({ mode: 'Passive Mode', realTimeProtection: false, tamperProtected: false }),
      ...over,
    });
  const { history, ...unseen } = freedGuest();
  const clean = history!;

  it.each([
    ['Windows Server 2016 on an Azure VM', { os: 'windows-server-2016' }],
    ['Windows Server 2025 on an Azure VM', { os: 'windows-server-2025' }],
    ['Windows Server 2012 R2 on Arc', { ...arc, os: 'windows-server-2012-r2' }],
    ['Windows Server 2022 on Arc', { ...arc, os: 'windows-server-2022' }],
  ] as const)('on %s removes the value, then looks whether Defender is active', (_words, machine) => {
    const [target] = planned(ID, world([machineFacts(machine)], { guest: freedGuest() })).targets;
    expect(target?.sequence).toEqual([
      { do: 'change', safe: false, call: expect.objectContaining({ id: 'clear', describes: 'remove ForceDefenderPassiveMode' }) },
      expect.objectContaining({
        do: 'prove',
        evidence: 'guest',
        expect: [
          expect.objectContaining({ path: 'defender.mode', equals: 'Normal' }),
          expect.objectContaining({ path: 'defender.antivirusEnabled', equals: true }),
          expect.objectContaining({ path: 'defender.realTimeProtection', equals: true }),
          expect.objectContaining({ path: 'passiveKey', equals: null }),
        ],
      }),
    ]);
    expect(JSON.stringify(target?.sequence)).toContain(scripts.clearPassiveModeWindows.sha256);
    expect(target?.finalCheck).toMatchObject({
      evidence: 'device',
      withinMinutes: 24 * 60,
      expect: [{ path: 'antivirusMode', equals: 'active' }],
    });
  });

  it.each([
    ['an Azure VM', linux],
    ['Arc', { ...arc, os: 'linux' as const }],
  ])('on Linux on %s switches mdatp’s passive mode off, then looks whether it is active and healthy', (_words, machine) => {
    const [target] = planned(ID, world([machine], { guest: mdatp() })).targets;
    const sent = JSON.stringify(target);
    expect(sent).toContain(scripts.clearPassiveModeLinux.sha256);
    expect(sent).not.toContain(scripts.clearPassiveModeWindows.sha256);
    expect(target?.sequence.at(-1)).toMatchObject({
      expect: expect.arrayContaining([
        expect.objectContaining({ path: 'passiveKey', equals: 0 }),
        expect.objectContaining({ path: 'defender.healthy', equals: true }),
      ]),
    });
  });

  it('clears again and looks again where the proof did not come, with the very same scripts', () => {
    const [target] = planned(ID, ground[ID]!).targets;
    const withoutIds = (items: readonly object[]) =>
      JSON.stringify(items).replaceAll(/"(safe-active|active|safe|clear)"|-(safe-active|active|safe|clear)"/g, '"x"');
    expect(withoutIds(target!.makeSafe)).toBe(withoutIds(target!.sequence));
  });

  it.each([
    ['an operating system outside the list', machineFacts({ os: 'unsupported' }), freedGuest(), 'unsupported'],
    ['an operating system Azure does not report', machineFacts({ os: null }), freedGuest(), 'os-unread'],
    ['Windows Server 2012 R2 on an Azure VM', machineFacts({ os: 'windows-server-2012-r2' }), freedGuest(), 'no-run-command'],
    ['a machine that is switched off', machineFacts({ status: 'PowerState/deallocated' }), freedGuest(), 'not-running'],
    ['a disconnected Arc machine', { ...arc, status: 'Disconnected' }, freedGuest(), 'arc-not-connected'],
    ['an Arc machine in monitor mode', { ...arc, configMode: 'monitor' as const }, freedGuest(), 'arc-monitor'],
    ['a machine that was made anew', windows, freedGuest({ vmId: 'vm-0' }), 'made-anew'],
    ['a machine whose key is 0', windows, freedGuest({ passiveKey: 0 }), 'stuck'],
    ['a machine that is passive without the key', windows, freedGuest({ passiveKey: null }), 'stuck'],
    ['a machine that is active without the key', windows, freedGuest({ passiveKey: null, defender: antivirus() }), 'already'],
    ['a machine without the key whose Defender does not answer', windows, freedGuest({ passiveKey: null, defender: null }), 'already'],
    ['a machine that is not onboarded', windows, freedGuest({ onboarded: false }), 'not-onboarded'],
    ['a machine whose sensor is stopped', windows, freedGuest({ sensor: 'stopped' }), 'sensor-not-running'],
    ['a machine without the sensor', windows, freedGuest({ sensor: 'absent' }), 'sensor-not-running'],
    ['a machine whose Defender does not answer', windows, freedGuest({ defender: null }), 'no-defender'],
    ['a machine whose Defender a policy keeps off', windows, freedGuest({ disabledByPolicy: true }), 'disabled-by-policy'],
    ['a machine with a pending restart', windows, freedGuest({ rebootPending: true }), 'restart-pending'],
    [
      'a machine whose old product runs',
      windows,
      freedGuest({ thirdParty: [{ vendor: 'CrowdStrike', running: true, traces: ['service'] }] }),
      'product-running',
    ],
    [
      'a machine with something left of it',
      windows,
      freedGuest({ thirdParty: [{ vendor: 'CrowdStrike', running: false, traces: ['driver'] }] }),
      'product-left-behind',
    ],
    ['a machine where nobody could look for it', windows, freedGuest({ unchecked: ['drivers'] }), 'products-unchecked'],
    ['a machine that does not say when it was started', windows, freedGuest({ lastBoot: null }), 'boot-unread'],
    ['a machine that was seen clean once', windows, freedGuest({ history: { ...clean, cleanSince: NOW } }), 'removal-unproven'],
    ['a machine of which no earlier look is known', windows, unseen, 'removal-unproven'],
    ['a machine that was not restarted since the product was seen', windows, freedGuest({ lastBoot: NOW - 60 * HOUR }), 'restart-missing'],
    ['a Linux machine without mdatp', linux, mdatp({ passiveKey: null, defender: null }), 'no-agent'],
    ['a Linux machine that is active', linux, mdatp({ passiveKey: 0 }), 'already'],
    ['a Linux machine with a managed configuration', linux, mdatp({ passiveManaged: true }), 'managed'],
    ['a Linux machine without a licence', linux, mdatp({ defender: antivirus({ antivirusEnabled: false }) }), 'unlicensed'],
  ])('leaves out %s and says why', (_words, machine, guest, code) => {
    const snapshot = world([machine], { guest });
    const considered = actionById(ID)!.consider(snapshot.machines[0]!, snapshot, NOW);
    expect(considered).toMatchObject({ include: false, code, because: expect.stringMatching(/^[^.]{10,}$/) });
    expect(plan(ID, snapshot)).toMatchObject({ kind: 'refused', code: 'nothing-to-do' });
  });

  it('leaves out a machine that was not probed, or not within the last 12 hours', () => {
    const considered = (snapshot: Snapshot, now = NOW) => actionById(ID)!.consider(snapshot.machines[0]!, snapshot, now);
    expect(considered(world([windows]))).toMatchObject({ include: false, code: 'not-probed' });
    expect(considered(world([windows], { guest: freedGuest() }), NOW + 12 * HOUR)).toMatchObject({ include: true });
    expect(considered(world([windows], { guest: freedGuest() }), NOW + 12 * HOUR + 1)).toMatchObject({
      include: false,
      code: 'not-probed',
    });
  });

  it.each([
    ['the agentless scan finds a product', { 'edr-assessment': { assessed: true, product: 'CrowdStrike Falcon' } }],
    [
      'an audit found a product later',
      {
        'machine-configuration': {
          assignments: [{ name: 'NotInstalledApplicationForWindows', state: 'NonCompliant', checkedAt: NOW + 1 }],
        },
      },
    ],
  ])('leaves out a machine of which %s, and counts that no more once it is too old', (_words, evidence) => {
    const snapshot = world([windows], { guest: freedGuest(), ...(evidence as object) });
    const considered = (now: number, guest = snapshot) => actionById(ID)!.consider(guest.machines[0]!, guest, now);
    expect(considered(NOW)).toMatchObject({ include: false, code: 'sources-disagree' });
    const later = NOW + 25 * HOUR;
    const fresh = world([windows], { guest: freedGuest() }).evidence.guest!;
    const probed = Object.fromEntries(Object.entries(fresh).map(([id, one]) => [id, { ...one, observedAt: later }]));
    expect(considered(later, { ...snapshot, evidence: { ...snapshot.evidence, guest: probed as typeof fresh } })).toMatchObject({
      include: true,
    });
  });

  it('is no less ruled out by what people vouched for: only facts make a product gone', () => {
    const snapshot = world([windows], { guest: unseen });
    const word = { stepId: 'third-party-removed', scope: {}, by: person(1), at: NOW, until: NOW + HOUR, reason: 'x', takenBack: null };
    expect(plan(ID, { ...snapshot, attestations: [word as never] })).toMatchObject({ code: 'nothing-to-do' });
  });

  it('counts the machines with tamper protection for the signers, and says of each that there is no way back', () => {
    const other = machineFacts({ id: `${windows.id}-2`, name: 'srv-02' });
    const all = world([windows, other, arc], { guest: freedGuest() });
    const open = {
      ...all.evidence.guest![other.id]!,
      value: freedGuest({ defender: antivirus({ mode: 'Passive Mode', tamperProtected: false }) }),
    };
    const snapshot = { ...all, evidence: { ...all.evidence, guest: { ...all.evidence.guest, [other.id]: open as never } } };
    const value = planned(ID, snapshot);
    expect(value.blastRadius).toBe('3 machines in corp-prod; on 2 tamper protection is on, and it CANNOT BE TAKEN BACK there');
    expect(value.targets.map(({ name, found }) => [name, /cannot be taken back/.test(found)])).toEqual(
      expect.arrayContaining([
        ['srv-01', true],
        ['srv-02', false],
        ['arc-01', true],
      ]),
    );
    const none = world([other], { guest: freedGuest({ defender: antivirus({ mode: 'Passive Mode', tamperProtected: false }) }) });
    expect(planned(ID, none).blastRadius).toBe('1 machine in corp-prod; on none of them tamper protection was seen');
  });

  it('is signed from two roles, with the number of machines typed', () => {
    expect(planned(ID, ground[ID]!).signers).toMatchObject({ quorum: 2, distinctRoles: 2, typeCount: true });
  });

  it('is never undone', () => {
    for (const guest of [freedGuest(), freedGuest({ onboarded: false }), freedGuest({ passiveKey: null, defender: antivirus() })]) {
      const snapshot = world([windows], { guest });
      expect(actionById(ID)!.undoBlock(snapshot.machines[0]!, snapshot, NOW)).toMatchObject({ code: 'no-undo' });
    }
  });

  it('sends constant scripts; a hostile name changes no byte of them', () => {
    const made = planned(ID, world([machineFacts({ name: "x'; rm -rf / #$(id)" })], { guest: freedGuest() }));
    const [target] = made.targets;
    const bodies = target!.sequence.map(({ call }) => JSON.stringify(expandCall(made, planHash(made), target!.id, call!).body));
    expect(bodies[0]).toContain(JSON.stringify(scripts.clearPassiveModeWindows.text).slice(1, -1));
    expect(bodies.join()).not.toContain('rm -rf');
  });
});

describe('turn-endpoint-protection-on', () => {
  it('is refused while a Windows machine in the subscription has no proven passive mode, whatever anybody attests', () => {
    const snapshot = world([windows, { ...arc }], { 'security-settings': off });
    expect(plan('turn-endpoint-protection-on', snapshot)).toMatchObject({
      code: 'nothing-to-do',
      because: expect.stringContaining('two active antivirus engines'),
    });
  });

  it.each([
    ['unsupported', 'Windows Server'],
    [null, ''],
  ] as const)('counts a machine of operating system %s as one that may be Windows', (os, osLabel) => {
    const known = world([windows], { 'security-settings': off, guest: guestFacts({ passiveKey: 1 }) });
    const other = machineFacts({ id: `${windows.id}-2`, os, osLabel });
    const machines = [...known.machines, { kind: 'machine' as const, id: other.id, name: 'x', facts: other, ring: 'canary' }];
    expect(plan('turn-endpoint-protection-on', { ...known, machines })).toMatchObject({ code: 'nothing-to-do' });
  });

  it('plans nothing while the inventory of a machine could not be read', () => {
    const known = world([windows], { 'security-settings': off, guest: guestFacts({ passiveKey: 1 }) });
    const machine = { ...known.evidence.machine, '/x/lost': unread('malformed', 'look', 'x', NOW) };
    expect(plan('turn-endpoint-protection-on', { ...known, evidence: { ...known.evidence, machine } })).toMatchObject({
      code: 'evidence-unread',
    });
  });

  it('includes Linux by switching its exclusion off', () => {
    const calls = planned('turn-endpoint-protection-on', ground['turn-endpoint-protection-on']!).targets[0]!.sequence.map(
      ({ call }) => call,
    );
    expect(calls.find((call) => call?.path.endsWith('EXCLUDE_LINUX_PUBLIC_PREVIEW'))?.body).toMatchObject({
      properties: { enabled: false },
    });
  });

  it('holds every machine of the subscription', () => {
    expect(planned('turn-endpoint-protection-on', ground['turn-endpoint-protection-on']!).targets[0]!.holds).toEqual([
      SUBSCRIPTION,
      windows.id,
    ]);
  });
});

describe('the undo', () => {
  const machine = (evidence: Parameters<typeof snapshotOf>[1], id: string, now = NOW) => {
    const snapshot = world([windows], evidence);
    return actionById(id)!.undoBlock(snapshot.machines[0]!, snapshot, now);
  };
  const passive = (onboarded: boolean) => ({ guest: guestFacts({ passiveKey: 1, onboarded }) });

  it('of passive mode is for machines that are known not to be onboarded, on fresh facts', () => {
    expect(machine(passive(false), 'set-passive-mode')).toBeNull();
    expect(machine(passive(true), 'set-passive-mode')).toMatchObject({ code: 'phase-order' });
    expect(machine({}, 'set-passive-mode')).toMatchObject({ code: 'not-probed' });
    expect(machine(passive(false), 'set-passive-mode', NOW + 30 * 3_600_000)).toMatchObject({ code: 'not-probed' });
  });

  it('of switching endpoint protection off asks what switching it on asks', () => {
    const subscription = (evidence: Parameters<typeof snapshotOf>[1], id: string) => {
      const snapshot = world([windows], { 'security-settings': off, ...evidence });
      return actionById(id)!.undoBlock(snapshot.subscriptions[0]!, snapshot, NOW);
    };
    expect(subscription({ guest: guestFacts({}) }, 'turn-endpoint-protection-off')).toMatchObject({ code: 'phase-order' });
    expect(subscription(passive(false), 'turn-endpoint-protection-off')).toBeNull();
    expect(subscription({ guest: guestFacts({}) }, 'turn-endpoint-protection-on')).toBeNull();
  });

  it('of a probe does not exist', () => {
    expect(machine({}, 'probe-machines')).toMatchObject({ code: 'no-undo' });
  });
});

describe('what probe-machines says it found', () => {
  const linux = machineFacts({ name: 'lnx-01', os: 'linux' });
  it.each([
    ['not probed yet', windows, null],
    ['the key is not set', windows, guestFacts()],
    ['the key is 1', windows, guestFacts({ passiveKey: 1 })],
    ['mdatp is in passive mode', linux, guestFacts({ platform: 'linux', passiveKey: 1 })],
    ['mdatp is not in passive mode', linux, guestFacts({ platform: 'linux', passiveKey: 0 })],
    ['mdatp is not installed or does not answer', linux, guestFacts({ platform: 'linux' })],
  ])('%s', (words, machine, guest) => {
    expect(planned('probe-machines', world([machine], guest ? { guest } : {})).targets.map(({ found }) => found)).toEqual([words]);
  });
});
