import type { Instant } from '../../../core/instant.ts';
import type { LedgerKind } from '../../../core/ledger.ts';
import type { Recurrence } from '../../../core/schedule.ts';
import { latestOccurrence } from '../../../core/schedule.ts';
import type { Context } from '../context.ts';

/** Something that is posted at set times. */
export interface Schedule {
  readonly id: string;
  /** When, by the migration file. */
  readonly recurrence: (context: Context) => Recurrence;
  /** The outbox key of what is posted for a slot. */
  readonly key: (slot: Instant) => string;
  /** As what its slots stand in the ledger; null for what is posted only when there is something to say. */
  readonly kind: LedgerKind | null;
}

/** Where it is kept since when a schedule is known: slots before the bot's first day are not missed ones. */
export function knownSinceNote(schedule: string): string {
  return `schedule:${schedule}`;
}

/** Claims each schedule's slot when its time has come: the first who claims it posts it, and nobody ever posts it again. */
export async function claimDueSlots(context: Context, schedules: readonly Schedule[]): Promise<void> {
  for (const schedule of schedules) await claimSlot(context, schedule);
}

async function claimSlot(context: Context, { id, recurrence, key, kind }: Schedule): Promise<void> {
  const now = context.clock.now();
  const slot = latestOccurrence(recurrence(context), context.zone, now);
  await context.store.transact(async (tx) => {
    const since = await tx.note(knownSinceNote(id));
    if (since === null) return tx.saveNote(knownSinceNote(id), now);
    if (slot === null || slot <= Number(since)) return;
    if (!(await tx.claimSlot(id, slot, now))) return;
    if (kind) await tx.appendLedger({ at: now, kind, actor: null, subject: `${id}:${slot}`, data: { slot } });
    await tx.outbox({ how: 'post-once', key: key(slot), data: { slot }, at: now });
  });
}
