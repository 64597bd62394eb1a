import { z } from 'zod';
import type { Collection, Evidence } from '../../../core/evidence.ts';
import { read, unread } from '../../../core/evidence.ts';
import type { DefenderPlan } from '../../../core/facts/defender.ts';
import type { AzureContext } from '../context.ts';
import { subscriptionWords } from '../context.ts';
import { GRAPH_SOURCE, graphFailure } from '../graph-collection.ts';
import { malformed } from '../malformed.ts';
import { queries } from '../queries.ts';

const WHAT = 'the Defender for Servers plan';

/** A switch comes as a text, in newer answers as a boolean. */
const isOn = z.union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })]);

const planRow = z.object({
  tier: z.enum(['Free', 'Standard']),
  subPlan: z
    .string()
    .nullish()
    .transform((value) => value || null),
  extensions: z
    .array(z.object({ name: z.string().min(1), isEnabled: isOn }))
    .nullish()
    .transform((list) => Object.fromEntries((list ?? []).map(({ name, isEnabled }) => [name, isEnabled]))),
});

/** The Defender for Servers plan of every subscription. A subscription without a row is unread, never free of charge. */
export async function collectDefenderPlans(context: AzureContext): Promise<Collection<'defender-plan'>> {
  const at = context.clock.now();
  const [answer, unseen] = await Promise.all([context.graph.queryAll(queries.plans), context.unseen()]);
  const rows = new Map(answer.rows.map((row) => [String(row['id']).toLowerCase(), row]));
  const failure = graphFailure(context, WHAT, [answer], [], at);
  const subjects: Record<string, Evidence<DefenderPlan>> = {};
  for (const subscription of context.subscriptions) {
    // Single machines may have a plan of their own; theirs stand under the machine's id.
    const row = rows.get(`/subscriptions/${subscription.id}/providers/microsoft.security/pricings/virtualmachines`);
    const hidden = unseen.find(({ id }) => id === subscription.id);
    if (row) subjects[subscription.id] = evidenceOf(row, subscription.name, at);
    else if (hidden) subjects[subscription.id] = unread(hidden.reason, hidden.fix, GRAPH_SOURCE, at);
    else subjects[subscription.id] = failure ?? noRow(subscriptionWords(subscription), at);
  }
  return { kind: 'defender-plan', source: GRAPH_SOURCE, collectedAt: at, subjects, failure };
}

function evidenceOf(row: Readonly<Record<string, unknown>>, name: string, at: number): Evidence<DefenderPlan> {
  const parsed = planRow.safeParse(row);
  return parsed.success ? read(parsed.data, GRAPH_SOURCE, at) : malformed(WHAT, name, GRAPH_SOURCE, at);
}

function noRow(where: string, at: number): Evidence<DefenderPlan> {
  return unread(
    `Resource Graph shows no Defender for Servers plan for ${where}`,
    `Grant the reader identity the role Security Reader on ${where}, or open Defender for Cloud once for it so that its plans are recorded.`,
    GRAPH_SOURCE,
    at,
  );
}
