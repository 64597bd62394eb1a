import type { Plan } from '../../../core/plan.ts';
import type { Tx } from '../../../core/ports.ts';
import type { Run, RunEvent } from '../../../core/run.ts';
import { failedTooMuch, isBad } from '../../../core/run.ts';

/**
 * Asks for the messages that one change of a run calls for, in the transaction that makes it: a stop, a halt and a machine that is not known to
 * be safe are new posts, and the card is edited at once. Everything else the card shows at its own pace.
 */
export async function announceRunChange(tx: Tx, plan: Plan, hash: string, before: Run, next: Run, event: RunEvent): Promise<void> {
  const at = event.type === 'hold' ? event.hold.at : event.at;
  if (!mayCallForWords(before, next, event)) return;
  const unsafe = newlyUnsafe(before, next);
  const ended = next.state === 'finished';
  const stopped = before.stop === null && next.stop !== null;
  const halted = !stopped && next.stop === null && failedTooMuch(plan, next) && !failedTooMuch(plan, before);
  if (unsafe.length > 0) {
    await tx.outbox({ how: 'post', key: `run-unsafe:${hash}:${unsafe[0]}`, data: { targets: unsafe }, at });
  }
  // A run that ends by it is told of by its report.
  if (!ended && stopped) await tx.outbox({ how: 'post', key: `run-pause:${hash}:stop`, data: {}, at });
  if (!ended && halted) await tx.outbox({ how: 'post', key: `run-pause:${hash}:halt`, data: {}, at });
  if (ended || stopped || halted || unsafe.length > 0) await tx.outbox({ how: 'edit', key: `run:${hash}`, data: {}, at });
}

/** Most changes of a run of thousands are one machine going on well: told apart before all of them are counted. */
function mayCallForWords(before: Run, next: Run, event: RunEvent): boolean {
  if (next.state === 'finished' || next.stop !== before.stop || !('targetId' in event)) return true;
  const progress = next.targets[event.targetId];
  return progress !== undefined && (isBad(progress) || progress.safety === 'unsure');
}

function newlyUnsafe(before: Run, next: Run): readonly string[] {
  return Object.entries(next.targets).flatMap(([id, progress]) => {
    return progress !== before.targets[id] && progress.safety === 'unsure' && before.targets[id]?.safety !== 'unsure' ? [id] : [];
  });
}
