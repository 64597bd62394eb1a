import type { Instant } from './instant.ts';
import type { PersonKey } from './person.ts';
import type { Item, Plan, PlanTarget } from './plan.ts';

/**
 * `intent`: a change was committed and its outcome is awaited · `done`: the change settled, the proof is awaited ·
 * `verified | mismatch | unverified`: what the proof said · `dropped`: left out by the pre-flight · `untouched`: the run ended before it.
 */
export type TargetStatus =
  | 'planned'
  | 'intent'
  | 'done'
  | 'failed'
  | 'ambiguous'
  | 'verified'
  | 'mismatch'
  | 'unverified'
  | 'dropped'
  | 'untouched';

export interface TargetProgress {
  readonly status: TargetStatus;
  /** Index into the target's sequence. */
  readonly item: number;
  /** The call whose intent is committed and whose outcome is not known yet. */
  readonly open: { readonly callId: string; readonly since: Instant } | null;
  readonly since: Instant;
  /** What happened, in one sentence. */
  readonly note: string;
}

export type RunVerdict = 'complete' | 'partly' | 'halted' | 'stopped' | 'voided';

/** The execution of one signed plan. */
export interface Run {
  readonly planHash: string;
  readonly state: 'waiting' | 'running' | 'finished';
  readonly startsAt: Instant;
  readonly begunAt: Instant | null;
  readonly wave: number;
  readonly targets: Readonly<Record<string, TargetProgress>>;
  readonly stop: { readonly by: (PersonKey & { readonly name: string }) | null; readonly at: Instant; readonly reason: string } | null;
  readonly verdict: RunVerdict | null;
  readonly endedAt: Instant | null;
}

export type RunEvent =
  | { readonly type: 'begun'; readonly at: Instant; readonly dropped: readonly { readonly targetId: string; readonly because: string }[] }
  | { readonly type: 'void'; readonly at: Instant; readonly reason: string }
  | { readonly type: 'intent'; readonly at: Instant; readonly targetId: string; readonly callId: string }
  | { readonly type: 'ambiguous'; readonly at: Instant; readonly targetId: string; readonly note: string; readonly givenUp: boolean }
  | { readonly type: 'settled'; readonly at: Instant; readonly targetId: string; readonly result: 'done' | 'failed'; readonly note: string }
  | {
      readonly type: 'proof';
      readonly at: Instant;
      readonly targetId: string;
      readonly result: 'verified' | 'mismatch' | 'unverified';
      readonly note: string;
    }
  | { readonly type: 'drop'; readonly at: Instant; readonly targetId: string; readonly because: string }
  | { readonly type: 'not-begun'; readonly at: Instant; readonly targetId: string; readonly note: string }
  | {
      readonly type: 'stop';
      readonly at: Instant;
      readonly by: (PersonKey & { readonly name: string }) | null;
      readonly reason: string;
    };

/** What to do next. `open`: commit the intent of an item and begin it; `first` when nothing was done to the target yet. `look`: read back a call whose outcome is open. */
export type Move =
  | { readonly do: 'begin' }
  | { readonly do: 'open'; readonly targetId: string; readonly item: Item; readonly first: boolean }
  | { readonly do: 'look'; readonly targetId: string; readonly item: Item };

const ENDS: ReadonlySet<TargetStatus> = new Set(['verified', 'mismatch', 'unverified', 'failed', 'dropped', 'untouched']);

/** A run that waits for its start. */
export function waitingRun(plan: Plan, hash: string, startsAt: Instant): Run {
  const planned: TargetProgress = { status: 'planned', item: 0, open: null, since: startsAt, note: '' };
  const targets = Object.fromEntries(plan.targets.map(({ id }) => [id, planned]));
  return { planHash: hash, state: 'waiting', startsAt, begunAt: null, wave: 0, targets, stop: null, verdict: null, endedAt: null };
}

/** Has this target come to an end? An ambiguous one has once its read-back was given up. */
export function hasEnded(progress: TargetProgress): boolean {
  return ENDS.has(progress.status) || (progress.status === 'ambiguous' && progress.open === null);
}

/** Targets that count against the run's failure limit. */
export function failures(run: Run): readonly string[] {
  const bad: ReadonlySet<TargetStatus> = new Set(['failed', 'mismatch', 'unverified', 'ambiguous']);
  return Object.entries(run.targets).flatMap(([id, progress]) => (bad.has(progress.status) && hasEnded(progress) ? [id] : []));
}

