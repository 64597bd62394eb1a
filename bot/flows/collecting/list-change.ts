import { names } from '../../../cards/words.ts';
import type { CollectedKind, Collection, Evidence } from '../../../core/evidence.ts';
import type { ListedServer, ServerList } from '../../../core/facts/server-list.ts';
import type { Instant } from '../../../core/instant.ts';
import type { Json, JsonObject } from '../../../core/json.ts';
import type { OutgoingMessage, Tx } from '../../../core/ports.ts';
import { ORGANISATION } from '../../../core/snapshot.ts';
import type { Context } from '../context.ts';
import { notice } from '../notice.ts';
import { count } from '../words.ts';

/** The content of the server list that was read last, and how it differs from the one before. */
interface ListSeen {
  readonly sha256: string;
  readonly asOf: Instant;
  readonly attestedBy: string;
  readonly servers: number;
  /** Null for the first list there ever was. */
  readonly before: number | null;
  /** Names of those that came and went; null where the list before is not known any more. */
  readonly came: readonly string[] | null;
  readonly went: readonly string[] | null;
  readonly told: boolean;
}

const SEEN = 'server-list:seen';
const LOCK = 'server-list:lock';
const MOST_NAMED = 5;

/** Notes another content of the list, in the transaction that keeps it and before it is kept. The list decides what is counted, so that it is told. */
export async function noteListChange(tx: Tx, collection: Collection<CollectedKind>): Promise<void> {
  if (collection.kind !== 'server-list') return;
  const list = listIn(collection.subjects[ORGANISATION] as Evidence<ServerList> | undefined);
  const seen = list && (await seenList(tx));
  if (!list || seen?.sha256 === list.sha256) return;
  const known = (await tx.evidence({ kinds: ['server-list'] })).evidence['server-list']?.[ORGANISATION];
  const before = listIn(known);
  const { sha256, asOf, attestedBy, servers } = list;
  const change: ListSeen = {
    sha256,
    asOf,
    attestedBy,
    servers: servers.length,
    before: seen?.servers ?? null,
    came: before && without(servers, before.servers),
    went: before && without(before.servers, servers),
    told: false,
  };
  await tx.saveNote(SEEN, change as unknown as Json);
}

/** Enters another content of the list in the ledger, and posts it; the first one is entered only. Once, over all instances. */
export async function tellListChange({ store, clock }: Context): Promise<void> {
  if ((await store.transact(seenList))?.told ?? true) return;
  await store.transact(async (tx) => {
    const at = clock.now();
    await tx.saveNote(LOCK, at); // the row stays locked until the end: another instance sees below that it was told
    const seen = await seenList(tx);
    if (seen === null || seen.told) return;
    const { sha256, told: _told, ...data } = seen;
    await tx.appendLedger({
      at,
      kind: 'file',
      actor: null,
      subject: sha256,
      data: { event: 'server-list', ...(data as unknown as JsonObject) },
    });
    await tx.saveNote(SEEN, { ...seen, told: true } as unknown as Json);
    if (seen.before !== null) await tx.outbox({ how: 'post', key: `server-list:${sha256}:${at}`, data: seen as unknown as JsonObject, at });
  });
}

/** The post about it, by the data of its message. */
export function listNews(context: Context, data: JsonObject): OutgoingMessage {
  const { sha256, servers, before, came, went, attestedBy } = data as unknown as ListSeen;
  const counts = `${count(servers, 'server')}, ${before ?? 0} before`;
  const sentence = `The server list changed: ${counts}${moved('new', came)}${moved('gone', went)} (sha256 ${sha256.slice(0, 12)}).`;
  const next = `It counts at once. The migration file still gives its day and ${attestedBy} as the one who vouches for it: change that with the list.`;
  return { card: notice(context, 'attention', sentence, next), text: '', mentions: [], replyTo: null };
}

function moved(how: string, servers: readonly string[] | null): string {
  return servers === null || servers.length === 0 ? '' : `; ${how}: ${names(servers, MOST_NAMED)}`;
}

async function seenList(tx: Tx): Promise<ListSeen | null> {
  return (await tx.note(SEEN)) as unknown as ListSeen | null;
}

function listIn(evidence: Evidence<ServerList> | undefined): Extract<ServerList, { loaded: true }> | null {
  return evidence?.state === 'read' && evidence.value.loaded ? evidence.value : null;
}

/** Names of the servers that are in one list and not in the other. */
function without(servers: readonly ListedServer[], others: readonly ListedServer[]): readonly string[] {
  const keyOf = ({ name, fqdn }: ListedServer) => `${name} ${fqdn}`.toLowerCase();
  const known = new Set(others.map(keyOf));
  return servers.filter((server) => !known.has(keyOf(server))).map(({ name }) => name);
}
