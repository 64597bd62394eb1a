import { ringOf } from '../../core/migration.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { Context } from './context.ts';

/** What the store knows now, with rings and names resolved by the migration file. */
export async function loadSnapshot(context: Context): Promise<Snapshot> {
  const { migration, store, clock } = context;
  const known = await store.transact((tx) => tx.evidence());
  const machines = known.machines
    .filter((facts) => migration.subscriptions.some(({ id }) => id.toLowerCase() === facts.subscriptionId.toLowerCase()))
    .map((facts) => ({ kind: 'machine' as const, id: facts.id, name: facts.name, facts, ring: ringOf(migration, facts.tags) }))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en') || (a.id < b.id ? -1 : 1));
  const subscriptions = migration.subscriptions.map(({ id, name }) => ({ kind: 'subscription' as const, id: id.toLowerCase(), name }));
  return { takenAt: clock.now(), machines, subscriptions, evidence: known.evidence, sources: known.sources };
}
