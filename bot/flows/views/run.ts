import type { RunView, RunWave } from '../../../cards/run/data.ts';
import { isFresh } from '../../../core/engine-sightings.ts';
import type { FinalState } from '../../../core/final-check.ts';
import { finalCounts } from '../../../core/final-check.ts';
import { hasFollowUp } from '../../../core/follow-up.ts';
import type { GapRecord } from '../../../core/gap-record.ts';
import type { Instant } from '../../../core/instant.ts';
import { MINUTE } from '../../../core/instant.ts';
import type { Plan, Wave } from '../../../core/plan.ts';
import type { Run, TargetProgress } from '../../../core/run.ts';
import { failedTooMuch, hasEnded, isBad } from '../../../core/run.ts';
import type { Safety } from '../../../core/safety.ts';
import { count as countOf } from '../words.ts';

/** A run's card is edited at least this often while the run goes on. */
export const NEXT_UPDATE_MS = 10 * MINUTE;

/** What became of a machine, for people. */
export const statusWords: Readonly<Record<TargetProgress['status'], string>> = {
  planned: 'waiting',
  intent: 'changing',
  done: 'changed, not proven yet',
  failed: 'failed',
  ambiguous: 'unclear',
  verified: 'proven',
  mismatch: 'said done, but nothing changed',
  unverified: 'could not be proven',
  dropped: 'dropped before the start',
  held: 'held out of it',
  untouched: 'not touched',
};

/** What is to be added for a machine that left its safe point. */
export const safetyWords: Readonly<Record<Safety, string>> = {
  kept: '',
  owed: '; being brought back to safety',
  restored: '; brought back to safety',
  unsure: '; NOT KNOWN TO BE SAFE',
};

const ATTENTION: ReadonlySet<TargetProgress['status']> = new Set(['failed', 'mismatch', 'unverified', 'ambiguous', 'dropped']);

/** The living card of a run; `final` is its final verification, where there is one, `gaps` what its changes left its machines in. */
export function runView(plan: Plan, run: Run, final: FinalState | null, now: Instant, gaps: readonly GapRecord[] = []): RunView {
  const all = plan.targets.map((target) => ({ target, progress: run.targets[target.id]! }));
  const unsafe = all.filter(({ progress }) => progress.safety === 'unsure');
  const attention = all.filter(({ progress }) => progress.safety !== 'unsure' && ATTENTION.has(progress.status));
  return {
    id: plan.id,
    hash: run.planHash,
    title: plan.title,
    state: run.state,
    verdict: run.verdict,
    startsAt: run.startsAt,
    begunAt: run.begunAt,
    endedAt: run.endedAt,
    updatedAt: now,
    waves: plan.waves.map((wave, index) => waveView(wave, index, run, now)),
    counts: countsOf(run),
    unsafe: unsafe.map(({ target, progress }) => ({ name: target.name, note: progress.safetyNote })),
    attention: attention
      .toSorted((a, b) => urgency(a.progress) - urgency(b.progress))
      .map(({ target, progress }) => ({
        name: target.name,
        status: `${statusWords[progress.status]}${safetyWords[progress.safety]}`,
        note: progress.note,
      })),
    stop: run.stop && { by: run.stop.by?.name ?? null, at: run.stop.at, reason: run.stop.reason },
    halting: run.state === 'running' && failedTooMuch(plan, run),
    window: plan.window && { name: plan.window.name, until: plan.window.until },
    final: final && finalCounts(plan, final),
    gaps: gapsOf(plan, gaps, now),
    followUps: { rest: hasFollowUp(plan, run, 'rest'), undo: hasFollowUp(plan, run, 'undo') },
    nextUpdateBy: run.state === 'finished' ? null : now + NEXT_UPDATE_MS,
  };
}

