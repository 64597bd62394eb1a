import type { FinalState } from '../../../core/final-check.ts';
import type { Instant } from '../../../core/instant.ts';
import { MINUTE, SECOND } from '../../../core/instant.ts';
import type { RunRecord, Tx } from '../../../core/ports.ts';
import type { Run } from '../../../core/run.ts';

/** Edits of one run card are at least this far apart. */
export const EDIT_EVERY_MS = 15 * SECOND;
/** An edit goes out after this long also when nothing changed: it has arrived within the ten minutes that the card promises. */
export const HEARTBEAT_MS = 9 * MINUTE;

/** What the channel's card of a run shows now. JSON, kept as a note. */
export type Shown = {
  readonly version: number;
  readonly at: Instant;
  readonly mark: string;
};

const shownNote = (hash: string): string => `run-shown:${hash}`;

/** What the card shows; null before it was posted. */
export async function shownOf(tx: Tx, hash: string): Promise<Shown | null> {
  return (await tx.note(shownNote(hash))) as Shown | null;
}

export function saveShown(tx: Tx, hash: string, shown: Shown): Promise<void> {
  return tx.saveNote(shownNote(hash), shown);
}

const askedNote = (hash: string): string => `run-asked:${hash}`;

/** When an edit was last asked for at the card's own pace; apart from what is shown, because another transaction writes it. */
export async function askedAt(tx: Tx, hash: string): Promise<Instant> {
  return Number(await tx.note(askedNote(hash)));
}

export function saveAsked(tx: Tx, hash: string, at: Instant): Promise<void> {
  return tx.saveNote(askedNote(hash), at);
}

/** Changes that people must see at once: the stop, the end, the first machine that is not safe, a result of the final verification. */
export function markOf(run: Run, final: FinalState | null): string {
  const unsafe = Object.values(run.targets).some(({ safety }) => safety === 'unsure');
  const settled = Object.values(final?.targets ?? {}).filter(({ result }) => result !== null).length;
  return [run.state === 'finished' ? 'ended' : '', run.stop ? 'stop' : '', unsafe ? 'unsafe' : '', settled].join(' ');
}

/** Must the card that was shown be edited now? The newest state is never lost: what is not due yet is due later. */
export function isEditDue(shown: Shown, { run, version }: RunRecord, final: FinalState | null, now: Instant): boolean {
  if (shown.mark !== markOf(run, final)) return true;
  const age = now - shown.at;
  if (shown.version !== version) return age >= EDIT_EVERY_MS;
  return run.state !== 'finished' && age >= HEARTBEAT_MS;
}
