import type { Instant } from './instant.ts';
import { MINUTE } from './instant.ts';
import type { PersonKey } from './person.ts';
import type { Item, Plan, PlanTarget } from './plan.ts';
import type { Safety } from './safety.ts';
import { atSafePoint } from './safety.ts';
import type { Hold } from './sign-off.ts';

/**
 * `intent`: a change was committed and its outcome is awaited · `done`: the change settled, the proof is awaited ·
 * `verified | mismatch | unverified`: what the proof said · `dropped`: left out because it changed · `held`: left out by somebody's word ·
 * `untouched`: the run ended before it.
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
  | 'held'
  | 'untouched';

export interface TargetProgress {
  readonly status: TargetStatus;
  /** Index into the target's sequence. */
  readonly item: number;
  /** Items of the sequence whose change may have happened in Azure. */
  readonly reached: number;
  /** Since the first change that may have taken its one active engine from it; left out before. */
  readonly unsafeSince?: Instant;
  readonly safety: Safety;
  /** Index into the target's make-safe items while safety is owed. */
  readonly safeItem: number;
  /** What became of making it safe, in one sentence. */
  readonly safetyNote: string;
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
  /** True once the wave's targets were looked at again; before that nothing in it begins. */
  readonly cleared: boolean;
  /** The wave is not looked at before: the soak after another ring. */
  readonly waveFrom: Instant;
  readonly targets: Readonly<Record<string, TargetProgress>>;
  readonly stop: { readonly by: (PersonKey & { readonly name: string }) | null; readonly at: Instant; readonly reason: string } | null;
  readonly verdict: RunVerdict | null;
  readonly endedAt: Instant | null;
}

interface Drop {
  readonly targetId: string;
  readonly because: string;
}

export type RunEvent =
  | { readonly type: 'begun'; readonly at: Instant; readonly dropped: readonly Drop[] }
  | { readonly type: 'void'; readonly at: Instant; readonly reason: string }
  | { readonly type: 'wave-cleared'; readonly at: Instant; readonly wave: number; readonly dropped: readonly Drop[] }
  | { readonly type: 'intent'; readonly at: Instant; readonly targetId: string; readonly callId: string }
  | {
      readonly type: 'ambiguous';
      readonly at: Instant;
      readonly targetId: string;
      readonly callId: string;
      readonly note: string;
      readonly givenUp: boolean;
    }
  | {
      readonly type: 'settled';
      readonly at: Instant;
      readonly targetId: string;
      readonly callId: string;
      /** `refused`: it is certain that nothing happened. */
      readonly result: 'done' | 'failed' | 'refused';
      readonly note: string;
    }
  | {
      readonly type: 'proof';
      readonly at: Instant;
      readonly targetId: string;
      /** Null for a proof that was read, not run. */
      readonly callId: string | null;
      readonly result: 'verified' | 'mismatch' | 'unverified';
      readonly note: string;
    }
  | { readonly type: 'waited'; readonly at: Instant; readonly targetId: string; readonly itemId: string }
  | { readonly type: 'drop'; readonly at: Instant; readonly targetId: string; readonly because: string }
  | { readonly type: 'hold'; readonly hold: Hold }
  | { readonly type: 'not-begun'; readonly at: Instant; readonly targetId: string; readonly callId: string; readonly note: string }
  | {
      readonly type: 'stop';
      readonly at: Instant;
      readonly by: (PersonKey & { readonly name: string }) | null;
      readonly reason: string;
    };

const ENDS: ReadonlySet<TargetStatus> = new Set(['verified', 'mismatch', 'unverified', 'failed', 'dropped', 'held', 'untouched']);
const PROVEN: ReadonlySet<TargetStatus> = new Set(['verified', 'dropped', 'held']);
const BAD: ReadonlySet<TargetStatus> = new Set(['failed', 'mismatch', 'unverified', 'ambiguous']);

/** A run that waits for its start; held targets stay out of it. */
export function waitingRun(plan: Plan, hash: string, startsAt: Instant, holds: readonly Hold[]): Run {
  const planned: TargetProgress = {
    status: 'planned',
    item: 0,
    reached: 0,
    safety: 'kept',
    safeItem: 0,
    safetyNote: '',
    open: null,
    since: startsAt,
    note: '',
  };
  const held = new Map(holds.map((hold) => [hold.targetId, hold]));
  const targets = Object.fromEntries(
    plan.targets.map(({ id }) => {
      const hold = held.get(id);
      return [id, hold ? { ...planned, status: 'held' as const, note: holdWords(hold) } : planned];
    }),
  );
  return {
    planHash: hash,
    state: 'waiting',
    startsAt,
    begunAt: null,
    wave: 0,
    cleared: false,
    waveFrom: startsAt,
    targets,
    stop: null,
    verdict: null,
    endedAt: null,
  };
}

