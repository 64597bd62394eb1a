import type { Action, Considered } from './action.ts';
import type { SubjectKind } from './evidence.ts';
import type { Instant } from './instant.ts';
import { HOUR } from './instant.ts';
import type { Migration } from './migration.ts';
import { EVERYWHERE, UNASSIGNED, WHOLE } from './migration.ts';
import type { Outcome, Refused } from './outcome.ts';
import { ok, refused } from './outcome.ts';
import { ownerValueOf } from './owners.ts';
import type { PersonKey } from './person.ts';
import type { LeftOut, Plan, PlanScript, PlanTarget, Wave } from './plan.ts';
import { EXECUTOR, scriptOf } from './plan.ts';
import { signersOf } from './plan-signers.ts';
import { planWindow } from './plan-window.ts';
import type { Zone } from './schedule.ts';
import type { Scope } from './scope.ts';
import { checkScope, inScope, machinesIn, scopeWords, subscriptionsIn } from './scope.ts';
import type { Snapshot, Subject } from './snapshot.ts';
import { leavesRunCommands } from './tidy.ts';

/** The most targets one plan may carry. */
export const MAX_TARGETS = 5_000;

/** The longest a standing sign-off may hold. Days. */
export const MAX_STANDING_DAYS = 30;

export interface PlanRequest {
  readonly action: Action;
  readonly scope: Scope;
  readonly requestedBy: PersonKey & { readonly name: string };
  readonly planId: string;
  readonly now: Instant;
  readonly ticket: string | null;
  /** What it goes on from; null for a plan of its own. */
  readonly follows: Plan['follows'];
  /** Only these targets; null for all in scope. */
  readonly only: ReadonlySet<string> | null;
  /** What is done to a subject, where that is not the action's own word (an undo). */
  readonly consider?: (subject: Subject) => Considered;
  readonly standing: Plan['standing'];
}

/** Makes a frozen plan from fresh evidence, or says why there is none. Planning executes nothing. */
export function makePlan(request: PlanRequest, migration: Migration, snapshot: Snapshot, zone: Zone): Outcome<Plan> {
  const { action, scope, now } = request;
  const rings = ringsOf(migration);
  const checked = checkScope(scope, snapshot, rings);
  if (checked.kind !== 'ok') return checked;
  const no = blindTo(action, snapshot) ?? policyBars(request, migration);
  if (no) return no;

  const { targets, leftOut } = chooseTargets(request, migration, snapshot);
  if (targets.length === 0) return nothingToDo(action, scope, leftOut);
  if (targets.length > MAX_TARGETS) {
    return refused('too-many', `The plan would touch ${targets.length} targets; at most ${MAX_TARGETS} fit one plan.`, 'Ask for one ring.');
  }
  const waves = wavesOf(targets, [...rings, WHOLE, EVERYWHERE], migration.waves.size);
  const minutesPerTarget = action.minutesFor?.(snapshot.options) ?? action.minutesPerTarget;
  const estimateMinutes = estimate(waves, targets, minutesPerTarget, migration.waves);
  const timing = planWindow({ migration, actionClass: action.class, waves, estimateMinutes, now, zone });
  if (timing.kind !== 'ok') return timing;
  const signers = signersOf(migration, action.class, targets, request.requestedBy, now);
  if (signers.kind !== 'ok') return signers;
  const { concurrency, stopAfterFailures, maxFailedShare, maxDroppedShare, soakMinutes } = migration.waves;
  const undo = request.follows?.how === 'undo';
  return ok({
    schema: 'greenlight/plan/v1',
    id: request.planId,
    executor: EXECUTOR,
    migration: { id: migration.id, fileHash: migration.fileHash },
    channel: migration.channel,
    action: action.id,
    class: action.class,
    title: titleOf(request),
    phase: action.phase,
    requestedBy: request.requestedBy,
    requestedAt: now,
    ticket: request.ticket,
    scope,
    follows: request.follows,
    effect: undo ? `Takes back what ${request.follows.plan} changed. ${action.undoWords}` : action.effect,
    blastRadius: action.blastRadius(targets, snapshot),
    undoWords: undo ? 'None, because it is an undo itself: the action can be requested again.' : action.undoWords,
    makeSafeWords: undo ? 'Nothing has to be made safe, because each machine goes back to how it was.' : action.makeSafeWords,
    tidies: targets.some(leavesRunCommands),
    ...(!undo && action.unprotected && { unprotected: action.unprotected(snapshot.options) }),
    finalWords: undo ? 'None, because each machine is probed right after.' : action.finalWords,
    scripts: [...action.scripts, ...ownScripts(action, snapshot, targets)],
    targets,
    leftOut,
    waves,
    limits: { concurrency, stopAfterFailures, maxFailedShare, maxDroppedShare, soakMinutes },
    window: timing.value.window,
    estimateMinutes,
    signers: signers.value,
    expiresAt: Math.min(now + migration.signOff[action.class].expiryHours * HOUR, timing.value.window?.until ?? Number.MAX_SAFE_INTEGER),
    graceSeconds: migration.graceMinutes * 60,
    standing: request.standing,
    decides: null,
  });
}

