import type { EvidenceKind, SubjectKind } from './evidence.ts';
import type { Instant } from './instant.ts';
import type { Migration } from './migration.ts';
import { UNASSIGNED } from './migration.ts';
import type { Outcome } from './outcome.ts';
import { ok, refused } from './outcome.ts';
import type { PersonKey } from './person.ts';
import type { PhaseId } from './phase.ts';
import type { LeftOut, Plan, PlanTarget, Wave } from './plan.ts';
import type { Scope } from './scope.ts';
import { checkScope, machinesIn, scopeWords, subscriptionsIn } from './scope.ts';
import type { Snapshot, Subject } from './snapshot.ts';

/** What an action says about one subject in scope. */
export type Considered =
  | { readonly include: true; readonly target: Omit<PlanTarget, 'id' | 'name' | 'kind' | 'ring'> }
  | { readonly include: false; readonly code: string; readonly because: string };

/** Something Greenlight can do to Azure. An action describes calls; it never makes one. */
export interface Action {
  readonly id: string;
  readonly title: string;
  readonly phase: PhaseId;
  readonly subject: SubjectKind;
  /** True for an action that changes nothing inside a machine. */
  readonly readOnly: boolean;
  /** The evidence it plans from: must be collected anew before planning. */
  readonly needs: readonly EvidenceKind[];
  /** ARM operations the writer identity needs. */
  readonly permissions: readonly string[];
  /** One sentence for the signers. */
  readonly effect: string;
  readonly undoWords: string;
  readonly makeSafeWords: string;
  readonly scripts: readonly { readonly id: string; readonly sha256: string }[];
  /** Includes the subject with its sequence, or leaves it out with a reason. Pure and repeatable. */
  consider(subject: Subject, snapshot: Snapshot, now: Instant): Considered;
  /** Who and how much it touches, in words. */
  blastRadius(targets: readonly PlanTarget[], snapshot: Snapshot): string;
}

/** The most targets one plan may carry. */
export const MAX_TARGETS = 5_000;

export interface PlanRequest {
  readonly action: Action;
  readonly scope: Scope;
  readonly requestedBy: PersonKey & { readonly name: string };
  readonly planId: string;
  readonly now: Instant;
}

/** Makes a frozen plan from fresh evidence, or says why there is none. Planning executes nothing. */
export function makePlan(request: PlanRequest, migration: Migration, snapshot: Snapshot): Outcome<Plan> {
  const { action, scope, now } = request;
  const rings = [...migration.rings.map(({ name }) => name), UNASSIGNED];
  const checked = checkScope(scope, snapshot, rings);
  if (checked.kind !== 'ok') return checked;
  const blind = snapshot.sources.find(({ kind, failure }) => failure !== null && (kind === 'machine' || action.needs.includes(kind)));
  if (blind?.failure) {
    return refused('evidence-unread', `No plan was made, because ${blind.failure.reason}.`, blind.failure.fix);
  }

  const unreadMachines = Object.values(snapshot.evidence.machine ?? {}).filter(({ state }) => state === 'unread').length;
  if (action.subject === 'subscription' && unreadMachines > 0) {
    const because = `No plan was made, because the inventory of ${unreadMachines} machines could not be read.`;
    return refused('evidence-unread', because, 'Ask for the phase: its blind spot says what would mend it.');
  }

  const subjects: readonly Subject[] = action.subject === 'machine' ? machinesIn(scope, snapshot) : subscriptionsIn(scope, snapshot);
  const targets: PlanTarget[] = [];
  const leftOut: LeftOut[] = [];
  for (const subject of subjects.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const considered = action.consider(subject, snapshot, now);
    const ring = subject.kind === 'machine' ? subject.ring : 'subscription';
    if (considered.include) targets.push({ id: subject.id, name: subject.name, kind: subject.kind, ring, ...considered.target });
    else leftOut.push({ id: subject.id, name: subject.name, code: considered.code, because: considered.because });
  }
  if (targets.length === 0) return nothingToDo(action, scope, leftOut);
  if (targets.length > MAX_TARGETS) {
    return refused('too-many', `The plan would touch ${targets.length} targets; at most ${MAX_TARGETS} fit one plan.`, 'Ask for one ring.');
  }
  return ok({
    schema: 'greenlight/plan/v1',
    id: request.planId,
    executor: 'greenlight/executor/v1',
    migration: { id: migration.id, fileHash: migration.fileHash },
    channel: migration.channel,
    action: action.id,
    title: `${action.title}: ${scopeWords(scope)}`,
    phase: action.phase,
    requestedBy: request.requestedBy,
    requestedAt: now,
    scope,
    effect: action.effect,
    blastRadius: action.blastRadius(targets, snapshot),
    undoWords: action.undoWords,
    makeSafeWords: action.makeSafeWords,
    scripts: action.scripts,
    targets,
    leftOut,
    waves: wavesOf(targets, [...rings, 'subscription'], migration.waves.size),
    limits: {
      concurrency: migration.waves.concurrency,
      stopAfterFailures: migration.waves.stopAfterFailures,
      maxDroppedShare: migration.waves.maxDroppedShare,
    },
    signers: { quorum: migration.quorum, approvers: migration.approvers },
    expiresAt: now + migration.requestExpiryHours * 3_600_000,
    graceSeconds: migration.graceMinutes * 60,
  });
}

function nothingToDo(action: Action, scope: Scope, leftOut: readonly LeftOut[]): Outcome<never> {
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
    return chunks.map((targetIds, index) => ({ name: chunks.length === 1 ? ring : `${ring} ${index + 1} of ${chunks.length}`, targetIds }));
  });
}
