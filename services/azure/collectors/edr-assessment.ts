import type { Collection, Evidence } from '../../../core/evidence.ts';
import { read } from '../../../core/evidence.ts';
import type { EdrAssessment } from '../../../core/facts/devices.ts';
import type { Instant } from '../../../core/instant.ts';
import type { AzureContext } from '../context.ts';
import type { EdrFinding } from '../edr-assessment.ts';
import { edrFacts, edrFinding } from '../edr-assessment.ts';
import { GRAPH_SOURCE } from '../graph-collection.ts';
import { malformed } from '../malformed.ts';
import type { FoundOfMachines } from '../of-machines.ts';
import { collectOfMachines, machineBefore } from '../of-machines.ts';
import { queries } from '../queries.ts';

const WHAT = 'the agentless assessments';
const PART = '/providers/microsoft.security/assessments/';

/**
 * What agentless scanning found of endpoint detection on every machine. The fleet is asked of Resource Graph: Defender for Cloud's own list
 * would bring every assessment of every resource along.
 */
export function collectEdrAssessments(context: AzureContext): Promise<Collection<'edr-assessment'>> {
  return collectOfMachines(context, {
    kind: 'edr-assessment',
    what: WHAT,
    none: { assessed: false },
    read: (at) => readAssessments(context, at),
  });
}

/** The two findings of a machine may lie on two pages, so a list that was cut says nothing about anybody. */
async function readAssessments({ graph }: AzureContext, at: Instant): Promise<FoundOfMachines<'edr-assessment'>> {
  const byMachine = new Map<string, readonly EdrFinding[] | null>();
  const end = await graph.each(queries.edrAssessments, (row) => {
    const machine = machineBefore(PART, row['id']);
    if (machine === null) return;
    const finding = edrFinding(row);
    const before = byMachine.get(machine);
    byMachine.set(machine, finding === null || before === null ? null : [...(before ?? []), finding]);
  });
  const found = new Map<string, Evidence<EdrAssessment>>();
  for (const [machine, findings] of end.complete ? byMachine : []) {
    found.set(machine, findings ? read(edrFacts(findings), GRAPH_SOURCE, at) : malformed(WHAT, machine, GRAPH_SOURCE, at));
  }
  return { found, ends: [end] };
}
