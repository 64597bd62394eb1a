import { setTimeout as pause } from 'node:timers/promises';
import type { CollectedKind, Collection, EvidenceKind } from '../../core/evidence.ts';
import type { CollectionStatus } from '../../core/ports.ts';
import type { Snapshot, SourceStatus } from '../../core/snapshot.ts';
import type { Freshness } from './collecting/freshness.ts';
import { ANEW, wayFor } from './collecting/freshness.ts';
import type { Readings } from './collecting/readings.ts';
import { createReadings } from './collecting/readings.ts';
import type { Context } from './context.ts';
import type { Overview, Readiness } from './readiness/overview.ts';
import { createReadiness } from './readiness/overview.ts';
import { loadSnapshot } from './snapshot.ts';

/**
 * What is known once the kinds are read that something rests on: all of them where none are named, and anew unless told otherwise. Kinds that
 * only a run brings are passed over.
 */
export type Collect = (kinds?: readonly EvidenceKind[], how?: Freshness) => Promise<Snapshot>;

/** One kind as a reading finds it that begins after the call. */
export type ReadAnew = <K extends CollectedKind>(kind: K) => Promise<Collection<K>>;

/** How this process comes by evidence. */
export interface Collecting {
  readonly collect: Collect;
  readonly readAnew: ReadAnew;
  readonly readings: Readings;
  readonly readiness: Readiness;
  /** Reads like `collect`, and tells how things stand then, without loading all that is known. With no kinds, nothing is read. */
  readonly look: (kinds: readonly EvidenceKind[], how: Freshness) => Promise<Overview>;
}

/** Makes them; `owner` names this process, so that no other instance reads a kind at the same time. */
export function createCollecting(context: Context, owner: string): Collecting {
  const readings = createReadings(context, owner);
  const readiness = createReadiness(context);

  async function read(kinds: readonly EvidenceKind[], how: Freshness): Promise<ReadonlySet<CollectedKind>> {
    const wanted = [...new Set(kinds)].filter((kind): kind is CollectedKind => Object.hasOwn(context.collectors, kind));
    return readAll(await dueOf(context, wanted, how), readings, how.patienceMs);
  }

  return {
    readings,
    readiness,
    readAnew: (kind) => readings.anew(kind),
    async collect(kinds = allKinds(context), how = ANEW) {
      const unread = await read(kinds, how);
      return withBeingRead(await loadSnapshot(context), unread);
    },
    async look(kinds, how) {
      const unread = await read(kinds, how);
      return withBeingRead(await readiness.overview(), unread);
    },
  };
}

/** Every kind that can be read here. */
export function allKinds(context: Context): readonly CollectedKind[] {
  return Object.keys(context.collectors) as CollectedKind[];
}

type Due = readonly (readonly [CollectedKind, 'shared' | 'anew'])[];

/** Of the kinds that are wanted, those that what is kept does not do for. */
async function dueOf(context: Context, wanted: readonly CollectedKind[], { anew }: Freshness): Promise<Due> {
  if (anew) return wanted.map((kind) => [kind, 'anew']);
  const statuses: readonly CollectionStatus[] = await context.store.transact((tx) => tx.collections());
  const byKind = new Map(statuses.map((status) => [status.kind, status]));
  return wanted.flatMap((kind) => {
    const way = wayFor(kind, byKind.get(kind), context.clock.now(), context.inForce.since ?? 0);
    return way === 'known' ? [] : [[kind, way] as const];
  });
}

/** The kinds that were not read when patience ran out; they go on being read. */
async function readAll(due: Due, readings: Readings, patienceMs: number | null): Promise<ReadonlySet<CollectedKind>> {
  const open = new Set(due.map(([kind]) => kind));
  const all = Promise.all(due.map(([kind, way]) => readings[way](kind).then(() => open.delete(kind))));
  if (patienceMs === null || due.length === 0) {
    await all;
    return open;
  }
  const giveUp = new AbortController();
  try {
    await Promise.race([all, pause(patienceMs, null, { signal: giveUp.signal }).catch(() => null)]);
  } finally {
    giveUp.abort();
  }
  return open;
}

function withBeingRead<T extends { readonly sources: readonly SourceStatus[] }>(known: T, kinds: ReadonlySet<CollectedKind>): T {
  return kinds.size === 0 ? known : { ...known, sources: markBeingRead(known.sources, kinds) };
}

function markBeingRead(sources: readonly SourceStatus[], kinds: ReadonlySet<CollectedKind>): readonly SourceStatus[] {
  const known = new Set<EvidenceKind>(sources.map(({ kind }) => kind));
  const first = [...kinds].filter((kind) => !known.has(kind));
  return [
    ...sources.map((source) => (kinds.has(source.kind as CollectedKind) ? { ...source, beingRead: true } : source)),
    ...first.map((kind) => ({ kind, source: 'not read yet', readAt: null, failure: null, beingRead: true })),
  ];
}
