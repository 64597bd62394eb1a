import { z } from 'zod';
import type { Person } from '../../../core/person.ts';
import { phases } from '../../../core/phase.ts';
import type { RenderedCard } from '../../../core/ports.ts';
import { phaseChecklist } from '../answers/checklist.ts';
import type { Context } from '../context.ts';
import type { Overview } from '../readiness/overview.ts';
import { noSuchRing } from '../ring-called.ts';
import { livingFor, livingKey } from './living-key.ts';

/** What the buttons of a checklist carry: a phase, and a ring where it is narrowed to one. */
export const checklistSchema = z.strictObject({
  phase: z.enum(phases),
  /** Empty for all rings, as a choice says it. */
  ring: z.string().max(100).optional(),
  only: z.enum(['open', 'all']).optional(),
});

/** One person's own view of a phase; the card that everyone sees stays as it is. */
export async function ownChecklist(
  context: Context,
  { phase, ring = '', only = 'all' }: z.infer<typeof checklistSchema>,
  person: Person,
  overview: Overview,
): Promise<RenderedCard> {
  const scope = ring === '' ? {} : { ring };
  const living = livingFor(context.migration, phase, scope);
  if (!living) return noSuchRing(context, ring);
  const card = await context.store.transact((tx) => tx.card(livingKey(living)));
  const kept = card && { postedAt: card.postedAt };
  return phaseChecklist(context, phase, overview, living.ring === null ? {} : { ring: living.ring }, {
    viewer: person,
    openOnly: only === 'open',
    kept,
  });
}