/** The moves due now. Pure: the same run and time give the same moves. */
export function nextMoves(plan: Plan, run: Run, now: Instant): readonly Move[] {
  if (run.state === 'waiting') return now >= run.startsAt ? [{ do: 'begin' }] : [];
  if (run.state === 'finished') return [];
  const wave = plan.waves[run.wave];
  if (!wave) return [];
  const moves: Move[] = [];
  const begun = wave.targetIds.filter((id) => isUnderWay(run.targets[id]!));
  let free = plan.limits.concurrency - begun.length;
  const barred = run.stop !== null || failures(run).length >= plan.limits.stopAfterFailures;
  for (const id of wave.targetIds) {
    const progress = run.targets[id]!;
    if (hasEnded(progress)) continue;
    const item = targetOf(plan, id).sequence[progress.item]!;
    if (progress.open) moves.push({ do: 'look', targetId: id, item });
    else if (progress.status === 'done' && run.stop === null) moves.push({ do: 'open', targetId: id, item, first: false });
    else if (progress.status === 'planned' && !barred && free > 0) {
      free -= 1;
      moves.push({ do: 'open', targetId: id, item, first: true });
    }
  }
  return moves;
}

/** The next state. Events that no longer fit (a late answer for an ended target) change nothing and return the same object. */
export function advance(plan: Plan, run: Run, event: RunEvent): Run {
  if (run.state === 'finished') return run;
  const next = appliers[event.type](plan, run, event as never);
  return next === run ? run : settleWaves(plan, next, event.at);
}

type Appliers = { [T in RunEvent['type']]: (plan: Plan, run: Run, event: Extract<RunEvent, { type: T }>) => Run };

const appliers: Appliers = {
  begun(plan, run, { at, dropped }) {
    if (run.state !== 'waiting') return run;
    const because = new Map(dropped.map((drop) => [drop.targetId, drop.because]));
    const targets = mapTargets(run, (id, progress) =>
      because.has(id) ? { ...progress, status: 'dropped' as const, since: at, note: because.get(id) as string } : progress,
    );
    if (tooManyDropped(plan, { ...run, targets })) {
      const reason = `${dropped.length} of ${plan.targets.length} targets changed since the plan was signed`;
      return finish({ ...run, targets, stop: { by: null, at, reason } }, 'voided', at);
    }
    return { ...run, state: 'running', begunAt: at, targets };
  },
  void(_plan, run, { at, reason }) {
    return run.state === 'waiting' ? finish({ ...run, stop: { by: null, at, reason } }, 'voided', at) : run;
  },
  intent(plan, run, { at, targetId, callId }) {
    if (run.stop) return run; // decided before the stop, but not committed before it
    return change(run, targetId, (progress) => {
      if (hasEnded(progress) || progress.open) return progress;
      const item = targetOf(plan, targetId).sequence[progress.item];
      const status = item?.do === 'change' || progress.status === 'planned' ? ('intent' as const) : progress.status;
      return { ...progress, status, open: { callId, since: at }, since: at };
    });
  },
  drop(plan, run, { at, targetId, because }) {
    const dropped = change(run, targetId, (progress) => {
      return progress.status === 'planned' ? { ...progress, status: 'dropped', since: at, note: because } : progress;
    });
    if (dropped === run || run.stop || !tooManyDropped(plan, dropped)) return dropped;
    return { ...dropped, stop: { by: null, at, reason: 'too many targets changed since the plan was signed' } };
  },
  'not-begun'(_plan, run, { at, targetId, note }) {
    return change(run, targetId, (progress) => {
      if (!progress.open || hasEnded(progress)) return progress;
      return { ...progress, status: progress.item === 0 ? 'untouched' : 'unverified', open: null, since: at, note };
    });
  },
  ambiguous(_plan, run, { at, targetId, note, givenUp }) {
    return change(run, targetId, (progress) => {
      if (!progress.open || hasEnded(progress)) return progress;
      return { ...progress, status: 'ambiguous', open: givenUp ? null : progress.open, since: at, note };
    });
  },
  settled(plan, run, { at, targetId, result, note }) {
    return change(run, targetId, (progress) => {
      if (!progress.open) return progress;
      if (result === 'failed') return { ...progress, status: 'failed', open: null, since: at, note };
      const item = progress.item + 1;
      const more = item < targetOf(plan, targetId).sequence.length;
      return { ...progress, status: more ? 'done' : 'unverified', item, open: null, since: at, note: more ? note : 'nothing proves it' };
    });
  },
  proof(plan, run, { at, targetId, result, note }) {
    return change(run, targetId, (progress) => {
      const item = targetOf(plan, targetId).sequence[progress.item];
      if (hasEnded(progress) || item?.do !== 'prove') return progress;
      const more = progress.item + 1 < targetOf(plan, targetId).sequence.length;
      if (result === 'verified' && more) return { ...progress, status: 'done', item: progress.item + 1, open: null, since: at, note };
      return { ...progress, status: result, open: null, since: at, note };
    });
  },
  stop(_plan, run, { at, by, reason }) {
    if (run.stop) return run;
    const stopped = { ...run, stop: { by, at, reason } };
    return run.state === 'waiting' ? finish(stopped, 'stopped', at) : stopped;
  },
};

