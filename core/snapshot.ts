import type { Evidence, EvidenceKind, EvidenceOf, Unread } from './evidence.ts';
import { evidenceKinds, unread } from './evidence.ts';
import type { Gate } from './gate.ts';
import type { Instant } from './instant.ts';
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

export type Subject = MachineSubject | SubscriptionSubject;

/** How one source stood at the last collection: shown as the "as of" line of every answer. */
export interface SourceStatus {
  readonly kind: EvidenceKind;
  readonly source: string;
  /** When it was last read in full; null when never. */
  readonly readAt: Instant | null;
  /** Set while it cannot be read. */
  readonly failure: Unread | null;
}

/** Everything the bot knows at one moment. */
export interface Snapshot {
  readonly takenAt: Instant;
  readonly machines: readonly MachineSubject[];
  readonly subscriptions: readonly SubscriptionSubject[];
  readonly evidence: { readonly [K in EvidenceKind]?: Readonly<Record<string, Evidence<EvidenceOf[K]>>> };
  readonly sources: readonly SourceStatus[];
  readonly waivers: readonly Waiver[];
  readonly gates: readonly Gate[];
}

/** The evidence of one kind about one subject; unread when nobody has looked yet. */
export function evidenceFor<K extends EvidenceKind>(snapshot: Snapshot, kind: K, subjectId: string): Evidence<EvidenceOf[K]> {
  const found = snapshot.evidence[kind]?.[subjectId] as Evidence<EvidenceOf[K]> | undefined;
  return found ?? unread(`the ${evidenceKinds[kind].words} has not been read yet`, fixForNeverRead(kind), kind, snapshot.takenAt);
}

function fixForNeverRead(kind: EvidenceKind): string {
  return evidenceKinds[kind].from === 'run' ? 'Request the probe for this ring and have it signed.' : 'Ask again in a minute.';
}

/** All subjects of a kind. */
export function subjectsOf(snapshot: Snapshot, kind: Subject['kind']): readonly Subject[] {
  return kind === 'machine' ? snapshot.machines : snapshot.subscriptions;
}
