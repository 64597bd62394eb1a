import type { Collection, Evidence, EvidenceOf, Unread } from '../../core/evidence.ts';
import { read, unread } from '../../core/evidence.ts';
import type { JoinedBy } from '../../core/facts/devices.ts';
import type { Instant } from '../../core/instant.ts';
import type { Inventory } from '../azure/inventory.ts';
import type { DefenderContext } from './context.ts';
import { unreadReading } from './errors.ts';
import { joinDevices } from './join.ts';
import type { JoinableDevice } from './joinable.ts';
import type { Reading } from './readings.ts';

type JoinedKind = 'device' | 'management';

interface Joining<K extends JoinedKind, D extends JoinableDevice> {
  readonly kind: K;
  readonly source: string;
  readonly reading: Reading;
  /** Every device there is, or an error. */
  readonly read: () => Promise<readonly D[]>;
  readonly fact: (device: D, by: JoinedBy, at: Instant) => Evidence<EvidenceOf[K]>;
}

/** Reads a list of devices and gives each machine what is said of its own. "Not found" is only said by a list that was read to its end. */
export async function collectJoined<K extends JoinedKind, D extends JoinableDevice>(
  context: DefenderContext,
  joining: Joining<K, D>,
): Promise<Collection<K>> {
  const { kind, source } = joining;
  const at = context.clock.now();
  const [devices, inventory] = await Promise.all([listOf(context, joining, at), context.inventory()]);
  const subjects = devices.state === 'unread' ? {} : factsOf(joining, inventory, devices.value, at);
  const failure = devices.state === 'unread' ? devices : blindness(inventory, source);
  return { kind, source, collectedAt: at, subjects, failure };
}

async function listOf<D extends JoinableDevice>(
  { log }: DefenderContext,
  { source, reading, read: readList }: Joining<JoinedKind, D>,
  at: Instant,
): Promise<Evidence<readonly D[]>> {
  try {
    return read(await readList(), source, at);
  } catch (error) {
    const evidence = unreadReading(error, reading, source, at);
    log.warn('a list of devices was not read', { what: reading.what, reason: evidence.reason });
    return evidence;
  }
}

function factsOf<K extends JoinedKind, D extends JoinableDevice>(
  { source, fact }: Joining<K, D>,
  { machines, unreadable }: Inventory,
  devices: readonly D[],
  at: Instant,
): Record<string, Evidence<EvidenceOf[K]>> {
  const evidence = [...joinDevices(machines, devices)].map(([id, join]): [string, Evidence<EvidenceOf[K]>] => {
    if (join.kind === 'joined') return [id, fact(join.device, join.by, at)];
    if (join.kind === 'doubtful') return [id, unread(join.reason, join.fix, source, at)];
    return [id, read({ found: false } as EvidenceOf[K], source, at)];
  });
  const blind = Object.entries(unreadable).map(([id, { reason, fix }]) => [id, unread(reason, fix, source, at)] as const);
  return Object.fromEntries([...evidence, ...blind]);
}

/** A machine that the inventory did not show was not looked for. */
function blindness({ failure }: Inventory, source: string): Unread | null {
  return failure && unread(failure.reason, failure.fix, source, failure.since);
}
