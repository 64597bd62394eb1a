import { z } from 'zod';
import type { Collection, Evidence } from '../../../core/evidence.ts';
import { read } from '../../../core/evidence.ts';
import type { ConfigurationFacts } from '../../../core/facts/updates.ts';
import type { Instant } from '../../../core/instant.ts';
import { phrasesIn } from '../configuration-report.ts';
import type { AzureContext } from '../context.ts';
import { GRAPH_SOURCE } from '../graph-collection.ts';
import { instantOf } from '../instant-of.ts';
import { malformed } from '../malformed.ts';
import type { FoundOfMachines } from '../of-machines.ts';
import { collectOfMachines, machineBefore } from '../of-machines.ts';
import { queries } from '../queries.ts';

const WHAT = 'the machine configuration';
const PART = '/providers/microsoft.guestconfiguration/';

const rowSchema = z.object({
  name: z.string().min(1),
  state: z.string().min(1),
  checked: z.string().nullish(),
  report: z.string().nullish(),
});

type Assignments = ConfigurationFacts['assignments'][number][];

/** The machine configuration assignments of every machine, with what their last report says. */
export function collectMachineConfigurations(context: AzureContext): Promise<Collection<'machine-configuration'>> {
  return collectOfMachines(context, {
    kind: 'machine-configuration',
    what: WHAT,
    none: { assignments: [] },
    read: (at) => readConfigurations(context, at),
  });
}

/** A machine's assignments may lie on two pages, so a list that was cut says nothing about anybody. */
async function readConfigurations({ graph }: AzureContext, at: Instant): Promise<FoundOfMachines<'machine-configuration'>> {
  const byMachine = new Map<string, Assignments | null>();
  const end = await graph.each(queries.configurations, (row) => {
    const machine = machineBefore(PART, row['id']);
    if (machine === null) return;
    const parsed = rowSchema.safeParse(row);
    const before = byMachine.get(machine);
    if (!parsed.success || before === null) return void byMachine.set(machine, null);
    const { name, state, checked, report } = parsed.data;
    const reasons = phrasesIn(report ?? '');
    byMachine.set(machine, [...(before ?? []), { name, state, checkedAt: instantOf(checked), reasons }]);
  });
  const found = new Map<string, Evidence<ConfigurationFacts>>();
  for (const [machine, assignments] of end.complete ? byMachine : []) {
    found.set(machine, assignments ? read({ assignments }, GRAPH_SOURCE, at) : malformed(WHAT, machine, GRAPH_SOURCE, at));
  }
  return { found, ends: [end] };
}
