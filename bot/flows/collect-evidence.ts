import type { CollectedKind, Collection } from '../../core/evidence.ts';
import { unread } from '../../core/evidence.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { Context } from './context.ts';
import { loadSnapshot } from './snapshot.ts';

/** Queries Azure and answers what is known then; a call that arrives during a collection that began after it shares its result. */
export type Collect = () => Promise<Snapshot>;

/** Makes a collector of evidence that never runs twice at once. */
export function createCollect(context: Context): Collect {
  let running: Promise<Snapshot> | null = null;
  let waiting: Promise<Snapshot> | null = null;

  async function start(): Promise<Snapshot> {
    try {
      return await collectOnce(context);
    } finally {
      running = null;
    }
  }

  return () => {
    if (!running) {
      running = start();
      return running;
    }
    // The one under way may have asked before this question was put: queue one more, shared by all who wait.
    waiting ??= running
      .catch(() => null)
      .then(() => {
        waiting = null;
        running = start();
        return running;
      });
    return waiting;
  };
}

async function collectOnce(context: Context): Promise<Snapshot> {
  const kinds = Object.keys(context.collectors) as CollectedKind[];
  const found = await Promise.all(kinds.map((kind) => collectKind(context, kind)));
  const known = (await context.store.transact((tx) => tx.evidence())).machines.length;
  const collections = found.map((collection) => doubtEmptiness(context, collection, known));
  await context.store.transact(async (tx) => {
    for (const collection of collections) await tx.saveCollection(collection);
  });
  return loadSnapshot(context);
}

/** A reader that lost its role is answered with no rows at all: a fleet that vanished at once was not read. */
function doubtEmptiness(context: Context, collection: Collection<CollectedKind>, known: number): Collection<CollectedKind> {
  if (collection.kind !== 'machine' || collection.failure || known === 0 || Object.keys(collection.subjects).length > 0) return collection;
  const reason = `${collection.source} returned no machine where ${known} were known`;
  const fix =
    'Check the reader identity’s role Reader on the subscriptions; if they really are empty, take them out of the migration file.';
  return { ...collection, failure: unread(reason, fix, collection.source, context.clock.now()) };
}

async function collectKind(context: Context, kind: CollectedKind): Promise<Collection<CollectedKind>> {
  try {
    const collection = await context.collectors[kind]();
    if (collection.failure)
      context.log.warn('collecting evidence', { kind, reason: collection.failure.reason, fix: collection.failure.fix });
    return collection;
  } catch (error) {
    // A collector answers failures as evidence; one that throws has a defect, and a defect must not look like "not ready".
    context.log.error('collecting evidence', { kind, error: String(error) });
    const now = context.clock.now();
    const failure = unread('the collector failed', 'Look in the log for “collecting evidence”.', kind, now);
    return { kind, source: kind, collectedAt: now, subjects: {}, failure };
  }
}
