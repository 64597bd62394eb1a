import { isAllowedFor } from '../../../core/allowance.ts';
import type { GapRecord, UntoldTopic } from '../../../core/gap-record.ts';
import type { Instant } from '../../../core/instant.ts';
import { HOUR, MINUTE } from '../../../core/instant.ts';
import type { RunRecord, Tx } from '../../../core/ports.ts';
import type { Context } from '../context.ts';

/** Between two posts of one cause. */
const POST_EVERY_MS = 15 * MINUTE;
/** What first looks find is told once their run has ended, and after this long in any case. */
const FIRST_LOOK_MS = HOUR;
/** Between two edits of one post. */
const EDIT_EVERY_MS = MINUTE;

/**
 * Tells of gaps that go on: of a cause at once the first time, then at most every quarter of an hour; of what first looks at machines find in
 * one post. What a running plan accounts for stays on its run card. A post is edited when gaps in it have ended. Safe after any crash and
 * with other instances: what was told is kept with the gaps, in the transaction that asks for the post.
 */
export async function tellGaps({ store, clock }: Context): Promise<void> {
  const now = clock.now();
  const topics = await store.transact((tx) => tx.untoldGaps());
  if (topics.length > 0) {
    const open = await store.transact((tx) => tx.openRuns());
    for (const topic of topics) if (isDue(topic, open, now)) await store.transact((tx) => tellTopic(tx, topic, open, now));
  }
  await store.transact(async (tx) => {
    for (const { topic, post } of await tx.takeGapEdits(now - EDIT_EVERY_MS, now)) {
      await tx.outbox({ how: 'edit', key: gapKey(topic, post), data: {}, at: now });
    }
  });
}

/** The key of a post about gaps. */
function gapKey(topic: string, post: number): string {
  return `gap:${topic}:${post}`;
}

function isDue({ firstLook, since, run, toldAt }: UntoldTopic, open: readonly RunRecord[], now: Instant): boolean {
  if (toldAt !== null && now - toldAt < POST_EVERY_MS) return false;
  if (!firstLook || now - since >= FIRST_LOOK_MS) return true;
  return !open.some((record) => record.run.planHash === run);
}

async function tellTopic(tx: Tx, { topic, posts }: UntoldTopic, open: readonly RunRecord[], at: Instant): Promise<void> {
  const untold = await tx.gaps({ of: 'untold', topic });
  const told: GapRecord[] = [];
  for (const gap of untold) if (!(await isAllowed(tx, gap, open, at))) told.push(gap);
  if (told.length === 0 || !(await tx.tellGaps(topic, posts + 1, at, told))) return;
  await tx.outbox({ how: 'post', key: gapKey(topic, posts + 1), data: {}, at });
}

async function isAllowed(tx: Tx, gap: GapRecord, open: readonly RunRecord[], at: Instant): Promise<boolean> {
  const run = gap.caused ? open.find((record) => record.run.planHash === gap.run)?.run : undefined;
  const plan = run && (await tx.plan(run.planHash))?.plan;
  return plan !== undefined && isAllowedFor(plan, run!, gap.machineId, at);
}
