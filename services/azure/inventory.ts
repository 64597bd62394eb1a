import type { Collection, Unread } from '../../core/evidence.ts';
import { evidenceKinds } from '../../core/evidence.ts';
import type { Instant } from '../../core/instant.ts';
import type { MachineFacts } from '../../core/machine.ts';
import type { Clock, Collectors } from '../../core/ports.ts';

/** The machines of the migration as they were last seen. */
export interface Inventory {
  readonly machines: readonly MachineFacts[];
  /** Machines that are there and whose facts could not be read, by id. */
  readonly unreadable: Readonly<Record<string, Unread>>;
  /** Why there may be more; null when these are all. */
  readonly failure: Unread | null;
}

/** The inventory for those who look for its machines elsewhere. */
export interface InventoryKeeper {
  /** Collects anew, for everybody. */
  readonly collect: Collectors['machine'];
  /** What the collection under way finds, else what the last complete one found while that is fresh, else what a new one finds. */
  readonly known: () => Promise<Inventory>;
}

/** Remembers the inventory for as long as it is good, so that it is not asked for once more by each kind of evidence that rests on it. */
export function createInventory(collect: Collectors['machine'], clock: Clock): InventoryKeeper {
  let running: Promise<Collection<'machine'>> | null = null;
  let last: { readonly collection: Collection<'machine'>; readonly at: Instant } | null = null;

  async function collectNow(): Promise<Collection<'machine'>> {
    const at = clock.now();
    const collection = await collect();
    if (!collection.failure) last = { collection, at };
    return collection;
  }
  function start(): Promise<Collection<'machine'>> {
    const started = collectNow().finally(() => {
      if (running === started) running = null;
    });
    running = started;
    return started;
  }
  function fresh(): Collection<'machine'> | null {
    const age = last ? clock.now() - last.at : Number.POSITIVE_INFINITY;
    return last && age >= 0 && age <= evidenceKinds.machine.cadence ? last.collection : null;
  }
  return {
    collect: start,
    known: async () => inventoryOf(await (running ?? fresh() ?? start())),
  };
}

function inventoryOf({ subjects, failure }: Collection<'machine'>): Inventory {
  const all = Object.entries(subjects);
  return {
    machines: all.flatMap(([, evidence]) => (evidence.state === 'read' ? [evidence.value] : [])),
    unreadable: Object.fromEntries(all.flatMap(([id, evidence]) => (evidence.state === 'unread' ? [[id, evidence]] : []))),
    failure,
  };
}
