import { z } from 'zod';
import { targetsCard } from '../../../cards/targets/data.ts';
import type { RenderedCard } from '../../../core/ports.ts';
import type { Context } from '../context.ts';
import { frameOf } from '../context.ts';
import { notice } from '../notice.ts';
import { whereOf } from '../views/sign-off.ts';
import { planIdSchema } from './decide-sign-off.ts';

const PAGE = 25;

/** A page of a plan's machines, as its button asks for it. */
export const targetPageSchema = planIdSchema.extend({ page: z.number().int().min(1).max(10_000) });

/** One page of the machines of a plan that is too long to name them on its card. A page past the last one is the last one. */
export async function targetPage(context: Context, hash: string, page: number): Promise<RenderedCard> {
  const record = await context.store.transact((tx) => tx.plan(hash));
  if (!record) return notice(context, 'refused', 'This plan is not known here.', 'Ask “whats waiting” for the open plans.');
  const { plan, signOff } = record;
  const pages = Math.max(1, Math.ceil(plan.targets.length / PAGE));
  const shown = Math.min(page, pages);
  const holds = new Map(signOff.holds.map((hold) => [hold.targetId, `${hold.by.name}: ${hold.reason}`]));
  const rows = plan.targets.slice((shown - 1) * PAGE, shown * PAGE).map(({ id, name, ring, found }) => {
    return { name, ring, where: whereOf(id), found, held: holds.get(id) ?? null };
  });
  return targetsCard({ id: plan.id, hash, title: plan.title, page: shown, pages, total: plan.targets.length, rows }, frameOf(context));
}
