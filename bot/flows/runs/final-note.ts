import type { FinalState } from '../../../core/final-check.ts';
import type { Tx } from '../../../core/ports.ts';

const OPEN = 'final-open';
const noteOf = (hash: string): string => `final:${hash}`;

/** The final verification of a run; null when it has none. */
export async function finalOf(tx: Tx, hash: string): Promise<FinalState | null> {
  return (await tx.note(noteOf(hash))) as FinalState | null;
}

export function saveFinal(tx: Tx, hash: string, state: FinalState): Promise<void> {
  return tx.saveNote(noteOf(hash), state);
}

/** Runs whose final verification is not settled yet. */
export async function openFinals(tx: Tx): Promise<readonly string[]> {
  return ((await tx.note(OPEN)) as readonly string[] | null) ?? [];
}

/** To be called after an entry was added to the ledger in the same transaction: that lets one writer in at a time. */
export async function listFinal(tx: Tx, hash: string, open: boolean): Promise<void> {
  const others = (await openFinals(tx)).filter((other) => other !== hash);
  await tx.saveNote(OPEN, open ? [...others, hash] : others);
}
