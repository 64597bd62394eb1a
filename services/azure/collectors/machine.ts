import type { Collection, Evidence } from '../../../core/evidence.ts';
import { read } from '../../../core/evidence.ts';
import type { Instant } from '../../../core/instant.ts';
import type { MachineFacts } from '../../../core/machine.ts';
import type { AzureContext } from '../context.ts';
import { GRAPH_SOURCE, graphFailure } from '../graph-collection.ts';
import { machineFacts, machineRow } from '../machine-facts.ts';
import { malformed } from '../malformed.ts';
import { queries } from '../queries.ts';
import type { GraphEnd } from '../resource-graph.ts';

const WHAT = 'the inventory';

type Subjects = Record<string, Evidence<MachineFacts>>;

/** The inventory: every virtual machine and Arc server of the migration's subscriptions. */
export async function collectMachines(context: AzureContext): Promise<Collection<'machine'>> {
  const at = context.clock.now();
  const subjects: Subjects = {};
  const reading = readInto(subjects, context, at);
  context.roll.note(reading.then((end) => ({ ...end, ids: Object.keys(subjects) })));
  const [end, unseen] = await Promise.all([reading, context.unseen()]);
  return { kind: 'machine', source: GRAPH_SOURCE, collectedAt: at, subjects, failure: graphFailure(context, WHAT, [end], unseen, at) };
}

function readInto(subjects: Subjects, { graph }: AzureContext, at: Instant): Promise<GraphEnd> {
  return graph.each(queries.machines, (row) => {
    const parsed = machineRow.safeParse(row);
    if (parsed.success) subjects[parsed.data.id.toLowerCase()] = read(machineFacts(parsed.data), GRAPH_SOURCE, at);
    else if (typeof row['id'] === 'string') subjects[row['id'].toLowerCase()] = malformed(WHAT, row['id'], GRAPH_SOURCE, at);
  });
}