/** Opens the next wave when this one is proven, and ends the run when it must not or cannot go on. */
function settleWaves(plan: Plan, run: Run, at: Instant): Run {
  if (run.state !== 'running') return run;
  const wave = plan.waves[run.wave];
  const progress = (wave?.targetIds ?? []).map((id) => run.targets[id]!);
  if (run.stop) return settleStop(run, progress, at);
  const tooMany = failures(run).length >= plan.limits.stopAfterFailures;
  if (tooMany && !progress.some(isUnderWay)) return finish(run, 'halted', at);
  if (!progress.every(hasEnded)) return run;
  const proven = progress.every(({ status }) => status === 'verified' || status === 'dropped');
  if (run.wave + 1 < plan.waves.length && !proven) return finish(run, 'halted', at);
  if (run.wave + 1 < plan.waves.length) return settleWaves(plan, { ...run, wave: run.wave + 1 }, at);
  return finish(run, allVerified(run) ? 'complete' : 'partly', at);
}

/** After a stop nothing begins: what is open is read to its end, what is done but unproven stays unverified. */
function settleStop(run: Run, progress: readonly TargetProgress[], at: Instant): Run {
  if (progress.some(({ open }) => open !== null)) return run;
  const targets = mapTargets(run, (_id, target) =>
    target.status === 'done' ? { ...target, status: 'unverified' as const, since: at, note: 'stopped before the proof' } : target,
  );
  return finish({ ...run, targets }, allVerified({ targets }) ? 'complete' : 'stopped', at);
}

function finish(run: Run, verdict: RunVerdict, at: Instant): Run {
  const targets = mapTargets(run, (_id, target) =>
    target.status === 'planned' ? { ...target, status: 'untouched' as const, since: at } : target,
  );
  return { ...run, targets, state: 'finished', verdict, endedAt: at };
}

/** Nothing less is called complete. */
function allVerified({ targets }: Pick<Run, 'targets'>): boolean {
  return Object.values(targets).every(({ status }) => status === 'verified');
}

function tooManyDropped(plan: Plan, run: Run): boolean {
  const dropped = Object.values(run.targets).filter(({ status }) => status === 'dropped').length;
  return dropped === plan.targets.length || dropped / plan.targets.length > plan.limits.maxDroppedShare;
}

function isUnderWay(progress: TargetProgress): boolean {
  return !hasEnded(progress) && progress.status !== 'planned';
}

function targetOf(plan: Plan, id: string): PlanTarget {
  const target = plan.targets.find((candidate) => candidate.id === id);
  if (!target) throw new Error(`the plan ${plan.id} has no target ${id}`);
  return target;
}

function mapTargets(run: Run, map: (id: string, progress: TargetProgress) => TargetProgress): Run['targets'] {
  return Object.fromEntries(Object.entries(run.targets).map(([id, progress]) => [id, map(id, progress)]));
}

function change(run: Run, targetId: string, map: (progress: TargetProgress) => TargetProgress): Run {
  const before = run.targets[targetId];
  if (!before || run.state !== 'running') return run;
  const after = map(before);
  return after === before ? run : { ...run, targets: { ...run.targets, [targetId]: after } };
}
