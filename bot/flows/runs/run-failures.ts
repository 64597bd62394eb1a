import { listCard } from '../../../cards/list/data.ts';
import { names } from '../../../cards/words.ts';
import type { Instant } from '../../../core/instant.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Plan } from '../../../core/plan.ts';
import type { OutgoingMessage, RunRecord, Tx } from '../../../core/ports.ts';
import type { Run } from '../../../core/run.ts';
import { hasEnded, isBad, isHeldBackByFailures } from '../../../core/run.ts';
import type { Context } from '../context.ts';
import { frameOf } from '../context.ts';
import { count } from '../words.ts';
import { groupByCause } from './failure-causes.ts';
import { liveRuns } from './run-heartbeat.ts';
import { goOnWords } from './run-news.ts';
import { EDIT_EVERY_MS } from './run-shown.ts';

/** How many machines each cause names. */
const MOST_NAMES = 5;

/** Which machines of a run were told of in its thread. JSON, kept as a note. */
type Told = {
  readonly at: Instant;
  readonly targets: readonly string[];
  readonly posts: number;
};

const toldNote = (hash: string): string => `run-told:${hash}`;

/** Tells in a run's thread which machines ended badly: one reply at a time, each machine once. */
export async function reportFailures(context: Context): Promise<void> {
  const now = context.clock.now();
  const hashes = await context.store.transact(async (tx) => {
    const found: string[] = [];
    for (const { run } of await liveRuns(tx, now)) {
      if (badlyEnded(run).length > 0 && (await untold(tx, run)).length > 0) found.push(run.planHash);
    }
    return found;
  });
  for (const hash of hashes) await context.store.transact((tx) => askForReply(tx, hash, now));
}

async function askForReply(tx: Tx, hash: string, at: Instant): Promise<void> {
  const record: RunRecord | null = await tx.run(hash); // locked: of several instances one tells
  if (!record || !(await tx.card(`run:${hash}`))) return;
  const before = await toldOf(tx, hash);
  const targets = await untold(tx, record.run);
  if (targets.length === 0 || (before && at - before.at < EDIT_EVERY_MS)) return;
  const posts = (before?.posts ?? 0) + 1;
  const told: Told = { at, posts, targets: [...(before?.targets ?? []), ...targets] };
  await tx.saveNote(toldNote(hash), told);
  await tx.outbox({ how: 'post', key: `run-failures:${hash}:${posts}`, data: { targets }, at });
}

/** The reply in the thread of the run's card: what failed, by cause, and what to do next. */
export async function composeFailures(context: Context, rest: string, data: JsonObject): Promise<OutgoingMessage | null> {
  const hash = rest.split(':')[0] ?? '';
  const found = await context.store.transact(async (tx) => ({
    run: (await tx.run(hash))?.run,
    plan: (await tx.plan(hash))?.plan,
    card: await tx.card(`run:${hash}`),
  }));
  const { run, plan, card } = found;
  if (!run || !plan || !card) return null;
  const wanted = new Set(Array.isArray(data['targets']) ? (data['targets'] as readonly unknown[]) : []);
  const targets = plan.targets.filter(({ id }) => wanted.has(id));
  if (targets.length === 0) return null;
  const items = groupByCause(targets.map((target) => ({ name: target.name, progress: run.targets[target.id]! }))).map((group) => ({
    id: `${group.names.length} ×`,
    hash: null,
    title: group.cause,
    detail: names(group.names, MOST_NAMES),
  }));
  const view = { title: `${plan.id}: ${count(targets.length, 'machine')} did not make it`, sentence: nextStep(plan, run), items };
  return { card: listCard(view, frameOf(context)), text: '', mentions: [], replyTo: card.activityId };
}

function nextStep(plan: Plan, run: Run): string {
  if (run.state === 'finished') return `Mend the cause first. ${goOnWords(plan, run)}`;
  if (run.stop) return 'Mend the cause; the run is stopping, and its report says how to go on.';
  if (!isHeldBackByFailures(plan)) return 'Mend the cause, and request the probe again; the run goes on with the others meanwhile.';
  const { stopAfterFailures } = plan.limits;
  return `Mend the cause; the run halts by itself once ${count(stopAfterFailures, 'machine')} in all went wrong, and its report says how to go on.`;
}

function badlyEnded(run: Run): readonly string[] {
  return Object.entries(run.targets).flatMap(([id, progress]) => {
    return hasEnded(progress) && (isBad(progress) || progress.safety === 'unsure') ? [id] : [];
  });
}

async function untold(tx: Tx, run: Run): Promise<readonly string[]> {
  const told = new Set((await toldOf(tx, run.planHash))?.targets);
  return badlyEnded(run).filter((id) => !told.has(id));
}

async function toldOf(tx: Tx, hash: string): Promise<Told | null> {
  return (await tx.note(toldNote(hash))) as Told | null;
}
