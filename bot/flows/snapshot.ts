import type { Evidence, EvidenceOf } from '../../core/evidence.ts';
import { unread } from '../../core/evidence.ts';
import { ringOf } from '../../core/migration.ts';
import type { Tx } from '../../core/ports.ts';
import type { MachineSubject, Snapshot } from '../../core/snapshot.ts';
import type { Context } from './context.ts';

/** What the store knows now, with rings and names resolved by the migration file. */
export async function loadSnapshot(context: Context): Promise<Snapshot> {
  return context.store.transact((tx) => snapshotIn(context, tx));
}

/** The same inside a transaction that is already open. */
export async function snapshotIn({ migration, clock }: Context, tx: Tx): Promise<Snapshot> {
  const known = await tx.evidence();
  const { waivers, gates } = await tx.decisions();
  const machines = known.machines
    .filter((facts) => migration.subscriptions.some(({ id }) => id.toLowerCase() === facts.subscriptionId.toLowerCase()))
    .map((facts) => ({ kind: 'machine' as const, id: facts.id, name: facts.name, facts, ring: ringOf(migration, facts.tags) }))
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en') || (a.id < b.id ? -1 : 1));
  const subscriptions = migration.subscriptions.map(({ id, name }) => ({ kind: 'subscription' as const, id: id.toLowerCase(), name }));
  const evidence = { ...known.evidence, guest: guestsOfThese(machines, known.evidence.guest ?? {}) };
  return { takenAt: clock.now(), machines, subscriptions, evidence, sources: known.sources, waivers, gates };
}

type Guests = Readonly<Record<string, Evidence<EvidenceOf['guest']>>>;

/** A probe tells of the machine it looked into: one made anew under the same name was never probed. */
function guestsOfThese(machines: readonly MachineSubject[], guests: Guests): Guests {
  const vmIds = new Map(machines.map(({ id, facts }) => [id, facts.vmId ?? '']));
  return Object.fromEntries(
    Object.entries(guests).map(([id, guest]) => {
      if (guest.state === 'unread' || vmIds.get(id) === guest.value.vmId) return [id, guest];
      return [id, unread('the machine was made anew since it was probed', 'Request the probe again.', guest.source, guest.observedAt)];
    }),
  );
}
