import type { Instant } from '../../../core/instant.ts';
import type { Json } from '../../../core/json.ts';
import type { Migration } from '../../../core/migration.ts';
import type { PlanRecord, Tx } from '../../../core/ports.ts';

/** What lies on disk where the migration file should be. */
export type FileFound =
  | { readonly kind: 'ok'; readonly hash: string; readonly text: string; readonly migration: Migration }
  /** `hash` tells one broken file from another; each line is one thing to mend. */
  | { readonly kind: 'errors'; readonly hash: string; readonly errors: readonly string[] };

/** The migration file: the version that counts, and what lies on disk. */
export interface InForce {
  /** The version that counts, as it is written. The channel of a running bot stays that of its start. */
  readonly written: Migration;
  /** When that version came into force; null before the first one was recorded. */
  readonly since: Instant | null;
  /** True while another version waits for an approver's word: nothing new may be requested. */
  readonly waits: boolean;
  /** Does what was made under this version still stand? True when nothing lies between the two that needed acceptance. */
  accepts(fileHash: string): boolean;
  /** Is it still the version in the store? Another instance may have gone on. */
  isCurrent(tx: Tx): Promise<boolean>;
  /** Takes up what the store says. */
  refresh(): Promise<void>;
  /** What lies on disk; null when it is what was settled last. */
  look(): Promise<FileFound | null>;
  /** This content was dealt with. */
  settle(hash: string): void;
  /** SHA-256 of the bytes on disk at this moment; null when they cannot be read. Does not wait, so it may be asked inside a transaction. */
  hashOnDisk(): string | null;
}

/** The version that counts, as the store keeps it. */
export interface InForceNote {
  readonly hash: string;
  /** The versions it stands for: they differ by nothing that needed acceptance. Itself among them. */
  readonly accepts: readonly string[];
  readonly since: Instant;
}

/** The version that was put to the approvers last, and the plan that asks them. */
interface ProposedNote {
  readonly hash: string;
  readonly plan: string;
}

const IN_FORCE = 'migration:in-force';
const PROPOSED = 'migration:proposed';
const LOCK = 'migration:lock';

/** Lets one transaction at a time decide about the file: the row that is written stays locked until it ends. */
export async function lockFile(tx: Tx, at: Instant): Promise<void> {
  await tx.saveNote(LOCK, at);
}

export async function inForceNote(tx: Tx): Promise<InForceNote | null> {
  return (await tx.note(IN_FORCE)) as unknown as InForceNote | null;
}

export async function saveInForce(tx: Tx, note: InForceNote, text: string): Promise<void> {
  await keepText(tx, note.hash, text);
  await tx.saveNote(IN_FORCE, note as unknown as Json);
}

/** Every version that counted or was put to the approvers is kept, so that what was signed can be looked up. */
export async function keepText(tx: Tx, hash: string, text: string): Promise<void> {
  await tx.saveNote(textNote(hash), text);
}

export async function keptText(tx: Tx, hash: string): Promise<string | null> {
  const text = await tx.note(textNote(hash));
  return typeof text === 'string' ? text : null;
}

export async function proposedFile(tx: Tx): Promise<{ readonly hash: string; readonly record: PlanRecord } | null> {
  const note = (await tx.note(PROPOSED)) as unknown as ProposedNote | '' | null;
  const record = note ? await tx.plan(note.plan) : null;
  return note && record ? { hash: note.hash, record } : null;
}

export async function saveProposed(tx: Tx, proposed: ProposedNote | null): Promise<void> {
  await tx.saveNote(PROPOSED, proposed === null ? '' : (proposed as unknown as Json));
}

/** Is a version waiting for the approvers, or for the grace after their word? */
export function isWaiting(proposed: Awaited<ReturnType<typeof proposedFile>>): boolean {
  const { state, begun } = proposed?.record.signOff ?? { state: 'expired', begun: false };
  return state === 'pending' || (state === 'approved' && !begun);
}

function textNote(hash: string): string {
  return `migration:file:${hash}`;
}