/** Those that were told in a post of their own stand there: its plan no longer accounts for them. */
function gapsOf(plan: Plan, gaps: readonly GapRecord[], now: Instant): RunView['gaps'] {
  const untold = gaps.filter(({ post }) => post === null);
  if (untold.length === 0) return [];
  const names = new Map(plan.targets.map(({ id, name }) => [id, name]));
  return untold.map(({ machineId, condition, lastGood, firstBad, lastBad, firstGood, ended }) => ({
    condition,
    lastGood,
    firstBad,
    lastBad,
    firstGood,
    ended,
    name: names.get(machineId) ?? machineId,
    known: isFresh('guest', lastBad, now),
  }));
}

/** Where each machine is counted, exactly once. */
type Place = Exclude<keyof RunView['counts'], 'total' | 'restored' | 'unsafe'>;

function placeOf(progress: TargetProgress): Place {
  if (progress.safety === 'owed') return 'restoring';
  if (progress.safety === 'unsure' || isBad(progress)) return 'bad';
  return hasEnded(progress) || progress.status === 'planned' ? PLACES[progress.status] : 'underWay';
}

const PLACES: Readonly<Record<TargetProgress['status'], Place>> = {
  planned: 'planned',
  intent: 'underWay',
  done: 'underWay',
  failed: 'bad',
  ambiguous: 'bad',
  verified: 'verified',
  mismatch: 'bad',
  unverified: 'bad',
  dropped: 'dropped',
  held: 'held',
  untouched: 'untouched',
};

function countsOf(run: Run): RunView['counts'] {
  const all = Object.values(run.targets);
  const places = { verified: 0, bad: 0, underWay: 0, restoring: 0, dropped: 0, held: 0, untouched: 0, planned: 0 };
  for (const progress of all) places[placeOf(progress)] += 1;
  const safety = (wanted: Safety) => all.filter((progress) => progress.safety === wanted).length;
  return { ...places, total: all.length, restored: safety('restored'), unsafe: safety('unsure') };
}

/** What is going on comes first, what never began last. */
function urgency({ safety, status }: TargetProgress): number {
  if (safety === 'owed') return 0;
  return status === 'dropped' ? 2 : 1;
}

function waveView(wave: Wave, index: number, run: Run, now: Instant): RunWave {
  const progress = wave.targetIds.map((id) => run.targets[id]!);
  const proven = progress.filter(({ status }) => status === 'verified').length;
  const state = waveState(progress, index, run);
  const waits = state === 'waiting' && index === run.wave && run.state === 'running';
  const soaks = waits && run.waveFrom > now;
  return {
    name: wave.name,
    total: progress.length,
    proven,
    bad: progress.filter((one) => placeOf(one) === 'bad').length,
    state,
    detail: waits && !soaks ? 'looked at again before it begins' : waveDetail(state, progress, proven),
    soaksUntil: soaks ? run.waveFrom : null,
  };
}

const LEFT_OUT: ReadonlySet<TargetProgress['status']> = new Set(['dropped', 'held']);

function waveState(progress: readonly TargetProgress[], index: number, run: Run): RunWave['state'] {
  const begun = run.state !== 'waiting' && (index < run.wave || (index === run.wave && run.cleared));
  const settled = progress.every(({ status }) => status === 'verified' || LEFT_OUT.has(status));
  if (run.state === 'finished' && progress.every(({ status }) => status === 'untouched' || LEFT_OUT.has(status))) return 'untouched';
  if (!begun) return 'waiting';
  if (settled && progress.some(({ status }) => status === 'verified')) return 'proven';
  return progress.every(hasEnded) || run.state === 'finished' ? 'held' : 'running';
}

function waveDetail(state: RunWave['state'], progress: readonly TargetProgress[], proven: number): string {
  if (state === 'held') return `${progress.length - proven} not proven`;
  if (state !== 'running') return '';
  const restoring = progress.filter(({ safety }) => safety === 'owed').length;
  const working = progress.filter(({ open, safety }) => open !== null && safety !== 'owed').length;
  const safe = restoring === 0 ? '' : `, ${countOf(restoring, 'machine')} being brought back to safety`;
  return `${working} being worked on${safe}`;
}
