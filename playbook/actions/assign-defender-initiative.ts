import type { Action, Considered, LeftAlone } from '../../core/action.ts';
import type { AssignInitiativeOptions } from '../../core/action-options.ts';
import type { AgentPolicy, DefenderAssignment } from '../../core/facts/defender.ts';
import { freshOrUnread } from '../../core/fresh.ts';
import type { Instant } from '../../core/instant.ts';
import { UNASSIGNED } from '../../core/migration.ts';
import type { FinalCheck, PlanTarget } from '../../core/plan.ts';
import { agentPolicyFor } from '../../core/policy-reach.ts';
import type { Scope } from '../../core/scope.ts';
import { machinesIn } from '../../core/scope.ts';
import type { MachineSubject, Snapshot, SubscriptionSubject } from '../../core/snapshot.ts';
import { exitCodeWords } from '../platform/exit-codes.ts';
import { count, someOf } from '../some-of.ts';
import { extensionSucceeded } from './defender-extension.ts';
import type { Batch, Initiative } from './initiative.ts';
import {
  assigning,
  assignmentId,
  cancelling,
  INITIATIVE_PERMISSIONS,
  initiativeAt,
  judged,
  MOST_IDS,
  NAMES,
  remediation,
  unassigning,
} from './initiative.ts';
import { onboardingBlock, unpreparedAmong } from './onboarding.ts';

/**
 * Has Azure Policy deploy the extension. The initiative is assigned without being enforced, so that it deploys to nobody by itself, and
 * remediated for the machines of the plan alone: remediations run whatever the enforcement (Microsoft, “Azure Policy assignment structure”).
 * Asked for again once all it reaches have the extension, it is enforced, so that new machines get it too.
 */
export const assignDefenderInitiative: Action = {
  id: 'assign-defender-initiative',
  title: 'Assign the Defender initiative',
  phase: 'onboard',
  subject: 'subscription',
  class: 'reversible',
  minutesPerTarget: 120,
  needs: ['machine', 'security-settings', 'defender-policies', 'policy-progress', 'defender-extension', 'updates'],
  permissions: INITIATIVE_PERMISSIONS,
  effect:
    'Assigns the built-in initiative that deploys Defender for Endpoint, not enforced, and remediates it for the ready machines in scope alone. Where every machine it reaches has the extension, it enforces the assignment instead, and Azure deploys to new and changed machines from then on. The identity in the migration file deploys; it needs Contributor where the machines are, which is not checked here.',
  undoWords: 'The assignment is taken off again, for every ring that shares it; extensions stay. It needs a sign-off of its own.',
  makeSafeWords:
    'Remediations under way are stopped: what has begun on a machine is let end, nothing more begins. Their keys were proven before; probe them, and put right by hand what a probe finds active.',
  finalWords:
    'Within 24 hours after the run, Defender hunting must show the machines onboarded; an assignment that was enforced must still be.',
  scripts: [],
  explain: (because) => (NO_RIGHT.test(because) ? IDENTITY_LACKS : exitCodeWords(because)),
  consider(subject, snapshot, now, scope = {}) {
    const found = planFor(subject as SubscriptionSubject, snapshot, now, scope);
    return 'code' in found ? { include: false, ...found } : found;
  },
  undoBlock: () => null,
  blastRadius: (targets, snapshot) => targets.map((target) => reachWords(target, snapshot)).join('; '),
};

const NO_RIGHT = /AuthorizationFailed|does not have authorization/i;
const IDENTITY_LACKS =
  'The identity that deploys lacks Contributor where the machines are. Grant it to the identity that the migration file names, then request the rest.';

interface Fleet {
  readonly initiative: Initiative;
  /** Everybody in the place it is assigned at whom it does not leave out. */
  readonly within: readonly MachineSubject[];
  readonly there: DefenderAssignment | null;
  readonly ready: readonly MachineSubject[];
  readonly waiting: readonly { readonly name: string; readonly block: LeftAlone }[];
  readonly unreached: readonly MachineSubject[];
  readonly done: number;
}

function planFor(
  subject: SubscriptionSubject,
  snapshot: Snapshot,
  now: Instant,
  scope: Scope,
): LeftAlone | (Considered & { include: true }) {
  const options = snapshot.options.assignDefenderInitiative;
  if (options.identity === null) {
    const because = 'no identity is named that could deploy: name one in the migration file, under actions, assign-defender-initiative';
    return { code: 'no-identity', because };
  }
  const settings = freshOrUnread(snapshot, 'security-settings', subject.id, now);
  if (settings.state === 'unread') return { code: 'unread', because: settings.reason };
  const { endpointProtection } = settings.value;
  if (endpointProtection === true) {
    return {
      code: 'pushed-anyway',
      because: 'endpoint protection is on for it, so Defender for Cloud deploys to all its machines by itself',
    };
  }
  const fleet = fleetOf(subject, snapshot, now, scope, options, options.identity);
  if ('code' in fleet) return fleet;
  const fingerprint = { endpointProtection: endpointProtection === null ? '' : String(endpointProtection) };
  if (fleet.ready.length > 0) return { include: true, target: { fingerprint, ...deployment(subject, fleet) } };
  const block = notToBeEnforced(fleet, snapshot, now, scope);
  return block ?? { include: true, target: { fingerprint, ...enforcement(subject, fleet) } };
}

