import type { Instant } from '../../core/instant.ts';
import { MINUTE } from '../../core/instant.ts';
import { agesOf } from '../../core/readiness.ts';
import type { Context } from './context.ts';
import type { Fleet } from './evaluation/fleet.ts';
import { createFleet } from './evaluation/fleet.ts';
import { kindsAround, readGround } from './evaluation/ground.ts';
import { createJudgeMachines } from './evaluation/judge-machines.ts';
import { createJudgeWide } from './evaluation/judge-wide.ts';
import type { Survey } from './evaluation/survey.ts';
import { survey } from './evaluation/survey.ts';

/** What came of an evaluation: how many subjects changed, and how things stood that it went by. */
export interface Evaluated {
  readonly changed: number;
  readonly seen: Survey;
}

/** Judges what has to be judged anew. A call during an evaluation is answered by the next one. */
export type Evaluate = () => Promise<Evaluated>;

/** The parts are looked at this often also when nothing was written: each has its turn to be judged anew. */
const AT_LEAST_EVERY = MINUTE;

export function createEvaluate(context: Context, fleet: Fleet = createFleet(context)): Evaluate {
  const evaluator = createEvaluator(context, fleet);
  let running: Promise<Evaluated> | null = null;
  let waiting: Promise<Evaluated> | null = null;

  async function start(): Promise<Evaluated> {
    try {
      return await evaluator();
    } finally {
      running = null;
    }
  }

  return () => {
    if (!running) {
      running = start();
      return running;
    }
    // The one under way may have read a part before the evidence was written that this call is about.
    waiting ??= running
      .catch(() => null)
      .then(() => {
        waiting = null;
        running = start();
        return running;
      });
    return waiting;
  };
}

function createEvaluator(context: Context, fleet: Fleet): Evaluate {
  const { store, steps } = context;
  const ages = agesOf(steps);
  const around = kindsAround(steps.filter(({ subject }) => subject === 'machine'));
  const [judgeMachines, judgeWide] = [createJudgeMachines(context), createJudgeWide(context)];
  let settled: { readonly mark: string; readonly at: Instant } | null = null;

  return async () => {
    const seen = await store.transact((tx) => survey(context, tx, ages));
    const { now, mark, dueAt } = seen;
    const isSettled = settled?.mark === mark && now >= settled.at && now - settled.at < AT_LEAST_EVERY;
    if (isSettled && (dueAt === null || now < dueAt)) return { changed: 0, seen };
    const ground = await store.transact((tx) => readGround(context, tx, fleet, seen, around));
    const changed = (await judgeMachines(ground)) + (await judgeWide(ground));
    // An evaluation that was cut off may have left what comes at its end undone.
    if (changed > 0 || settled === null) await store.transact((tx) => tx.closeEvaluation(now));
    settled = { mark, at: now };
    return { changed, seen };
  };
}
