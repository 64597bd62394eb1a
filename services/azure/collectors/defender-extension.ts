import { z } from 'zod';
import type { Collection, Evidence, ExtensionFacts } from '../../../core/evidence.ts';
import { read } from '../../../core/evidence.ts';
import type { AzureContext } from '../context.ts';
import { GRAPH_SOURCE, graphFailure } from '../graph-collection.ts';
import { malformed } from '../malformed.ts';
import { queries } from '../queries.ts';
import { unseenSubscriptions } from '../subscriptions.ts';

const WHAT = 'the Defender extensions';

const extensionRow = z.object({ extension: z.string().min(1), state: z.string().min(1), version: z.string().nullish() });

/** The Defender for Endpoint extension of every machine. "None" is only said when both lists were read to their ends. */
export async function collectDefenderExtensions(context: AzureContext): Promise<Collection<'defender-extension'>> {
  const at = context.clock.now();
  const [extensions, machines, unseen] = await Promise.all([
    context.graph.queryAll(queries.extensions),
    context.graph.queryAll(queries.machineIds),
    unseenSubscriptions(context),
  ]);
  const subjects: Record<string, Evidence<ExtensionFacts>> = {};
  if (extensions.complete) {
    for (const { id } of machines.rows) if (typeof id === 'string') subjects[id.toLowerCase()] = read({ present: false }, GRAPH_SOURCE, at);
  }
  for (const row of extensions.rows) {
    const machine = machineOf(row['id']);
    if (machine === null) continue;
    const found = evidenceOf(row, machine, at);
    if (!hides(subjects[machine], found)) subjects[machine] = found;
  }
  const failure = graphFailure(context, WHAT, [extensions, machines], unseen, at);
  return { kind: 'defender-extension', source: GRAPH_SOURCE, collectedAt: at, subjects, failure };
}

/** Extension ids come in mixed letter case: `…/Machines/web1/Extensions/MDE.Windows`. */
function machineOf(id: unknown): string | null {
  const [machine, extension] = typeof id === 'string' ? id.toLowerCase().split('/extensions/') : [];
  return machine && extension ? machine : null;
}

function evidenceOf(row: Readonly<Record<string, unknown>>, machine: string, at: number): Evidence<ExtensionFacts> {
  const parsed = extensionRow.safeParse(row);
  if (!parsed.success) return malformed(WHAT, machine, GRAPH_SOURCE, at);
  const { extension, state, version } = parsed.data;
  return read({ present: true, type: extension, state, version: version ?? '' }, GRAPH_SOURCE, at);
}

/** With two extensions on one machine the healthy one must not hide the other. */
function hides(before: Evidence<ExtensionFacts> | undefined, found: Evidence<ExtensionFacts>): boolean {
  if (before?.state === 'unread') return true;
  if (before === undefined || !before.value.present || found.state === 'unread') return false;
  return found.value.present && found.value.state === 'Succeeded';
}