/** Has this target come to an end? One that is owed safety has not, nor an ambiguous one before its read-back was given up. */
export function hasEnded(progress: TargetProgress): boolean {
  if (progress.safety === 'owed') return false;
  return ENDS.has(progress.status) || (progress.status === 'ambiguous' && progress.open === null);
}

/** Has it begun, and not come to an end? */
export function isUnderWay(progress: TargetProgress): boolean {
  return progress.status !== 'planned' && !hasEnded(progress);
}

/** Did something go wrong with it, or could it not be proven? */
export function isBad(progress: TargetProgress): boolean {
  return BAD.has(progress.status) && (progress.open === null || progress.safety === 'owed');
}

/** Targets that count against the run's failure limit. */
export function failures(run: Run): readonly string[] {
  return Object.entries(run.targets).flatMap(([id, progress]) => (isBad(progress) ? [id] : []));
}

/** Looking changes nothing: that one machine does not answer says nothing against looking at the next. */
export function isHeldBackByFailures({ class: kind }: Pick<Plan, 'class'>): boolean {
  return kind !== 'read-only';
}

/** Has so much failed, in all or in this wave, that nothing more may begin? */
export function failedTooMuch(plan: Plan, run: Run): boolean {
  if (!isHeldBackByFailures(plan)) return false;
  const failed = failures(run);
  if (failed.length >= plan.limits.stopAfterFailures) return true;
  const wave = new Set(plan.waves[run.wave]?.targetIds ?? []);
  return failed.filter((id) => wave.has(id)).length > plan.limits.maxFailedShare * wave.size;
}

/** The next state. Events that no longer fit (a late answer for an ended target) change nothing and return the same object. */
export function advance(plan: Plan, run: Run, event: RunEvent): Run {
  if (run.state === 'finished') return run;
  const next = appliers[event.type](plan, run, event as never);
  // An intent ends nothing.
  if (next === run || event.type === 'intent') return next;
  return settleWaves(plan, next, event.type === 'hold' ? event.hold.at : event.at);
}

type Appliers = { [T in RunEvent['type']]: (plan: Plan, run: Run, event: Extract<RunEvent, { type: T }>) => Run };