function fleetOf(
  subject: SubscriptionSubject,
  snapshot: Snapshot,
  now: Instant,
  scope: Scope,
  options: AssignInitiativeOptions,
  identity: NonNullable<AssignInitiativeOptions['identity']>,
): Fleet | LeftAlone {
  const place = placeOf(subject, snapshot, scope);
  if (place.machines.length === 0) return { code: 'no-machines', because: 'no machine is known in it' };
  const initiative = initiativeAt(place.path, subject.id, options, identity);
  const policies = freshOrUnread(snapshot, 'defender-policies', subject.id, now);
  if (policies.state === 'unread') return { code: 'unread', because: policies.reason };
  const assigned = (id: string) => policies.value.assignments.find((one) => one.id === id.toLowerCase());
  const other = Object.values(NAMES).find(
    (name) => assignmentId(place.path, name) !== initiative.id && assigned(assignmentId(place.path, name)),
  );
  if (other !== undefined) {
    const because = `“${other}” is assigned from before the file said which images are left out: undo the plan that assigned it first`;
    return { code: 'other-assignment', because };
  }
  const within = place.machines.filter(({ facts }) => !isLeftOut(facts.id, place.path, options) && !isImageLeftOut(facts, options));
  const wanted = new Set(machinesIn(scope, snapshot).map(({ id }) => id));
  const reached = within.filter(({ id }) => wanted.has(id));
  const judgedNow = reached.map((machine) => ({
    machine,
    policy: agentPolicyFor(machine.facts),
    block: onboardingBlock(machine, snapshot, now),
  }));
  const taken = judgedNow.filter(({ policy, block }) => policy !== null || block?.code === 'os-unread');
  return {
    initiative,
    within,
    there: assigned(initiative.id) ?? null,
    ready: taken.filter(({ block }) => block === null).map(({ machine }) => machine),
    waiting: taken.flatMap(({ machine, block }) => (block === null || block.code === 'already' ? [] : [{ name: machine.name, block }])),
    unreached: judgedNow.filter(({ policy, block }) => policy === null && block === null).map(({ machine }) => machine),
    done: taken.filter(({ block }) => block?.code === 'already').length,
  };
}

/** A subscription, or one resource group in it. */
function placeOf(subject: SubscriptionSubject, snapshot: Snapshot, { resourceGroup }: Scope) {
  const inside = snapshot.machines.filter(({ facts }) => facts.subscriptionId === subject.id);
  const path = `/subscriptions/${subject.id}`;
  if (resourceGroup === undefined) return { path, machines: inside };
  const machines = inside.filter(({ facts }) => facts.resourceGroup.toLowerCase() === resourceGroup.toLowerCase());
  return { path: `${path}/resourceGroups/${machines[0]?.facts.resourceGroup ?? resourceGroup}`, machines };
}

/** The scope itself cannot be left out of its own assignment. */
function isLeftOut(id: string, scope: string, { exclude }: AssignInitiativeOptions): boolean {
  return exclude.some((one) => {
    const left = one.toLowerCase();
    return id === left || id.startsWith(`${left}/`) || left === scope.toLowerCase();
  });
}

function isImageLeftOut({ image }: MachineSubject['facts'], { excludePublishers, excludeImages }: AssignInitiativeOptions): boolean {
  const among = (list: readonly string[], value: string) => value !== '' && list.some((one) => one.toLowerCase() === value.toLowerCase());
  return image !== undefined && (among(excludePublishers, image.publisher) || among(excludeImages, image.id));
}

/** Assigned where it is not yet, judged, and remediated for the ready ones. */
function deployment(subject: SubscriptionSubject, { initiative, there, ready, ...fleet }: Fleet) {
  const batches = batchesOf(ready);
  const ids = ready.map(({ id }) => id);
  const put = isThere(initiative, there)
    ? []
    : assigning(initiative, there?.enforcement === 'Default' ? 'Default' : 'DoNotEnforce', 'assign');
  return {
    found: foundWords({ initiative, there, ready, ...fleet }),
    holds: [subject.id, ...ids],
    sequence: [
      ...put,
      judged(initiative),
      ...batches.map((batch, index) => remediation(initiative, batch, index)),
      { ...extensionSucceeded('extensions', ids), safe: false as const },
    ],
    makeSafe: cancelling(initiative, batches),
    undo: there === null ? unassigning(initiative) : [],
    finalCheck: onboardedInHunting(ids),
  };
}

