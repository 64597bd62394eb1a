import { listCard } from '../../../cards/list/data.ts';
import type { RenderedCard } from '../../../core/ports.ts';
import type { Context } from '../context.ts';
import { frameOf } from '../context.ts';
import { notice } from '../notice.ts';
import { runCardOf } from '../runs/run-card.ts';
import { count } from '../words.ts';

/** The run under way, or the list when there are several, or the last one when none is. */
export async function runsList(context: Context): Promise<RenderedCard> {
  const runs = await context.store.transact(async (tx) => {
    const open = await tx.openRuns();
    const shown = open.length > 0 ? open : await tx.latestRuns(1);
    return Promise.all(shown.map(async ({ run }) => ({ run, plan: (await tx.plan(run.planHash))!.plan })));
  });
  const [only] = runs;
  if (!only) return notice(context, 'info', 'Nothing has run yet.', 'A run begins when a plan has its signatures.');
  if (runs.length === 1) return (await runCardOf(context, only.run.planHash)) as RenderedCard;
  const items = runs.map(({ run, plan }) => ({
    id: plan.id,
    hash: null,
    title: plan.title,
    detail: `${Object.values(run.targets).filter(({ status }) => status === 'verified').length} of ${plan.targets.length} proven`,
  }));
  return listCard({ title: 'Runs under way', sentence: `${count(runs.length, 'run')} under way.`, items }, frameOf(context));
}
