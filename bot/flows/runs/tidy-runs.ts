import type { Instant } from '../../../core/instant.ts';
import { SECOND } from '../../../core/instant.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { ExpandedCall, Plan, PlanTarget } from '../../../core/plan.ts';
import type { JournalRow, NextRequest, Tx } from '../../../core/ports.ts';
import type { TidyMove, TidyState } from '../../../core/tidy-moves.ts';
import { tidyState } from '../../../core/tidy-moves.ts';
import { activeFreeze } from '../../../core/window.ts';
import type { Context } from '../context.ts';

/** Targets that are begun together, and named in one entry of the ledger. */
const BATCH = 20;
/** Between two looks at a run that has something due: nobody waits for it. */
const PASS_MS = 5 * SECOND;

interface Claimed extends TidyState {
  readonly plan: Plan;
  readonly hash: string;
  readonly fence: number;
}

/**
 * Deletes the run commands that finished runs left on machines, as their signed plans say. `owner` names this process: only the holder of
 * a run's lease tidies up after it. What was announced is sent again after a crash; a freeze makes all of it wait.
 */
export function createTidyRuns(context: Context, owner: string): () => Promise<void> {
  const notBefore = new Map<string, Instant>();
  return async () => {
    if (activeFreeze(context.migration.freezes, context.clock.now())) return;
    const hashes = await context.store.transact((tx) => tx.untidiedRuns());
    for (const hash of notBefore.keys()) if (!hashes.includes(hash)) notBefore.delete(hash);
    for (const hash of hashes) {
      if ((notBefore.get(hash) ?? 0) > context.clock.now()) continue;
      const next = await tidyRun(context, owner, hash);
      notBefore.set(hash, Math.max(next, context.clock.now() + PASS_MS));
    }
  };
}

/** Does what is due after one run; when to look at it again. */
async function tidyRun(context: Context, owner: string, hash: string): Promise<Instant> {
  const claimed = await context.store.transact((tx) => claim(context, tx, owner, hash));
  if (claimed === null) return 0;
  const batch = batchOf(context, claimed.moves);
  const allowed = await begin(context, claimed, batch);
  const byTarget = [...Map.groupBy(allowed, ({ target }) => target.id).values()];
  await Promise.all(
    byTarget.map(async (moves) => {
      // One after the other: a machine takes one change of its run commands at a time.
      for (const move of moves) await carryOut[move.do](context, claimed, move.target, move.call);
    }),
  );
  return claimed.moves.length > 0 ? 0 : (claimed.nextAt ?? 0);
}

async function claim(context: Context, tx: Tx, owner: string, hash: string): Promise<Claimed | null> {
  if (!(await context.inForce.isCurrent(tx))) return null; // another version of the file may know of a freeze
  const fence = await tx.claimRun(hash, owner);
  const [run, record] = fence === null ? [] : [(await tx.run(hash))?.run, await tx.plan(hash)];
  if (fence === null || !run || !record) return null;
  const { plan } = record;
  const state = tidyState(plan, hash, run, await tx.journal(hash), context.clock.now());
  if (!state.done) return { ...state, plan, hash, fence };
  const { deleted, left } = state;
  if (deleted + left > 0) await enter(context, tx, hash, { plan: plan.id, deleted, left });
  await tx.tidied(hash);
  return null;
}

/** What is due for a few targets, as far as Azure's limits leave room beside the work of runs. */
function batchOf(context: Context, moves: readonly TidyMove[]): readonly TidyMove[] {
  const targets = new Set<string>();
  return moves.filter(({ do: what, target, call }) => {
    if (targets.size === BATCH && !targets.has(target.id)) return false;
    const request = requests[what];
    if (request !== null && context.writer.room(target, call, request) > 0) return false;
    targets.add(target.id);
    return true;
  });
}

const requests: Readonly<Record<TidyMove['do'], NextRequest | null>> = { begin: 'send', send: 'send', look: 'look', 'give-up': null };

/** Announces what is new, in one transaction under the fence; nothing may be done when another instance took over. */
async function begin(context: Context, { plan, hash, fence }: Claimed, moves: readonly TidyMove[]): Promise<readonly TidyMove[]> {
  const at = context.clock.now();
  const fresh = moves.filter((move) => move.do === 'begin');
  return context.store.transact(async (tx) => {
    if (!(await tx.holdsRun(hash, fence))) return [];
    if (fresh.length === 0) return moves;
    for (const { target, call } of fresh) await tx.journalIntent(hash, target.id, call.id, at);
    const targets = [...new Set(fresh.map(({ target }) => target.id))];
    await enter(context, tx, hash, { plan: plan.id, count: fresh.length, targets });
    return moves;
  });
}

async function enter(context: Context, tx: Tx, subject: string, data: JsonObject): Promise<void> {
  await tx.appendLedger({ at: context.clock.now(), kind: 'tidy', actor: null, subject, data });
}

type Carry = (context: Context, claimed: Claimed, target: PlanTarget, call: ExpandedCall) => Promise<void>;

const send: Carry = async (context, { plan, hash }, target, call) => {
  const sent = await context.writer.send(plan, hash, target, call);
  const because = 'because' in sent ? sent.because : '';
  await note(context, hash, target, call, sent.kind === 'throttled' ? 'open' : sent.kind, because);
};

const carryOut: Readonly<Record<TidyMove['do'], Carry>> = {
  begin: send,
  send,
  async look(context, { hash }, target, call) {
    const seen = await context.writer.readBack(call);
    if (seen.kind === 'succeeded' || seen.kind === 'absent') return note(context, hash, target, call, 'settled', '');
    if (seen.kind === 'unread') return note(context, hash, target, call, 'accepted', seen.because);
    return note(context, hash, target, call, 'open', 'it is still there');
  },
  async 'give-up'(context, { plan, hash }, target, call) {
    const line = await context.store.transact((tx) => tx.journalLine(hash, target.id, call.id));
    const fix = 'Delete it by hand: a machine has room for 25 run commands.';
    context.log.warn('tidying up after a run', { plan: plan.id, left: call.path, because: line.detail, fix });
    await note(context, hash, target, call, 'failed', line.detail);
  },
};

async function note(
  context: Context,
  hash: string,
  target: PlanTarget,
  call: ExpandedCall,
  outcome: JournalRow['outcome'],
  detail: string,
): Promise<void> {
  const at = context.clock.now();
  await context.store.transact((tx) => tx.journalOutcome(hash, target.id, call.id, outcome, at, detail));
}
