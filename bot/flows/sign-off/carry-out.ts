import type { Decides } from '../../../core/decides.ts';
import type { PlanRecord, Tx } from '../../../core/ports.ts';
import type { Context } from '../context.ts';
import { acceptFile } from '../file/accept-file.ts';
import { closeBlock } from '../requests/request-close-phase.ts';
import { snapshotIn } from '../snapshot.ts';

/** Why a signed decision did not take effect after all; null when it did. */
type CarryOut<K extends Decides['kind']> = (
  context: Context,
  tx: Tx,
  record: PlanRecord,
  decides: Extract<Decides, { kind: K }>,
) => Promise<string | null>;

/** What a signed decision does, in the transaction that begins it: one row each. */
export const carryOut: { readonly [K in Decides['kind']]?: CarryOut<K> } = {
  'accept-file': acceptFile,
  async waive(_context, tx, { hash, plan }, { stepId, subjectId, until, reason }) {
    await tx.saveWaiver(hash, { stepId, subjectId, until, reason, plan: plan.id });
    return null;
  },
  async 'close-phase'(context, tx, { hash, plan }, { phase, ring }) {
    // Facts may have moved since the request; nothing is asked of Azure here, so what is too old is unknown and bars it.
    const block = closeBlock(context, await snapshotIn(context, tx), phase, ring);
    if (block) return block.because;
    await tx.saveGate(hash, { phase, ring, closedAt: context.clock.now(), plan: plan.id });
    return null;
  },
};
