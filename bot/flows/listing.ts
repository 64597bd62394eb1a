import type { Evidence } from '../../core/evidence.ts';
import { read, unread } from '../../core/evidence.ts';
import { MINUTE } from '../../core/instant.ts';
import type { Listing, Shown } from '../../core/listed.ts';
import { compareWithList } from '../../core/listed.ts';
import type { MachineFacts } from '../../core/machine.ts';
import type { Tx } from '../../core/ports.ts';
import { ORGANISATION } from '../../core/snapshot.ts';
import { utcDay } from '../../core/utc-words.ts';
import type { Context } from './context.ts';

type Known = Awaited<ReturnType<Tx['evidence']>>;
type Inventory = Readonly<Record<string, Evidence<MachineFacts>>>;

const SOURCE = 'server list';

/**
 * The server list beside the migration's machines; null while none is loaded or it cannot be read. A machine whose facts were never read is
 * shown all the same, under the name in its id.
 */
export function listingOf(
  { migration, zone }: Context,
  { evidence }: Pick<Known, 'evidence'>,
  machines: readonly MachineFacts[],
): Listing | null {
  const list = evidence['server-list']?.[ORGANISATION];
  if (list?.state !== 'read' || !list.value.loaded) return null;
  const known = new Set(machines.map(({ id }) => id));
  const nameless = Object.keys(evidence.machine ?? {}).filter((id) => !known.has(id));
  const shown: readonly Shown[] = [...machines, ...nameless.map((id) => ({ id, name: id.split('/').at(-1) ?? id, fqdn: '' }))];
  const { servers, asOf, attestedBy, sha256 } = list.value;
  const day = utcDay(asOf + zone.offsetMinutes(asOf) * MINUTE);
  return { ...compareWithList(servers, shown, migration.owners?.tag ?? 'owner'), day, attestedBy, sha256 };
}

/**
 * The inventory's evidence of servers that only the list knows: as old as the older of the two readings it comes from. While the inventory
 * cannot be read, nobody knows whether Azure shows them.
 */
export function missingEvidence({ evidence, sources }: Pick<Known, 'evidence' | 'sources'>, { missing }: Listing): Inventory {
  const list = evidence['server-list']?.[ORGANISATION];
  const listReadAt = list?.state === 'read' ? list.observedAt : 0;
  const inventory = sources.find(({ kind }) => kind === 'machine');
  const [failure, readAt] = [inventory?.failure ?? null, inventory?.readAt ?? null];
  const of = (facts: MachineFacts): Evidence<MachineFacts> => {
    if (failure) return unread(`whether Azure shows it is not known: ${failure.reason}`, failure.fix, SOURCE, failure.since);
    if (readAt === null) return unread('the inventory has not been read yet', 'Ask again in a minute.', SOURCE, listReadAt);
    return read(facts, SOURCE, Math.min(listReadAt, readAt));
  };
  return Object.fromEntries(missing.map((facts) => [facts.id, of(facts)]));
}
