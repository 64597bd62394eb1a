import type { Collection, Evidence } from '../../../core/evidence.ts';
import { read } from '../../../core/evidence.ts';
import type { MachineFacts } from '../../../core/machine.ts';
import type { AzureContext } from '../context.ts';
import { GRAPH_SOURCE, graphFailure } from '../graph-collection.ts';
import { machineFacts, machineRow } from '../machine-facts.ts';
import { malformed } from '../malformed.ts';
import { queries } from '../queries.ts';
import { unseenSubscriptions } from '../subscriptions.ts';

/** The inventory: every virtual machine and Arc server of the migration's subscriptions. */
export async function collectMachines(context: AzureContext): Promise<Collection<'machine'>> {
  const at = context.clock.now();
  const [answer, unseen] = await Promise.all([context.graph.queryAll(queries.machines), unseenSubscriptions(context)]);
  const subjects: Record<string, Evidence<MachineFacts>> = {};
  for (const row of answer.rows) {
    const parsed = machineRow.safeParse(row);
    if (parsed.success) subjects[parsed.data.id.toLowerCase()] = read(machineFacts(parsed.data), GRAPH_SOURCE, at);
    else if (typeof row['id'] === 'string') subjects[row['id'].toLowerCase()] = malformed('the inventory', row['id'], GRAPH_SOURCE, at);
  }
  const failure = graphFailure(context, 'the inventory', [answer], unseen, at);
  return { kind: 'machine', source: GRAPH_SOURCE, collectedAt: at, subjects, failure };
}
