import { listCard } from '../../../cards/list/data.ts';
import type { FollowUp } from '../../../core/follow-up.ts';
import { hasFollowUp } from '../../../core/follow-up.ts';
import { DAY } from '../../../core/instant.ts';
import type { Person } from '../../../core/person.ts';
import type { Plan } from '../../../core/plan.ts';
import type { RenderedCard, Tx } from '../../../core/ports.ts';
import type { Run, RunVerdict } from '../../../core/run.ts';
import type { Collect } from '../collect-evidence.ts';
import type { Context } from '../context.ts';
import { frameOf } from '../context.ts';
import { notice } from '../notice.ts';
import { requestFollowUp } from '../requests/request-follow-up.ts';
import { count } from '../words.ts';

/** What somebody typed to go on from a run, or to take it back. */
export interface FollowUpWords {
  readonly how: FollowUp;
  /** As typed, `GL-0007`; null when none was named. */
  readonly plan: string | null;
  readonly ticket: string | null;
  readonly person: Person;
}

/** “resume” without a name means the only run that ended early in this time. */
const LOOK_BACK_MS = 7 * DAY;
const MOST_RUNS = 50;

const ENDED_EARLY: ReadonlySet<RunVerdict | null> = new Set(['stopped', 'halted', 'partly', 'voided']);

const listWords: Readonly<Record<FollowUp, { readonly title: string; readonly say: string }>> = {
  rest: { title: 'Go on with which run?', say: 'say “resume” and its name' },
  undo: { title: 'Take back which run?', say: 'say “undo” and its name' },
};

/** Requests what a run left, or its undo, by word. An undo always needs the run's name. */
export async function followUpByWord(context: Context, collect: Collect, asked: FollowUpWords): Promise<RenderedCard> {
  const { how, plan, ticket, person } = asked;
  if (plan !== null) {
    const record = await context.store.transact((tx) => tx.planNamed(plan));
    if (!record) return notice(context, 'refused', `There is no plan ${plan}.`, 'Ask “run status” for the last run.');
    return requestFollowUp(context, collect, record.hash, how, person, ticket);
  }
  const found = await context.store.transact((tx) => candidates(tx, how, context.clock.now()));
  const [only] = found;
  if (only && found.length === 1 && how === 'rest') return requestFollowUp(context, collect, only.run.planHash, how, person, ticket);
  if (!only) return notice(context, 'info', 'No run of the last 7 days left anything for that.', 'Name an older one by its number.');
  const items = found.map((one) => ({ id: one.plan.id, hash: null, title: one.plan.title, detail: `ended ${one.run.verdict ?? ''}` }));
  const { title, say } = listWords[how];
  return listCard({ title, sentence: `${count(found.length, 'run')} of the last 7 days: ${say}`, items }, frameOf(context));
}

interface Ended {
  readonly run: Run;
  readonly plan: Plan;
}

/** Runs of the last days that left something, the latest first, but those that a later run went on from already. */
async function candidates(tx: Tx, how: FollowUp, now: number): Promise<readonly Ended[]> {
  const found: Ended[] = [];
  const followed = new Set<string>();
  for (const { run } of await tx.latestRuns(MOST_RUNS)) {
    const plan = (await tx.plan(run.planHash))?.plan;
    if (!plan) continue;
    if (plan.follows?.how === how) followed.add(plan.follows.hash);
    const recent = run.endedAt !== null && now - run.endedAt <= LOOK_BACK_MS;
    const wanted = how === 'undo' || ENDED_EARLY.has(run.verdict);
    if (recent && wanted && !followed.has(run.planHash) && hasFollowUp(plan, run, how)) found.push({ run, plan });
  }
  return found;
}