const appliers: Appliers = {
  begun(plan, run, { at, dropped }) {
    if (run.state !== 'waiting') return run;
    const begun = { ...run, cleared: true, targets: dropAll(run, dropped, at) };
    if (tooManyDropped(plan, begun)) {
      const wanted = plan.targets.filter(({ id }) => run.targets[id]?.status !== 'held').length;
      const changed = `${dropped.length} of ${wanted} targets changed since the plan was signed`;
      const reason = wanted === 0 ? 'every target was held out of it' : changed;
      return finish({ ...begun, stop: { by: null, at, reason } }, 'voided', at);
    }
    return { ...begun, state: 'running', begunAt: at };
  },
  void(_plan, run, { at, reason }) {
    return run.state === 'waiting' ? finish({ ...run, stop: { by: null, at, reason } }, 'voided', at) : run;
  },
  'wave-cleared'(plan, run, { at, wave, dropped }) {
    if (run.state !== 'running' || run.wave !== wave || run.cleared || run.stop) return run;
    return stopIfTooManyDropped(plan, { ...run, cleared: true, targets: dropAll(run, dropped, at) }, at);
  },
  intent(plan, run, { at, targetId, callId }) {
    return change(run, targetId, (progress) => {
      if (hasEnded(progress) || progress.open) return progress;
      const item = itemOf(targetOf(plan, targetId), progress);
      if (item?.call?.id !== callId) return progress; // decided before something else became due
      const open = { callId, since: at };
      if (progress.safety === 'owed') return { ...progress, open, since: at };
      if (run.stop) return progress; // decided before the stop, but not committed before it
      if (plan.window && at >= plan.window.until) return progress; // its window ended meanwhile: the stop is on its way
      const status = item.do === 'change' || progress.status === 'planned' ? ('intent' as const) : progress.status;
      const reached = item.do === 'change' ? progress.item + 1 : progress.reached;
      const first = item.do === 'change' && !item.safe && progress.unsafeSince === undefined;
      return { ...progress, status, reached, open, since: at, ...(first && { unsafeSince: at }) };
    });
  },
  drop(plan, run, { at, targetId, because }) {
    const dropped = change(run, targetId, (progress) => {
      return progress.status === 'planned' ? { ...progress, status: 'dropped', since: at, note: because } : progress;
    });
    return dropped === run ? run : stopIfTooManyDropped(plan, dropped, at);
  },
  hold(_plan, run, { hold }) {
    return changeAnyTime(run, hold.targetId, (progress) =>
      progress.status === 'planned' ? { ...progress, status: 'held', since: hold.at, note: holdWords(hold) } : progress,
    );
  },
  'not-begun'(plan, run, { at, targetId, callId, note }) {
    return change(run, targetId, (progress) => {
      if (progress.open?.callId !== callId || hasEnded(progress) || progress.safety === 'owed') return progress;
      const untouched = progress.item === 0;
      const back = { ...progress, reached: Math.min(progress.reached, progress.item), open: null, since: at, note };
      return untouched ? { ...back, status: 'untouched' } : ended(targetOf(plan, targetId), { ...back, status: 'unverified' });
    });
  },
  ambiguous(plan, run, { at, targetId, callId, note, givenUp }) {
    return change(run, targetId, (progress) => {
      if (progress.open?.callId !== callId || hasEnded(progress)) return progress;
      if (progress.safety === 'owed') return givenUp ? unsure(progress, at, note) : progress;
      if (!givenUp) return { ...progress, status: 'ambiguous', since: at, note };
      return ended(targetOf(plan, targetId), { ...progress, status: 'ambiguous', open: null, since: at, note });
    });
  },
  settled(plan, run, { at, targetId, callId, result, note }) {
    return change(run, targetId, (progress) => {
      if (progress.open?.callId !== callId) return progress;
      const target = targetOf(plan, targetId);
      if (progress.safety === 'owed') return result === 'done' ? nextSafe(target, progress, at) : unsure(progress, at, note);
      if (result === 'done') {
        const item = progress.item + 1;
        if (item < target.sequence.length) return { ...progress, status: 'done', item, open: null, since: at, note };
        return ended(target, { ...progress, status: 'unverified', item, open: null, since: at, note: 'nothing proves it' });
      }
      const reached = result === 'refused' ? Math.min(progress.reached, progress.item) : progress.reached;
      return ended(target, { ...progress, status: 'failed', reached, open: null, since: at, note });
    });
  },
  proof(plan, run, { at, targetId, callId, result, note }) {
    return change(run, targetId, (progress) => {
      if ((progress.open?.callId ?? null) !== callId || hasEnded(progress)) return progress;
      const target = targetOf(plan, targetId);
      const due = itemOf(target, progress);
      if (due?.do !== 'prove' || (due.call?.id ?? null) !== callId) return progress;
      if (progress.safety === 'owed') return result === 'verified' ? nextSafe(target, progress, at) : unsure(progress, at, note);
      const settled = { ...progress, open: null, since: at, note };
      if (result !== 'verified') return ended(target, { ...settled, status: result });
      const item = progress.item + 1;
      return item < target.sequence.length ? { ...settled, status: 'done', item } : { ...settled, status: 'verified', item };
    });
  },
  waited(plan, run, { at, targetId, itemId }) {
    return change(run, targetId, (progress) => {
      if (hasEnded(progress) || progress.open) return progress;
      const target = targetOf(plan, targetId);
      const item = itemOf(target, progress);
      if (item?.do !== 'wait' || item.id !== itemId || at < waitedBy(item, progress)) return progress;
      if (progress.safety === 'owed') return nextSafe(target, progress, at);
      return run.stop ? progress : { ...progress, item: progress.item + 1, since: at };
    });
  },
  stop(_plan, run, { at, by, reason }) {
    if (run.stop) return run;
    const stopped = { ...run, stop: { by, at, reason } };
    return run.state === 'waiting' ? finish(stopped, 'stopped', at) : stopped;
  },
};

/** When a wait that is due is over: it counts from when it became due. */
export function waitedBy({ minutes }: Item & { readonly do: 'wait' }, { since }: Pick<TargetProgress, 'since'>): Instant {
  return since + minutes * MINUTE;
}

/** The item of a target that is due: of its sequence, or while safety is owed of its make-safe items. */
export function itemOf(target: PlanTarget, progress: TargetProgress): Item | undefined {
  return progress.safety === 'owed' ? target.makeSafe[progress.safeItem] : target.sequence[progress.item];
}

/** A target that gets no further: from anywhere but a safe point it is carried back to one. */
function ended(target: PlanTarget, progress: TargetProgress): TargetProgress {
  if (atSafePoint(target, progress.reached, progress.item)) return progress;
  if (target.makeSafe.length > 0) return { ...progress, safety: 'owed', safeItem: 0 };
  return { ...progress, safety: 'unsure', safetyNote: 'nothing was signed that would bring it back to safety' };
}

function nextSafe(target: PlanTarget, progress: TargetProgress, at: Instant): TargetProgress {
  const safeItem = progress.safeItem + 1;
  if (safeItem < target.makeSafe.length) return { ...progress, safeItem, open: null, since: at };
  return { ...progress, safeItem, safety: 'restored', safetyNote: 'brought back to safety', open: null, since: at };
}

