import type { Collection, Evidence, Read } from '../../../core/evidence.ts';
import type { ExtensionFacts } from '../../../core/facts/defender.ts';
import type { Instant } from '../../../core/instant.ts';
import type { AzureContext } from '../context.ts';
import { EXTENSIONS, extensionEvidence, hides } from '../extension-facts.ts';
import { readExtensionStatus } from '../extension-status.ts';
import { GRAPH_SOURCE } from '../graph-collection.ts';
import { mapLimited } from '../limited.ts';
import { parseMachineId } from '../machine-id.ts';
import type { FoundOfMachines } from '../of-machines.ts';
import { collectOfMachines, machineBefore } from '../of-machines.ts';
import { queries } from '../queries.ts';
import { troubleOf } from '../trouble.ts';

const PART = '/extensions/';
/** How many providers are asked at once, and in one collection: Resource Manager takes 25 reads a second of a subscription. */
const AT_ONCE = 6;
const MOST_ASKED = 500;

type Found = Map<string, { readonly evidence: Evidence<ExtensionFacts>; readonly name: string }>;

/**
 * The Defender for Endpoint extension of every machine. "None" is only said when both lists were read to their ends. Of those that did not
 * succeed the resource provider is asked why; when it does not say, state and version stay and the message is empty.
 */
export function collectDefenderExtensions(context: AzureContext): Promise<Collection<'defender-extension'>> {
  return collectOfMachines(context, {
    kind: 'defender-extension',
    what: EXTENSIONS,
    none: { present: false },
    read: (at) => readExtensions(context, at),
  });
}

async function readExtensions(context: AzureContext, at: Instant): Promise<FoundOfMachines<'defender-extension'>> {
  const found: Found = new Map();
  const end = await context.graph.each(queries.extensions, (row) => {
    // Extension ids come in mixed letter case: `…/Machines/web1/Extensions/MDE.Windows`.
    const machine = machineBefore(PART, row['id']);
    if (machine === null) return;
    const evidence = extensionEvidence(row, machine, GRAPH_SOURCE, at);
    const name = String(row['id']).slice(machine.length + PART.length);
    if (!hides(found.get(machine)?.evidence, evidence)) found.set(machine, { evidence, name });
  });
  await askWhy(context, found);
  return { found: new Map([...found].map(([id, { evidence }]) => [id, evidence])), ends: [end] };
}

/** Those that failed first: the others may still get there. */
async function askWhy(context: AzureContext, found: Found): Promise<void> {
  const troubled = [...found].flatMap(([id, { evidence, name }]) => (isTroubled(evidence) ? [{ id, evidence, name }] : []));
  const failed = ({ evidence }: (typeof troubled)[number]) => evidence.value.state === 'Failed';
  const asked = [...troubled.filter(failed), ...troubled.filter((one) => !failed(one))].slice(0, MOST_ASKED);
  /** Subscriptions whose limits leave no room: each further question would only wait in vain. */
  const full = new Set<string>();
  await mapLimited(asked, AT_ONCE, async ({ id, evidence, name }) => {
    const machine = parseMachineId(id);
    if (machine === null || full.has(machine.subscriptionId)) return;
    try {
      const status = await readExtensionStatus(context.clients, id, machine, name);
      found.set(id, { evidence: { ...evidence, value: { ...evidence.value, ...status } }, name });
    } catch (error) {
      const { kind } = troubleOf(error);
      if (kind === 'incomplete' || kind === 'throttled') full.add(machine.subscriptionId);
      context.log.warn('an extension’s status was not read', { machine: id, trouble: kind });
    }
  });
}

function isTroubled(evidence: Evidence<ExtensionFacts>): evidence is Read<Extract<ExtensionFacts, { present: true }>> {
  return evidence.state === 'read' && evidence.value.present && evidence.value.state !== 'Succeeded';
}
