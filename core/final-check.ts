import type { CollectedKind, Evidence } from './evidence.ts';
import { brokenWords, isMet } from './expectation.ts';
import type { Instant } from './instant.ts';
import { MINUTE } from './instant.ts';
import { lastNames } from './last-names.ts';
import type { FinalCheck, Plan, PlanTarget } from './plan.ts';
import type { Run } from './run.ts';

/** `contradicted`: the second source shows something else. `unknown`: it could not be read in time. Neither is a success. */
export type FinalResult = 'confirmed' | 'contradicted' | 'unknown';

/** The final verification of one target; `result` is null while it waits. */
export type FinalTarget = {
  readonly result: FinalResult | null;
  readonly at: Instant | null;
  /** Why, in one sentence; the newest look's while it waits. */
  readonly note: string;
};

/** The final verification of a run: JSON, so that it can be kept as it is. */
export type FinalState = {
  /** When the run ended: all times of its checks count from here. */
  readonly endedAt: Instant;
  /** The next look; whoever moves it on has the look. */
  readonly nextLookAt: Instant;
  readonly targets: Readonly<Record<string, FinalTarget>>;
};

/** One result that a look brought. */
export interface Settled {
  readonly target: PlanTarget;
  readonly result: FinalResult;
  readonly note: string;
}

/** Between two looks that did not settle everything: a second source may lag. */
const LOOK_AGAIN = 10 * MINUTE;

/** What waits once a run has ended: the targets it proved that have a final check; null when there are none. */
export function beginFinal(plan: Plan, run: Run): FinalState | null {
  if (run.endedAt === null) return null;
  const waiting: FinalTarget = { result: null, at: null, note: '' };
  const ids = plan.targets.filter(({ id, finalCheck }) => finalCheck && run.targets[id]?.status === 'verified').map(({ id }) => id);
  if (ids.length === 0) return null;
  const state = { endedAt: run.endedAt, nextLookAt: 0, targets: Object.fromEntries(ids.map((id) => [id, waiting])) };
  return { ...state, nextLookAt: nextLook(plan, state, run.endedAt) };
}

/** The state once a look has been taken at `now`; null when none is due. A look that dies is taken again later. */
export function takeLook(plan: Plan, state: FinalState, now: Instant): FinalState | null {
  if (now < state.nextLookAt || dueTargets(plan, state, now).length === 0) return null;
  return { ...state, nextLookAt: nextLook(plan, state, now) };
}

/** The evidence that a look at `now` has to read. */
export function kindsDue(plan: Plan, state: FinalState, now: Instant): readonly CollectedKind[] {
  return [...new Set(dueTargets(plan, state, now).map(({ check }) => check.evidence))];
}

/**
 * Holds what a look found against what was expected. `asked` is when the look began. What does not hold yet may still come true until the
 * check's last minute; then it is contradicted, or unknown when it could not be read.
 */
export function judgeFinal(
  plan: Plan,
  state: FinalState,
  found: Found,
  asked: Instant,
): { readonly state: FinalState; readonly settled: readonly Settled[] } {
  const targets: Record<string, FinalTarget> = { ...state.targets };
  const settled: Settled[] = [];
  for (const { target, check } of dueTargets(plan, state, asked)) {
    const seen = judgeAll(check, target, found, state.endedAt);
    const last = asked >= state.endedAt + check.withinMinutes * MINUTE;
    if (seen.result !== 'confirmed' && !last) {
      targets[target.id] = { result: null, at: null, note: seen.note };
      continue;
    }
    targets[target.id] = { result: seen.result, at: asked, note: seen.note };
    settled.push({ target, ...seen });
  }
  return { state: { ...state, targets }, settled };
}

/** How the final verification stands; every target that waits or has a result is counted once. */
export interface FinalCounts {
  readonly total: number;
  readonly confirmed: number;
  readonly contradicted: number;
  readonly unknown: number;
  /** When the last of those that still wait is settled; null when none waits. */
  readonly dueBy: Instant | null;
}

/** The counts that a card shows. */
export function finalCounts(plan: Plan, state: FinalState): FinalCounts {
  const all = Object.values(state.targets);
  const count = (wanted: FinalResult) => all.filter(({ result }) => result === wanted).length;
  const ends = waitingTargets(plan, state).map(({ check }) => state.endedAt + check.withinMinutes * MINUTE);
  return {
    total: all.length,
    confirmed: count('confirmed'),
    contradicted: count('contradicted'),
    unknown: count('unknown'),
    dueBy: ends.length === 0 ? null : Math.max(...ends),
  };
}

/** Has every target its result? */
export function isFinal({ targets }: FinalState): boolean {
  return Object.values(targets).every(({ result }) => result !== null);
}

interface Waiting {
  readonly target: PlanTarget;
  readonly check: FinalCheck;
}

function waitingTargets(plan: Plan, { targets }: FinalState): readonly Waiting[] {
  return plan.targets.flatMap((target) => {
    const waits = target.finalCheck !== null && targets[target.id]?.result === null;
    return waits ? [{ target, check: target.finalCheck }] : [];
  });
}

function dueTargets(plan: Plan, state: FinalState, now: Instant): readonly Waiting[] {
  return waitingTargets(plan, state).filter(({ check }) => now >= state.endedAt + check.afterMinutes * MINUTE);
}

/** For each target that waits: when its time comes, then every ten minutes, and exactly at its last minute. */
function nextLook(plan: Plan, state: FinalState, now: Instant): Instant {
  const looks = waitingTargets(plan, state).map(({ check }) => {
    const from = state.endedAt + check.afterMinutes * MINUTE;
    const until = state.endedAt + check.withinMinutes * MINUTE;
    if (now < from) return from;
    return now < until ? Math.min(now + LOOK_AGAIN, until) : now + LOOK_AGAIN;
  });
  return Math.min(...looks);
}

type Found = (kind: CollectedKind, subjectId: string) => Evidence<unknown> | null;
type Seen = { readonly result: FinalResult; readonly note: string };

/** One that contradicts tells of all; one that is not known leaves all of them unknown. */
function judgeAll(check: FinalCheck, target: PlanTarget, found: Found, endedAt: Instant): Seen {
  if (check.of === undefined) return judgeOne(check, found(check.evidence, target.id), endedAt);
  const all = check.of.map((id) => ({ id, ...judgeOne(check, found(check.evidence, id), endedAt) }));
  const worst = WORST_FIRST.map((wanted) => all.filter(({ result }) => result === wanted)).find((some) => some.length > 0) ?? [];
  const [first] = worst;
  if (first === undefined) return { result: 'unknown', note: 'there is nobody to look at' };
  const note = `${worst.length} of ${all.length} machines: ${first.note}`;
  return { result: first.result, note: first.result === 'confirmed' ? note : `${note} (${lastNames(worst.map(({ id }) => id))})` };
}

const WORST_FIRST: readonly FinalResult[] = ['contradicted', 'unknown', 'confirmed'];

function judgeOne(check: FinalCheck, found: Evidence<unknown> | null, endedAt: Instant): Seen {
  if (found === null) return { result: 'unknown', note: 'the second source said nothing about it' };
  if (found.state === 'unread') return { result: 'unknown', note: found.reason };
  if (found.observedAt < endedAt) return { result: 'unknown', note: 'what the second source shows is older than the run' };
  const broken = check.expect.filter((expectation) => !isMet(expectation, found.value));
  if (broken.length === 0) return { result: 'confirmed', note: check.expect.map(({ words }) => words).join(', ') };
  return { result: 'contradicted', note: brokenWords(broken, found.value) };
}