/** What a plan of this request would touch; nothing where none would be made. */
export function plannedTargets(request: PlanRequest, migration: Migration, snapshot: Snapshot): readonly PlanTarget[] {
  if (checkScope(request.scope, snapshot, ringsOf(migration)).kind !== 'ok' || blindTo(request.action, snapshot)) return [];
  return chooseTargets(request, migration, snapshot).targets;
}

/** Of the migration's own scripts, those that are sent: people read every one that a plan holds. */
function ownScripts(action: Action, { options }: Snapshot, targets: readonly PlanTarget[]): readonly PlanScript[] {
  const own = action.ownScripts?.(options) ?? [];
  if (own.length === 0) return own;
  const sent = new Set(targets.flatMap(({ sequence }) => sequence.map(({ call }) => (call ? scriptOf(call) : null))));
  return own.filter(({ sha256 }) => sent.has(sha256));
}

function ringsOf({ rings }: Migration): readonly string[] {
  return [...rings.map(({ name }) => name), UNASSIGNED];
}

const followed = {
  rest: ({ title }: Action, plan: string) => `${title}: what ${plan} left`,
  undo: ({ title }: Action, plan: string) => `Undo: ${title}: what ${plan} changed`,
} as const;

function titleOf({ action, scope, follows }: PlanRequest): string {
  if (follows && follows.how !== 'standing') return followed[follows.how](action, follows.plan);
  return `${action.title}: ${scopeWords(scope)}`;
}

/** A plan is made from a complete picture or not at all. */
function blindTo(action: Action, snapshot: Snapshot): Refused | null {
  const blind = snapshot.sources.find(({ kind, failure }) => failure !== null && (kind === 'machine' || action.needs.includes(kind)));
  if (blind?.failure) {
    return refused('evidence-unread', `No plan was made, because ${blind.failure.reason}.`, blind.failure.fix);
  }
  const unreadMachines = Object.values(snapshot.evidence.machine ?? {}).filter(({ state }) => state === 'unread').length;
  if (action.subject === 'machine' || unreadMachines === 0) return null;
  const because = `No plan was made, because the inventory of ${unreadMachines} machines could not be read.`;
  return refused('evidence-unread', because, 'Ask for the phase: its blind spot says what would mend it.');
}

function policyBars({ action, ticket, standing, now }: PlanRequest, migration: Migration): Refused | null {
  if (migration.signOff[action.class].ticketNeeded && ticket === null) {
    return refused('ticket-needed', 'Changes of this kind need a ticket.', 'Say its number with the request, such as “for CHG0012345”.');
  }
  if (standing === null) return null;
  if (action.class !== 'read-only') {
    return refused('not-standing', `“${action.title}” changes machines, so it is signed each time.`, 'Only the probe can be repeated.');
  }
  const holds = standing.until - now;
  if (holds > 0 && holds <= MAX_STANDING_DAYS * 24 * HOUR && standing.everyMinutes >= 15) return null;
  return refused(
    'standing-too-long',
    `A standing sign-off holds at most ${MAX_STANDING_DAYS} days, and repeats every 15 minutes at the soonest.`,
    'Ask for less.',
  );
}

