import { decide } from '../../../core/sign-off.ts';
import type { Context } from '../context.ts';
import { livePolicy } from '../context.ts';
import { commitDecision } from './decide-sign-off.ts';

/** Ends the requests whose time is over. */
export async function expireSignOffs(context: Context): Promise<void> {
  const now = context.clock.now();
  const pending = await context.store.transact((tx) => tx.openPlans());
  for (const { hash } of pending.filter(({ signOff }) => now >= signOff.expiresAt)) {
    await context.store.transact(async (tx) => {
      const record = await tx.plan(hash);
      if (!record) return;
      const decided = decide(record.signOff, { type: 'expire', at: now }, livePolicy(context, record.plan));
      if (decided.kind !== 'ok' || decided.value === record.signOff) return;
      await commitDecision(context, tx, record, decided.value, { kind: 'decision', decision: 'expire', person: null, comment: '' });
    });
  }
}
