import { z } from 'zod';
import type { Instant } from '../../core/instant.ts';
import { Incomplete } from '../azure/incomplete.ts';
import type { JsonReader } from '../azure/json-reader.ts';
import { troubleOf } from '../azure/trouble.ts';
import { optionalId, optionalInstant, words } from './fields.ts';
import type { JoinableDevice } from './joinable.ts';

/** A machine as Defender's machines list shows it. */
export interface ListedMachine extends JoinableDevice {
  /** Null when the list does not say: Microsoft's page of the machine resource leaves this field out. */
  readonly managedBy: string | null;
  readonly managedByStatus: string | null;
  readonly onboarding: string;
  readonly health: string;
  readonly lastSeen: Instant | null;
}

/** What one page holds at most. Source: “List machines API”, learn.microsoft.com. */
const PAGE = 10_000;
const MOST_PAGES = 1_000;
/** UNVERIFIED: the page says 404 for "no recent machines" and not with which code. Any other 404 is an address that is not there. */
const NO_MACHINES = 'ResourceNotFound';

const machineRow = z
  .object({
    id: z.string().min(1),
    computerDnsName: words,
    firstSeen: optionalInstant,
    lastSeen: optionalInstant,
    onboardingStatus: words,
    healthStatus: words,
    managedBy: words,
    managedByStatus: words,
    mergedIntoMachineId: optionalId,
    isPotentialDuplication: z.boolean().nullish(),
    isExcluded: z.boolean().nullish(),
    vmMetadata: z.object({ vmId: optionalId, resourceId: optionalId }).nullish(),
  })
  .transform(
    (row): ListedMachine => ({
      deviceId: row.id.toLowerCase(),
      name: row.computerDnsName,
      resourceId: row.vmMetadata?.resourceId ?? null,
      vmId: row.vmMetadata?.vmId ?? null,
      mergedInto: row.mergedIntoMachineId,
      setAside: row.isPotentialDuplication === true || row.isExcluded === true,
      firstSeen: row.firstSeen,
      lastSeen: row.lastSeen,
      managedBy: row.managedBy || null,
      managedByStatus: row.managedByStatus || null,
      onboarding: row.onboardingStatus,
      health: row.healthStatus,
    }),
  );

const pageSchema = z.object({ value: z.array(machineRow), '@odata.nextLink': z.string().nullish() });

/**
 * Every machine of the list. It goes on by `$skip`, which is documented, and takes a next link only for a sign that there is more. The
 * end is an answer without machines, not a short page. Throws Incomplete when a page lost its machines or the list moved meanwhile.
 */
export async function readMachinesList(defender: JsonReader): Promise<readonly ListedMachine[]> {
  const machines = new Map<string, ListedMachine>();
  // Without any machine the answer is 404, so the first page is never empty.
  let promised = true;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await machinesPage(defender, PAGE, machines.size);
    if (page === null && pages === 0) return [];
    if (page === null || page.value.length === 0) {
      if (promised) throw new Incomplete('the Defender machines list sent a page without machines where there are more');
      return [...machines.values()];
    }
    const before = machines.size;
    for (const machine of page.value) machines.set(machine.deviceId, machine);
    if (machines.size < before + page.value.length) throw new Incomplete('the Defender machines list changed while it was read');
    promised = Boolean(page['@odata.nextLink']);
  }
  throw new Incomplete('the Defender machines list did not come to an end');
}

/** One page of the list; null when Defender knows no machine there. */
export async function machinesPage(defender: JsonReader, top: number, skip: number): Promise<z.output<typeof pageSchema> | null> {
  try {
    return pageSchema.parse(await defender.get('/api/machines', { $top: String(top), $skip: String(skip) }));
  } catch (error) {
    const { kind, code } = troubleOf(error);
    if (kind === 'missing' && code === NO_MACHINES) return null;
    throw error;
  }
}
