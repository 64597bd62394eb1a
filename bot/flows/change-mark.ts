import type { Tx } from '../../core/ports.ts';

const NOTE = 'last-change';

/** Notes that what is known or decided has changed by something else than a reading of a source. `what` happens once and names it. */
export function noteChange(tx: Tx, what: string): Promise<void> {
  return tx.saveNote(NOTE, what);
}

/** Tells whether anything that findings rest on has changed: the same text means that nothing has, but for the time that passes. */
export async function changeMark(tx: Tx): Promise<string> {
  const { sources } = await tx.evidence({ subjects: [], kinds: [] });
  const readings = sources.map(({ kind, readAt, failure }) => `${kind} ${readAt ?? ''} ${failure?.since ?? ''}`);
  return [JSON.stringify(await tx.note(NOTE)), ...readings].join('\n');
}
