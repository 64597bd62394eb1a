import type { Collection, Evidence } from '../../../core/evidence.ts';
import type { UpdateFacts } from '../../../core/facts/updates.ts';
import type { Instant } from '../../../core/instant.ts';
import type { AzureContext } from '../context.ts';
import { GRAPH_SOURCE } from '../graph-collection.ts';
import { malformed } from '../malformed.ts';
import type { FoundOfMachines } from '../of-machines.ts';
import { collectOfMachines, machineBefore } from '../of-machines.ts';
import { assessmentEvidence } from '../patch-assessment.ts';
import { ASSESSMENT_PART, createPendingUpdates } from '../pending-updates.ts';
import { queries } from '../queries.ts';

const WHAT = 'the update assessments';

/**
 * The last patch assessment of every machine with what it found missing. As long as a patch may lie on a page that was lost, no machine's
 * assessment counts as read.
 */
export function collectUpdates(context: AzureContext): Promise<Collection<'updates'>> {
  return collectOfMachines(context, {
    kind: 'updates',
    what: WHAT,
    none: { assessed: false },
    read: (at) => readUpdates(context, at),
  });
}

async function readUpdates({ graph }: AzureContext, at: Instant): Promise<FoundOfMachines<'updates'>> {
  const pending = createPendingUpdates();
  const [summaries, patches] = await Promise.all([
    graph.queryAll(queries.assessments),
    graph.each(queries.patches, (row) => pending.take(row)),
  ]);
  const found = new Map<string, Evidence<UpdateFacts>>();
  for (const row of patches.complete ? summaries.rows : []) {
    const machine = machineBefore(ASSESSMENT_PART, row['id']);
    if (machine === null) continue;
    const evidence = pending.isBroken(machine)
      ? malformed(WHAT, machine, GRAPH_SOURCE, at)
      : assessmentEvidence(row, machine, pending.of(machine), GRAPH_SOURCE, at);
    found.set(machine, evidence);
  }
  return { found, ends: [summaries, patches] };
}
