import type { RunView } from '../../../cards/run/data.ts';
import type { Plan } from '../../../core/plan.ts';
import type { Run, TargetProgress } from '../../../core/run.ts';
import { failures, hasEnded } from '../../../core/run.ts';

/** How often an untouched run card is edited at the latest. */
export const NEXT_UPDATE_MS = 10 * 60_000;

const STATUS_WORDS: Readonly<Record<TargetProgress['status'], string>> = {
  planned: 'waiting',
  intent: 'changing',
  done: 'changed, not proven yet',
  failed: 'failed',
  ambiguous: 'unclear',
  verified: 'proven',
  mismatch: 'said done, but nothing changed',
  unverified: 'could not be proven',
  dropped: 'dropped before the start',
  untouched: 'not touched',
};

/** The living card of a run. */
export function runView(plan: Plan, run: Run, now: number): RunView {
  const all = Object.values(run.targets);
  const count = (...statuses: TargetProgress['status'][]) => all.filter(({ status }) => statuses.includes(status)).length;
  const bad = new Set(failures(run));
  const attention = plan.targets
    .map((target) => ({ target, progress: run.targets[target.id]! }))
    .filter(({ progress }) => ['failed', 'mismatch', 'unverified', 'ambiguous', 'dropped'].includes(progress.status));
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
    waves: plan.waves.map((wave, index) => {
      const progress = wave.targetIds.map((id) => run.targets[id]!);
      const ended = progress.every(hasEnded);
      const badHere = wave.targetIds.filter((id) => bad.has(id)).length;
      const begun = run.state !== 'waiting' && index <= run.wave;
      const proven = progress.filter(({ status }) => status === 'verified').length;
      const settled = proven > 0 && progress.every(({ status }) => status === 'verified' || status === 'dropped');
      const state = !begun ? 'waiting' : settled ? 'proven' : ended || run.state === 'finished' ? 'held' : 'running';
      const working = wave.targetIds.filter((id) => run.targets[id]!.open).length;
      return {
        name: wave.name,
        total: progress.length,
        proven,
        bad: badHere,
        state,
        detail: state === 'running' ? `${working} being worked on` : state === 'held' ? `${progress.length - proven} not proven` : '',
      };
    }),
    counts: {
      total: all.length,
      verified: count('verified'),
      bad: bad.size,
      underWay: all.filter((progress) => !hasEnded(progress) && progress.status !== 'planned').length,
      dropped: count('dropped'),
      untouched: count('untouched'),
      planned: count('planned'),
    },
    attention: attention.map(({ target, progress }) => ({ name: target.name, status: STATUS_WORDS[progress.status], note: progress.note })),
    stop: run.stop && { by: run.stop.by?.name ?? null, at: run.stop.at, reason: run.stop.reason },
    nextUpdateBy: run.state === 'finished' ? null : now + NEXT_UPDATE_MS,
  };
}
