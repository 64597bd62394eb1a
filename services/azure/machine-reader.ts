import type { Evidence, EvidenceOf } from '../../core/evidence.ts';
import { read } from '../../core/evidence.ts';
import type { Instant } from '../../core/instant.ts';
import type { MachineReader } from '../../core/ports.ts';
import type { AzureContext } from './context.ts';
import type { EdrFinding } from './edr-assessment.ts';
import { edrFacts, edrFinding } from './edr-assessment.ts';
import { unreadBecause } from './errors.ts';
import { EXTENSIONS } from './extension-facts.ts';
import { Incomplete } from './incomplete.ts';
import { requireList } from './list-answer.ts';
import { readDefenderExtension } from './machine-extensions.ts';
import { machineFacts } from './machine-facts.ts';
import type { MachineId } from './machine-id.ts';
import { parseMachineId } from './machine-id.ts';
import { readMachineRow } from './machine-resource.ts';

type Asking = Pick<AzureContext, 'clients' | 'clock'>;
/** The kinds that a resource provider tells of one machine alone. */
type NarrowKind = 'machine' | 'defender-extension' | 'edr-assessment';

const SOURCE = 'the resource provider';
const MOST_PAGES = 50;

/**
 * Reads one machine again from the resource providers, each kind by itself. Updates, machine configuration and maintenance are not told
 * there for one machine in full, so they wait for their collection; agentless scanning knows virtual machines of Azure only.
 */
export function createMachineReader(context: Asking): MachineReader {
  const { clients } = context;
  return async (machineId) => {
    const id = machineId.toLowerCase();
    const machine = parseMachineId(id);
    if (machine === null) return {};
    const one = <K extends NarrowKind>(what: string, role: string, ask: (at: Instant) => Promise<Evidence<EvidenceOf[K]>>) =>
      asked(context, machine, { what, role, ask });
    const [facts, extension, edr] = await Promise.all([
      one<'machine'>('the inventory', 'Reader', async (at) => read(machineFacts(await readMachineRow(clients, id, machine)), SOURCE, at)),
      one<'defender-extension'>(EXTENSIONS, 'Reader', (at) => readDefenderExtension(clients, id, machine, SOURCE, at)),
      machine.kind === 'azure-vm'
        ? one<'edr-assessment'>('the agentless assessments', 'Security Reader', async (at) =>
            read(edrFacts(await findingsOf(context, id, machine)), SOURCE, at),
          )
        : null,
    ]);
    return { machine: facts, 'defender-extension': extension, ...(edr && { 'edr-assessment': edr }) };
  };
}

interface Question<T> {
  readonly what: string;
  readonly role: string;
  readonly ask: (at: Instant) => Promise<Evidence<T>>;
}

async function asked<T>({ clock }: Asking, { name }: MachineId, { what, role, ask }: Question<T>): Promise<Evidence<T>> {
  const at = clock.now();
  try {
    return await ask(at);
  } catch (error) {
    return unreadBecause(error, { what, where: `machine ${name}`, identity: 'reader', role }, SOURCE, at);
  }
}

async function findingsOf({ clients }: Asking, id: string, { subscriptionId }: MachineId): Promise<readonly EdrFinding[]> {
  const all: EdrFinding[] = [];
  let pages = 0;
  // The SDK puts a slash before the scope.
  const list = clients.security(subscriptionId).assessments.list(id.slice(1), { onResponse: requireList });
  for await (const page of list.byPage()) {
    for (const { name, status, additionalData } of page) {
      const finding = edrFinding({ name, code: status?.code, cause: status?.cause, additional: additionalData });
      if (finding) all.push(finding);
    }
    pages += 1;
    if (pages > MOST_PAGES) throw new Incomplete('Defender for Cloud did not come to an end');
  }
  return all;
}
