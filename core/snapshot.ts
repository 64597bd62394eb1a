import type { ActionOptions } from './action-options.ts';
import type { Attestation } from './attestation.ts';
import type { Evidence, EvidenceKind, EvidenceOf, Unread } from './evidence.ts';
import { evidenceKinds, unread } from './evidence.ts';
import type { Gate } from './gate.ts';
import type { Instant } from './instant.ts';
import type { Listing } from './listed.ts';
import { isListed } from './listed.ts';
import type { MachineFacts } from './machine.ts';
import type { Waiver } from './waiver.ts';

/** A machine the migration knows: its last inventory facts, kept even while the inventory cannot be read. */
export interface MachineSubject {
  readonly kind: 'machine';
  readonly id: string;
  readonly name: string;
  readonly facts: MachineFacts;
  /** The ring it belongs to, or `unassigned`. */
  readonly ring: string;
}

export interface SubscriptionSubject {
  readonly kind: 'subscription';
  readonly id: string;
  readonly name: string;
}

/** The customer as a whole: what is true for all machines at once. There is one. */
export interface OrganisationSubject {
  readonly kind: 'organisation';
  readonly id: typeof ORGANISATION;
  /** The migration's name. */
  readonly name: string;
}

export const ORGANISATION = 'organisation';

export type Subject = MachineSubject | SubscriptionSubject | OrganisationSubject;

/** How one source stood at the last collection: shown as the "as of" line of every answer. */
export interface SourceStatus {
  readonly kind: EvidenceKind;
  readonly source: string;
  /** When it was last read in full; null when never. */
  readonly readAt: Instant | null;
  /** Set while it cannot be read. */
  readonly failure: Unread | null;
  /** True when it was being read and nobody waited for the end: what is known is from before. */
  readonly beingRead?: boolean;
}

/** Everything the bot knows at one moment. */
export interface Snapshot {
  readonly takenAt: Instant;
  readonly machines: readonly MachineSubject[];
  readonly subscriptions: readonly SubscriptionSubject[];
  readonly organisation: OrganisationSubject;
  readonly evidence: { readonly [K in EvidenceKind]?: Readonly<Record<string, Evidence<EvidenceOf[K]>>> };
  readonly sources: readonly SourceStatus[];
  readonly waivers: readonly Waiver[];
  readonly gates: readonly Gate[];
  readonly attestations: readonly Attestation[];
  /** The server list beside what Azure shows; null when no list is loaded, or it cannot be read. */
  readonly listing: Listing | null;
  /** Steps that the migration file switches off, by id, each with its reason. */
  readonly switchedOff: Readonly<Record<string, string>>;
  /** What the migration file says about single actions. */
  readonly options: ActionOptions;
}

/** The evidence of one kind about one subject; unread when nobody has looked yet, or when the source cannot be read at all. */
export function evidenceFor<K extends EvidenceKind>(snapshot: Snapshot, kind: K, subjectId: string): Evidence<EvidenceOf[K]> {
  const found = snapshot.evidence[kind]?.[subjectId] as Evidence<EvidenceOf[K]> | undefined;
  if (found) return found;
  if (isListed(subjectId) && kind !== 'machine') return notInAzure(snapshot, subjectId);
  const failure = snapshot.sources.find((source) => source.kind === kind)?.failure;
  return failure ?? unread(`the ${evidenceKinds[kind].words} has not been read yet`, fixForNeverRead(kind), kind, snapshot.takenAt);
}

/** Of a server that only the list knows nothing can be read; while the inventory cannot be read either, that comes first. */
function notInAzure(snapshot: Snapshot, machineId: string): Unread {
  const listed = evidenceFor(snapshot, 'machine', machineId);
  if (listed.state === 'unread') return listed;
  return unread('Azure does not show it', 'Connect it through Azure Arc.', listed.source, listed.observedAt);
}

function fixForNeverRead(kind: EvidenceKind): string {
  return evidenceKinds[kind].from === 'run' ? 'Request the probe for its ring and have it signed.' : 'Ask again in a minute.';
}

/** All subjects of a kind. */
export function subjectsOf(snapshot: Snapshot, kind: Subject['kind']): readonly Subject[] {
  return subjectLists[kind](snapshot);
}

const subjectLists: Readonly<Record<Subject['kind'], (snapshot: Snapshot) => readonly Subject[]>> = {
  machine: ({ machines }) => machines,
  subscription: ({ subscriptions }) => subscriptions,
  organisation: ({ organisation }) => [organisation],
};
