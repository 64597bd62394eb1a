import type { EvidenceKind, EvidenceOf, Read } from '../../../core/evidence.ts';
import { withHistory } from '../../../core/guest-history.ts';
import type { Tx } from '../../../core/ports.ts';

/** Saves what a look found. A look inside a machine is kept together with what the looks before it add. */
export async function keepReading(tx: Tx, kind: EvidenceKind, targetId: string, reading: Read<EvidenceOf[EvidenceKind]>): Promise<void> {
  if (kind !== 'guest') return tx.saveEvidence(kind, targetId, reading as Read<never>);
  // Also a look that is not relied on any more: what was seen then was seen.
  const previous = await tx.lastReading('guest', targetId);
  return tx.saveEvidence('guest', targetId, withHistory(previous, reading as Read<EvidenceOf['guest']>));
}