/** Enforced once nobody is left who would be deployed to now. */
function enforcement(subject: SubscriptionSubject, { initiative, there, within, ...fleet }: Fleet) {
  return {
    found: foundWords({ initiative, there, within, ...fleet }),
    holds: [subject.id, ...within.map(({ id }) => id)],
    sequence: assigning(initiative, 'Default', 'enforce'),
    makeSafe: [],
    undo: there === null ? unassigning(initiative) : assigning(initiative, 'DoNotEnforce', 'undo'),
    finalCheck: STILL_ENFORCED(initiative),
  };
}

/** Why it must not be enforced, or need not be: it would deploy by itself to whoever lacks the extension. */
function notToBeEnforced(
  { initiative, there, within, waiting, done }: Fleet,
  snapshot: Snapshot,
  now: Instant,
  scope: Scope,
): LeftAlone | null {
  const [first] = waiting;
  if (first !== undefined) {
    const more = waiting.length === 1 ? '' : `, and ${waiting.length - 1} more`;
    return { code: 'not-ready', because: `no machine in it is ready: ${first.name}: ${first.block.because}${more}` };
  }
  if (done === 0) return { code: 'no-machines', because: 'no machine asked for in it is one that the built-in policies reach' };
  if (scope.ring !== undefined || scope.machine !== undefined) {
    const because = 'the machines asked for have the extension already: ask for the whole subscription to have the assignment enforced';
    return { code: 'already', because };
  }
  if (isThere(initiative, there) && there?.enforcement === 'Default') {
    return { code: 'already', because: 'every machine it reaches has the extension, and the assignment is enforced' };
  }
  return unpreparedAmong(within, snapshot, now);
}

/** Assigned as the file says now, and left as it was put. */
function isThere({ mark, excludes }: Initiative, there: DefenderAssignment | null): boolean {
  return there !== null && there.mark === mark && there.excludes.toSorted().join('\n') === excludes.toSorted().join('\n');
}

/** For each policy by itself, as many as one remediation takes. */
function batchesOf(ready: readonly MachineSubject[]): readonly Batch[] {
  const byPolicy = Map.groupBy(ready, ({ facts }) => agentPolicyFor(facts) as AgentPolicy);
  return [...byPolicy]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([policy, machines]) => {
      const ids = machines.map(({ id }) => id).toSorted();
      return Array.from({ length: Math.ceil(ids.length / MOST_IDS) }, (_, index) => ({
        policy,
        ids: ids.slice(index * MOST_IDS, (index + 1) * MOST_IDS),
      }));
    });
}

function foundWords({ there, ready, waiting, unreached, done }: Fleet): string {
  const assigned = there === null ? 'not assigned yet' : `assigned, ${there.enforcement === 'Default' ? 'enforced' : 'not enforced'}`;
  const parts = [
    assigned,
    `${count(ready.length, 'machine')} ready`,
    `${done} have the extension`,
    waiting.length === 0 ? '' : `${waiting.length} not ready: ${someOf(waiting.map(({ name, block }) => `${name} (${block.code})`))}`,
    unreached.length === 0
      ? ''
      : `the built-in policies do not reach ${someOf(unreached.map(({ name }) => name))}: deploy the extension on those directly`,
  ];
  return parts.filter((part) => part !== '').join('; ');
}

function onboardedInHunting(of: readonly string[]): FinalCheck {
  return {
    describes: 'ask Defender hunting whether they are onboarded',
    evidence: 'device',
    afterMinutes: 60,
    withinMinutes: 24 * 60,
    expect: [
      { path: 'onboarded', equals: true, words: 'hunting shows it onboarded' },
      { path: 'antivirusMode', noneOf: ['active'], words: 'hunting does not show its antivirus active' },
    ],
    of,
  };
}

const STILL_ENFORCED = ({ id }: Initiative): FinalCheck => ({
  describes: 'read the policy assignments once more, a day later',
  evidence: 'defender-policies',
  afterMinutes: 23 * 60,
  withinMinutes: 24 * 60,
  expect: [{ path: 'assignments', has: { id: id.toLowerCase(), enforcement: 'Default' }, words: 'the assignment is enforced' }],
});

/** Whom it reaches when it runs, or from then on. Machines in no ring are nobody's in the migration. */
function reachWords({ name, holds, sequence }: PlanTarget, snapshot: Snapshot): string {
  const held = new Set(holds);
  const machines = snapshot.machines.filter(({ id }) => held.has(id));
  const outside = machines.filter(({ ring }) => ring === UNASSIGNED).length;
  const enforces = sequence.every((item) => item.do !== 'change' || item.safe);
  const more = `${outside} of them in no ring of this migration`;
  if (!enforces) return `DEPLOYS DEFENDER TO ${machines.length} ${machines.length === 1 ? 'MACHINE' : 'MACHINES'} in ${name}, ${more}`;
  return `FROM THEN ON AZURE DEPLOYS DEFENDER BY ITSELF TO EVERY NEW OR CHANGED MACHINE in ${name}: ${machines.length} there now, ${more}`;
}
