import type { Instant } from '../../../core/instant.ts';
import { MINUTE } from '../../../core/instant.ts';
import { changeMark } from '../change-mark.ts';
import type { Context } from '../context.ts';
import type { Readiness } from './overview.ts';

/** Evidence of one machine that comes by itself, and evidence that becomes too old, is judged after this long also when nobody asks. */
const AT_LEAST_EVERY_MS = MINUTE;

/** Judges whenever what is known has changed, so that every change is in the record near the time it was seen. */
export function createKeepJudged(context: Context, readiness: Readiness): () => Promise<void> {
  let seen: string | null = null;
  let judgedAt: Instant = 0;
  return async () => {
    const now = context.clock.now();
    const mark = await context.store.transact(changeMark);
    if (mark === seen && now - judgedAt < AT_LEAST_EVERY_MS) return;
    await readiness.judge();
    [seen, judgedAt] = [mark, now];
  };
}
