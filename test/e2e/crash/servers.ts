import { parse, stringify } from 'yaml';
import { isReachable, requireRunCommands } from '../../../simulator/azure/machines/reach.ts';
import { generatedEstate } from '../../../simulator/estates/generated.ts';
import type { Machine } from '../../../simulator/estates/machine.ts';
import { migrationOf } from '../../../simulator/estates/migration-of.ts';

export interface Waves {
  readonly size: number;
  readonly concurrency: number;
}

/** A fleet in which every server may have its passive key set, and nothing but a killed bot gets in the way. */
export interface Fleet {
  /** Text of an estate file. */
  readonly estate: string;
  /** Text of a migration file. */
  readonly migration: string;
  /** Ids (lower case) of the servers, in the waves a plan has to have that leaves `done` out. */
  wavesWithout(done: ReadonlySet<string>): readonly (readonly string[])[];
}

const RINGS = ['canary', 'pilot', 'broad'];

/** A generated fleet of `count` servers. */
export function fleetOf(count: number, seed: number, { size, concurrency }: Waves): Fleet {
  const estate = generatedEstate(count * 3 + 20, seed, Date.now());
  const machines = estate.machines.filter(isPlain).slice(0, count);
  if (machines.length < count) throw new Error(`only ${machines.length} of ${count} servers of seed ${seed} are plain`);
  const rings = RINGS.map((ring) => machines.filter(({ tags }) => tags['ring'] === ring).map(({ id }) => id.toLowerCase()));
  const { actions: _actions, ...file } = parse(migrationOf({ subscriptions: estate.subscriptions, machines })) as Record<string, object>;
  const limits = { size, concurrency, stopAfterFailures: Math.min(count, 500), maxDroppedShare: 0.1 };
  return {
    estate: JSON.stringify({ ...estate, machines, subscriptions: estate.subscriptions.map(leftAlone), assignments: [] }),
    migration: stringify({
      ...file,
      rings: RINGS.map((name) => ({ name, tag: `ring=${name}` })),
      waves: { ...file['waves'], ...limits },
    }),
    wavesWithout: (done) => rings.flatMap((ids) => chunks(ids.filter((id) => !done.has(id)).toSorted(), size)),
  };
}

/**
 * Nobody pushes Defender to its machines: a long run takes hours of theirs, and one that may have been onboarded meanwhile, and whose proof was
 * lost, is rightly left alone until it is probed.
 */
function leftAlone<T extends { readonly settings: object }>(subscription: T): T {
  return { ...subscription, settings: { ...subscription.settings, WDATP: false } };
}

const SUPPORTED = /^Windows Server (2016|2019|2022|2025)/;

function isPlain(machine: Machine): boolean {
  const { os, tags, lies, sparse, extensions, guest } = machine;
  if (!SUPPORTED.test(os.name) || !RINGS.includes(tags['ring'] ?? '') || lies || sparse || extensions.length > 0) return false;
  if (guest.onboarded || guest.passiveKey !== null || guest.gpo !== null || guest.outages.length > 0) return false;
  return isReachable(machine) && takesRunCommands(machine);
}

function takesRunCommands(machine: Machine): boolean {
  try {
    requireRunCommands(machine);
    return true;
  } catch {
    return false;
  }
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}
