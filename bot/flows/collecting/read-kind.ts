import { setTimeout as pause } from 'node:timers/promises';
import { protectionKinds } from '../../../core/engine-sightings.ts';
import type { CollectedKind, Collection, EvidenceKind } from '../../../core/evidence.ts';
import { unread } from '../../../core/evidence.ts';
import { SECOND } from '../../../core/instant.ts';
import type { Tx } from '../../../core/ports.ts';
import type { Context } from '../context.ts';
import { watchProtection } from '../protection/watch-protection.ts';
import { noteListChange } from './list-change.ts';

/** How often one looks whether another instance is done. Real milliseconds. */
const LOOK_AGAIN_MS = SECOND / 2;
/** How often the lease is renewed, of which the store grants several times as much. Real milliseconds. */
const RENEW_MS = 3 * SECOND;

/** Who reads, and whether the process is ending: then what is read is not kept any more. */
export interface Reader {
  readonly owner: string;
  ended(): boolean;
}

/**
 * Reads one kind of evidence under its lease, and keeps it. With `patient` it waits for another instance that is at it, to read after that; else the
 * answer is null then.
 */
export async function readKind<K extends CollectedKind>(
  context: Context,
  reader: Reader,
  kind: K,
  patient: boolean,
): Promise<Collection<K> | null> {
  for (;;) {
    if (!(await take(context, reader, kind, patient))) return null;
    const began = performance.now();
    const found = await whileRenewing(context, reader, kind, () => collectKind(context, kind));
    if (reader.ended()) return found;
    const kept = await keep(context, reader, found, performance.now() - began);
    if (kept) {
      await afterwards(context, kind);
      return kept;
    }
    // Another instance thought this one dead and took over: what was read may be older than what that one keeps.
    context.log.warn('collecting evidence', { kind, reason: 'another instance took over the reading', fix: '' });
  }
}

/** What follows from new evidence. What cannot be looked at now is looked at after the next reading: nobody waits for it. */
async function afterwards(context: Context, kind: CollectedKind): Promise<void> {
  if (!TELLS_OF_PROTECTION.has(kind)) return;
  await watchProtection(context).catch((error: unknown) => context.log.error('watching protection', { error: String(error) }));
}

const TELLS_OF_PROTECTION: ReadonlySet<EvidenceKind> = new Set(['machine', ...protectionKinds]);

async function take(context: Context, reader: Reader, kind: CollectedKind, patient: boolean): Promise<boolean> {
  for (;;) {
    if (await claim(context, reader, kind)) return true;
    if (!patient || reader.ended()) return false;
    await pause(LOOK_AGAIN_MS);
  }
}

function claim({ store, clock }: Context, { owner }: Reader, kind: CollectedKind): Promise<boolean> {
  return store.transact((tx) => tx.claimCollection(kind, owner, clock.now()));
}

async function whileRenewing<T>(context: Context, reader: Reader, kind: CollectedKind, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => {
    if (reader.ended()) return;
    claim(context, reader, kind).catch((error: unknown) => context.log.warn('collecting evidence', { kind, error: String(error) }));
  }, RENEW_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

async function collectKind<K extends CollectedKind>(context: Context, kind: K): Promise<Collection<K>> {
  try {
    const collection = await context.collectors[kind]();
    if (collection.failure)
      context.log.warn('collecting evidence', { kind, reason: collection.failure.reason, fix: collection.failure.fix });
    return collection as Collection<K>;
  } catch (error) {
    // A collector answers failures as evidence; one that throws has a defect, and a defect must not look like "not ready".
    context.log.error('collecting evidence', { kind, error: String(error) });
    const now = context.clock.now();
    const failure = unread('the collector failed', 'Look in the log for “collecting evidence”.', kind, now);
    return { kind, source: kind, collectedAt: now, subjects: {}, failure };
  }
}

/** Null when the reading is another instance's by now. */
function keep<K extends CollectedKind>(
  context: Context,
  { owner }: Reader,
  found: Collection<K>,
  tookMs: number,
): Promise<Collection<K> | null> {
  return context.store.transact(async (tx) => {
    if (!(await tx.endCollection(found.kind, owner, context.clock.now(), tookMs))) return null;
    const collection = await doubtEmptiness(context, tx, found);
    await noteListChange(tx, collection);
    await tx.saveCollection(collection);
    return collection;
  });
}

/** A reader that lost its role is answered with no rows at all: a fleet that vanished at once was not read. */
async function doubtEmptiness<K extends CollectedKind>(context: Context, tx: Tx, collection: Collection<K>): Promise<Collection<K>> {
  if (collection.kind !== 'machine' || collection.failure || Object.keys(collection.subjects).length > 0) return collection;
  const known = (await tx.evidence({ kinds: [] })).machines.length;
  if (known === 0) return collection;
  const reason = `${collection.source} returned no machine where ${known} were known`;
  const fix =
    'Check the reader identity’s role Reader on the subscriptions; if they really are empty, take them out of the migration file.';
  return { ...collection, failure: unread(reason, fix, collection.source, context.clock.now()) };
}
