import { beyondSigned } from '../../../core/closing.ts';
import type { Decides } from '../../../core/decides.ts';
import type { PlanRecord, Tx } from '../../../core/ports.ts';
import { noteChange } from '../change-mark.ts';
import type { Context } from '../context.ts';
import { acceptFile } from '../file/accept-file.ts';
import { closeBlock, closingIn } from '../requests/request-close-phase.ts';
import { snapshotIn } from '../snapshot.ts';
import { namesOf } from '../views/checklist.ts';

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
    await noteChange(tx, `decided ${hash}`);
    return null;
  },
  async 'close-phase'(context, tx, { hash, plan }, { phase, ring, closing }) {
    // Facts may have moved since the request; nothing is asked of Azure here, so what is too old is unknown and bars it.
    const snapshot = await snapshotIn(context, tx);
    const block =
      closeBlock(context, snapshot, phase, ring) ?? beyondSigned(closing, closingIn(context, snapshot, phase, ring), namesOf(snapshot));
    if (block) return block.because;
    await tx.saveGate(hash, { phase, ring, closedAt: context.clock.now(), plan: plan.id });
    await noteChange(tx, `decided ${hash}`);
    return null;
  },
};