function unsure(progress: TargetProgress, at: Instant, note: string): TargetProgress {
  return { ...progress, safety: 'unsure', safetyNote: `it could not be brought back to safety: ${note}`, open: null, since: at };
}

/** Opens the next wave when this one is proven, and ends the run when it must not or cannot go on. */
function settleWaves(plan: Plan, run: Run, at: Instant): Run {
  if (run.state !== 'running') return run;
  const wave = plan.waves[run.wave];
  const progress = (wave?.targetIds ?? []).map((id) => run.targets[id]!);
  if (run.stop) return settleStop(plan, run, at);
  if (failedTooMuch(plan, run) && !progress.some(isUnderWay)) return finish(run, 'halted', at);
  if (!progress.every(hasEnded)) return run;
  const next = plan.waves[run.wave + 1];
  if (!next) return finish(run, allVerified(run) ? 'complete' : 'partly', at);
  if (isHeldBackByFailures(plan) && !progress.every(({ status }) => PROVEN.has(status))) return finish(run, 'halted', at);
  const soak = next.ring === wave?.ring ? 0 : plan.limits.soakMinutes * MINUTE;
  return settleWaves(plan, { ...run, wave: run.wave + 1, cleared: false, waveFrom: at + soak }, at);
}

/**
 * After a stop nothing begins: what is open is read to its end, unless its make-safe items end it, what is not at a safe point is carried to
 * one, the rest stays unverified.
 */
function settleStop(plan: Plan, run: Run, at: Instant): Run {
  const targets = mapTargets(run, (id, progress) => {
    const target = targetOf(plan, id);
    if (isInterrupted(target, progress)) {
      return ended(target, { ...progress, status: 'unverified', open: null, since: at, note: 'stopped while it was under way' });
    }
    if (progress.status !== 'done' || progress.open) return progress;
    return ended(target, { ...progress, status: 'unverified', since: at, note: 'stopped before the proof' });
  });
  const settled = { ...run, targets };
  if (Object.values(targets).some((progress) => isUnderWay(progress))) return settled;
  return finish(settled, allVerified(settled) ? 'complete' : 'stopped', at);
}

function isInterrupted(target: PlanTarget, progress: TargetProgress): boolean {
  if (progress.open === null || progress.safety === 'owed') return false;
  const item = itemOf(target, progress);
  return item?.do === 'change' && item.interruptible === true;
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

function stopIfTooManyDropped(plan: Plan, run: Run, at: Instant): Run {
  if (run.stop || !tooManyDropped(plan, run)) return run;
  return { ...run, stop: { by: null, at, reason: 'too many targets changed since the plan was signed' } };
}

/** Of the targets that nobody holds. */
function tooManyDropped(plan: Plan, run: Run): boolean {
  const all = Object.values(run.targets);
  const dropped = all.filter(({ status }) => status === 'dropped').length;
  const wanted = all.filter(({ status }) => status !== 'held').length;
  return dropped === wanted || dropped / wanted > plan.limits.maxDroppedShare;
}

function dropAll(run: Run, dropped: readonly Drop[], at: Instant): Run['targets'] {
  const because = new Map(dropped.map((drop) => [drop.targetId, drop.because]));
  return mapTargets(run, (id, progress) =>
    because.has(id) && progress.status === 'planned'
      ? { ...progress, status: 'dropped', since: at, note: because.get(id) as string }
      : progress,
  );
}

function holdWords({ by, reason }: Hold): string {
  return reason === '' ? `held by ${by.name}` : `held by ${by.name}: ${reason}`;
}

function targetOf(plan: Plan, id: string): PlanTarget {
  const target = plan.targets.find((candidate) => candidate.id === id);
  if (!target) throw new Error(`the plan ${plan.id} has no target ${id}`);
  return target;
}

/** The same object when nothing changed, so that saving it costs nothing. */
function mapTargets(run: Run, map: (id: string, progress: TargetProgress) => TargetProgress): Run['targets'] {
  const changed = Object.entries(run.targets).flatMap(([id, progress]) => {
    const next = map(id, progress);
    return next === progress ? [] : [[id, next] as const];
  });
  return changed.length === 0 ? run.targets : { ...run.targets, ...Object.fromEntries(changed) };
}

function change(run: Run, targetId: string, map: (progress: TargetProgress) => TargetProgress): Run {
  return run.state === 'running' ? changeAnyTime(run, targetId, map) : run;
}

function changeAnyTime(run: Run, targetId: string, map: (progress: TargetProgress) => TargetProgress): Run {
  const before = run.targets[targetId];
  if (!before) return run;
  const after = map(before);
  return after === before ? run : { ...run, targets: { ...run.targets, [targetId]: after } };
}
