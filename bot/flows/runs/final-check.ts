import type { CollectedKind, Collection } from '../../../core/evidence.ts';
import type { FinalState, Settled } from '../../../core/final-check.ts';
import { beginFinal, isFinal, judgeFinal, kindsDue, takeLook } from '../../../core/final-check.ts';
import type { Instant } from '../../../core/instant.ts';
import type { Plan } from '../../../core/plan.ts';
import type { Tx } from '../../../core/ports.ts';
import type { Run } from '../../../core/run.ts';
import type { ReadAnew } from '../collect-evidence.ts';
import type { Context } from '../context.ts';
import { finalOf, listFinal, openFinals, saveFinal } from './final-note.ts';

/** Keeps what waits for its final verification, in the transaction that ends the run, after its entry in the ledger. */
export async function keepFinal(tx: Tx, plan: Plan, hash: string, run: Run): Promise<void> {
  const state = beginFinal(plan, run);
  if (!state) return;
  await saveFinal(tx, hash, state);
  await listFinal(tx, hash, true);
}

/** Takes every final verification that is due: hours after a run, by a second source. Safe after any crash, and with other instances. */
export async function verifyFinally(context: Context, readAnew: ReadAnew): Promise<void> {
  const hashes = await context.store.transact(async (tx) => openFinals(tx));
  for (const hash of hashes) await verifyRun(context, readAnew, hash);
}

interface Look {
  readonly plan: Plan;
  readonly asked: Instant;
  readonly kinds: readonly CollectedKind[];
}

async function verifyRun(context: Context, readAnew: ReadAnew, hash: string): Promise<void> {
  const look = await beginLook(context, hash);
  if (!look) return;
  const { plan, asked } = look;
  const found = new Map<CollectedKind, Collection<CollectedKind>>();
  for (const kind of look.kinds) found.set(kind, await readAnew(kind));
  await context.store.transact(async (tx) => {
    await tx.run(hash); // locked: two looks must not both record
    const before = await finalOf(tx, hash);
    if (!before) return;
    const { state, settled } = judgeFinal(plan, before, (kind, id) => evidenceIn(found.get(kind), id), asked);
    await saveFinal(tx, hash, state);
    await record(tx, plan, hash, settled, context.clock.now());
    if (settled.length > 0 && isFinal(state)) await listFinal(tx, hash, false);
    await announce(tx, hash, state, settled, context.clock.now());
  });
}

/** Whoever moves the next look on has this one. */
async function beginLook(context: Context, hash: string): Promise<Look | null> {
  const asked = context.clock.now();
  return context.store.transact(async (tx) => {
    const seen = await finalOf(tx, hash);
    if (!seen || asked < seen.nextLookAt) return null;
    await tx.run(hash); // locked, and read again: another instance may have taken it meanwhile
    const state = await finalOf(tx, hash);
    const plan = (await tx.plan(hash))?.plan;
    const taken = plan && state && takeLook(plan, state, asked);
    if (!taken) return null;
    await saveFinal(tx, hash, taken);
    return { plan, asked, kinds: kindsDue(plan, taken, asked) };
  });
}

function evidenceIn(collection: Collection<CollectedKind> | undefined, id: string) {
  return collection?.subjects[id] ?? collection?.failure ?? null;
}

async function record(tx: Tx, plan: Plan, hash: string, settled: readonly Settled[], at: Instant): Promise<void> {
  for (const { target, result, note } of settled) {
    const data = { plan: plan.id, target: target.id, result, note };
    await tx.appendLedger({ at, kind: 'verification', actor: null, subject: hash, data });
  }
}

/** The card shows each result; people are told at once when one contradicts, and when all of them are in. */
async function announce(tx: Tx, hash: string, state: FinalState, settled: readonly Settled[], at: Instant): Promise<void> {
  if (settled.length === 0) return;
  await tx.outbox({ how: 'edit', key: `run:${hash}`, data: {}, at });
  const contradicted = settled.filter(({ result }) => result === 'contradicted').map(({ target }) => target.id);
  if (contradicted.length === 0 && !isFinal(state)) return;
  await tx.outbox({ how: 'post', key: `final-news:${hash}:${at}`, data: { contradicted }, at });
}
