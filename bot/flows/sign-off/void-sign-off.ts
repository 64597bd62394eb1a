import type { PlanRecord, Tx } from '../../../core/ports.ts';
import { decide } from '../../../core/sign-off.ts';
import type { Context } from '../context.ts';
import { livePolicy } from '../context.ts';
import { commitDecision } from './decide-sign-off.ts';

/** Ends a sign-off that has lost what it rested on; the plan needs to be asked for anew. Does nothing to one that has ended or begun. */
export async function voidSignOff(context: Context, tx: Tx, record: PlanRecord, reason: string, replacedBy?: string): Promise<void> {
  const ended = decide(
    record.signOff,
    { type: 'supersede', at: context.clock.now(), reason, ...(replacedBy === undefined ? {} : { replacedBy }) },
    livePolicy(context, record.plan),
  );
  if (ended.kind === 'ok' && ended.value !== record.signOff)
    await commitDecision(context, tx, record, ended.value, { kind: 'decision', decision: 'void', person: null, comment: reason });
}