function chooseTargets(request: PlanRequest, migration: Migration, snapshot: Snapshot): { targets: PlanTarget[]; leftOut: LeftOut[] } {
  const { action, now, only } = request;
  // A plan that goes on from another one names its targets: they are in it wherever they are by now.
  const scope = only === null ? request.scope : {};
  const { ownersSign } = migration.signOff[action.class];
  const subjects = subjectsWithin[action.subject](scope, snapshot);
  const targets: PlanTarget[] = [];
  const leftOut: LeftOut[] = [];
  for (const subject of subjects.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    if (only !== null && !only.has(subject.id)) continue;
    const considered = request.consider?.(subject) ?? action.consider(subject, snapshot, now, request.scope);
    const owner = subject.kind === 'machine' && migration.owners ? ownerValueOf(migration.owners, subject.facts.tags) : null;
    const left = leaveOut(considered, ownersSign && subject.kind === 'machine', owner, migration);
    if (left) leftOut.push({ id: subject.id, name: subject.name, ...left });
    else if (considered.include) targets.push({ ...identityOf(subject, action), owner, ...considered.target });
  }
  return { targets, leftOut };
}

const subjectsWithin: Readonly<Record<SubjectKind, (scope: Scope, snapshot: Snapshot) => readonly Subject[]>> = {
  machine: machinesIn,
  subscription: subscriptionsIn,
  // One ring or machine of it is not the organisation.
  organisation: (scope, { organisation }) => (inScope(scope, organisation) ? [organisation] : []),
};

/** The ring of what is no machine. */
const wholes = { subscription: WHOLE, organisation: EVERYWHERE } as const;

function leaveOut(considered: Considered, ownerSigns: boolean, owner: string | null, migration: Migration) {
  if (!considered.include) return { code: considered.code, because: considered.because };
  if (!ownerSigns) return null;
  if (owner === null) return { code: 'no-owner', because: 'its owners have to sign, and no tag says who they are' };
  const named = Object.entries(migration.owners?.people ?? {});
  const known = named.some(([value, people]) => people.length > 0 && value.toLowerCase() === owner.toLowerCase());
  return known ? null : { code: 'no-owner', because: `its owners have to sign, and the migration file does not know “${owner}”` };
}

function identityOf(subject: Subject, action: Action): Pick<PlanTarget, 'id' | 'name' | 'kind' | 'ring' | 'apartFrom'> {
  const { id, name, kind } = subject;
  if (subject.kind !== 'machine') return { id, name, kind, ring: wholes[subject.kind], apartFrom: null };
  return { id, name, kind, ring: subject.ring, apartFrom: action.class === 'read-only' ? null : subject.facts.availabilitySet };
}

function nothingToDo(action: Action, scope: Scope, leftOut: readonly LeftOut[]): Outcome<never> {
  if (leftOut.length === 0 && action.subject === 'organisation') {
    const because = `“${action.title}” is for the organisation as a whole, not for ${scopeWords(scope)}.`;
    return refused('empty', because, 'Ask for it without naming a part.');
  }
  if (leftOut.length === 0) return refused('empty', `There is nothing in ${scopeWords(scope)} to plan for.`, 'Widen the scope.');
  const shown = leftOut.slice(0, 3).map(({ name, because }) => `${name}: ${because}`);
  const more = leftOut.length > shown.length ? `; and ${leftOut.length - shown.length} more` : '';
  return refused(
    'nothing-to-do',
    `“${action.title}” has no target in ${scopeWords(scope)}. ${shown.join('; ')}${more}.`,
    'No plan was made.',
  );
}

function wavesOf(targets: readonly PlanTarget[], ringOrder: readonly string[], size: number): readonly Wave[] {
  return ringOrder.flatMap((ring) => {
    const ids = targets.filter((target) => target.ring === ring).map(({ id }) => id);
    const chunks = Array.from({ length: Math.ceil(ids.length / size) }, (_, index) => ids.slice(index * size, (index + 1) * size));
    return chunks.map((targetIds, index) => ({
      name: chunks.length === 1 ? ring : `${ring} ${index + 1} of ${chunks.length}`,
      ring,
      targetIds,
    }));
  });
}

function estimate(
  waves: readonly Wave[],
  targets: readonly PlanTarget[],
  minutesPerTarget: number,
  { concurrency, soakMinutes }: Migration['waves'],
): number {
  const apart = new Map(targets.map(({ id, apartFrom }) => [id, apartFrom]));
  const turns = waves.map(({ targetIds }) => {
    const sets = Map.groupBy(targetIds, (id) => apart.get(id) ?? null);
    const alone = [...sets].map(([set, ids]) => (set === null ? 0 : ids.length));
    return Math.max(Math.ceil(targetIds.length / concurrency), ...alone);
  });
  const rings = new Set(waves.map(({ ring }) => ring)).size;
  return turns.reduce((sum, count) => sum + count * minutesPerTarget, 0) + Math.max(0, rings - 1) * soakMinutes;
}
