import type { Evidence, EvidenceOf } from '../../core/evidence.ts';
import { unread } from '../../core/evidence.ts';
import type { MachineFacts } from '../../core/machine.ts';
import type { Migration } from '../../core/migration.ts';
import { ringOf } from '../../core/migration.ts';
import type { Tx } from '../../core/ports.ts';
import type { MachineSubject, Snapshot } from '../../core/snapshot.ts';
import { ORGANISATION } from '../../core/snapshot.ts';
import type { Context } from './context.ts';
import { listingOf, missingEvidence } from './listing.ts';

/** What the store knows now, with rings and names resolved by the migration file. */
export async function loadSnapshot(context: Context): Promise<Snapshot> {
  return context.store.transact((tx) => snapshotIn(context, tx));
}

/** The same inside a transaction that is already open. */
export async function snapshotIn(context: Context, tx: Tx): Promise<Snapshot> {
  return snapshotFrom(context, await tx.evidence(), await tx.decisions());
}

type Known = Awaited<ReturnType<Tx['evidence']>>;
type Decisions = Pick<Snapshot, 'waivers' | 'gates' | 'attestations'>;

/** The machines of the migration, by name, each in its ring, and how the server list compares with what Azure shows. */
export type Members = Pick<Snapshot, 'machines' | 'listing'>;

export function membersOf(context: Context, known: Pick<Known, 'evidence' | 'machines'>): Members {
  const { migration } = context;
  const shown = shownMachines(migration, known.machines);
  const listing = listingOf(context, known, shown);
  return { machines: inRings(migration, [...shown, ...(listing?.missing ?? [])]), listing };
}

/** What was read, of all machines or of some, as a snapshot. */
export function snapshotFrom(context: Context, known: Known, decisions: Decisions): Snapshot {
  const members = membersOf(context, known);
  const listed = members.listing ? missingEvidence(known, members.listing) : {};
  return snapshotWith(context, known, decisions, members, listed);
}

/** The same of members that are known already, with the inventory's evidence of servers that only the list knows. */
export function snapshotWith(
  { migration, clock }: Context,
  known: Known,
  { waivers, gates, attestations }: Decisions,
  { machines, listing }: Members,
  listed: NonNullable<Snapshot['evidence']['machine']>,
): Snapshot {
  const subscriptions = migration.subscriptions.map(({ id, name }) => ({ kind: 'subscription' as const, id: id.toLowerCase(), name }));
  const guest = guestsOfThese(machines, known.evidence.guest ?? {});
  const machine = { ...known.evidence.machine, ...listed };
  const evidence = { ...known.evidence, machine, guest };
  const organisation = { kind: 'organisation' as const, id: ORGANISATION, name: migration.name } as const;
  const { sources } = known;
  const { switchedOff, options } = migration;
  return {
    takenAt: clock.now(),
    machines,
    subscriptions,
    organisation,
    evidence,
    sources,
    waivers,
    gates,
    attestations,
    listing,
    switchedOff,
    options,
  };
}

/** Those of the migration's subscriptions. */
function shownMachines(migration: Migration, facts: readonly MachineFacts[]): readonly MachineFacts[] {
  const own = new Set(migration.subscriptions.map(({ id }) => id.toLowerCase()));
  return facts.filter(({ subscriptionId }) => own.has(subscriptionId.toLowerCase()));
}

function inRings(migration: Migration, facts: readonly MachineFacts[]): readonly MachineSubject[] {
  const { compare } = new Intl.Collator('en');
  return facts
    .map((one) => ({ kind: 'machine' as const, id: one.id, name: one.name, facts: one, ring: ringOf(migration, one.tags) }))
    .toSorted((a, b) => compare(a.name, b.name) || (a.id < b.id ? -1 : 1));
}

type Guests = Readonly<Record<string, Evidence<EvidenceOf['guest']>>>;

/** A probe tells of the machine it looked into: one made anew under the same name was never probed. */
function guestsOfThese(machines: readonly MachineSubject[], guests: Guests): Guests {
  if (Object.keys(guests).length === 0) return guests;
  const vmIds = new Map(machines.map(({ id, facts }) => [id, facts.vmId ?? '']));
  return Object.fromEntries(
    Object.entries(guests).map(([id, guest]) => {
      if (guest.state === 'unread' || vmIds.get(id) === guest.value.vmId) return [id, guest];
      return [id, unread('the machine was made anew since it was probed', 'Request the probe again.', guest.source, guest.observedAt)];
    }),
  );
}
