import type { Closing } from '../../../core/closing.ts';
import type { Finding } from '../../../core/finding.ts';
import type { Gate } from '../../../core/gate.ts';
import { regressions, watchedSteps } from '../../../core/gate.ts';
import type { Instant } from '../../../core/instant.ts';
import { MINUTE } from '../../../core/instant.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { PlanRecord, Tx } from '../../../core/ports.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import { changeMark, noteChange } from '../change-mark.ts';
import type { Context } from '../context.ts';
import { snapshotIn } from '../snapshot.ts';
import { findingsOf, namesOf } from '../views/checklist.ts';

/** Gates are looked at this often also when nothing was read: waivers end by time alone. */
const LOOK_AGAIN_MS = 10 * MINUTE;

/** Looks at closed gates whenever what is known has changed, and now and then. */
export function createWatchGates(context: Context): () => Promise<void> {
  let seen: string | null = null;
  let lookedAt = 0;
  return async () => {
    const now = context.clock.now();
    const mark = await context.store.transact(changeMark);
    if (mark === seen && now - lookedAt < LOOK_AGAIN_MS) return;
    await reopenGates(context);
    [seen, lookedAt] = [mark, now];
  };
}

interface ClosedGate {
  readonly gate: Gate;
  readonly record: PlanRecord;
  readonly closing: Closing;
}

/**
 * Opens each closed gate again of which something is not ready any more, and says so. Only what was read counts, only of what the gate was
 * closed on and what is still in its ring. What a run of ours is at work on is looked at when the run has ended.
 */
export async function reopenGates(context: Context): Promise<void> {
  const closed = await context.store.transact(closedGates);
  if (closed.length === 0) return;
  const { snapshot, busy } = await context.store.transact(async (tx) => ({
    snapshot: await snapshotIn(context, tx),
    busy: await busyIn(tx),
  }));
  const now = context.clock.now();
  for (const one of closed) {
    const found = regressed(context, one, snapshot, now).filter(({ subjectId }) => !busy.has(subjectId));
    if (found.length > 0) await context.store.transact((tx) => reopen(context, tx, one, found, namesOf(snapshot)));
  }
}

async function closedGates(tx: Tx): Promise<readonly ClosedGate[]> {
  const { gates } = await tx.decisions();
  const found: ClosedGate[] = [];
  for (const gate of gates) {
    const record = await tx.planNamed(gate.plan);
    const decides = record?.plan.decides;
    // A gate that an older release closed does not say on what: nothing can be held against it.
    if (record && decides?.kind === 'close-phase' && 'closing' in decides) found.push({ gate, record, closing: decides.closing });
  }
  return found;
}

/** Everything that open runs hold. */
async function busyIn(tx: Tx): Promise<ReadonlySet<string>> {
  const busy = new Set<string>();
  for (const { run } of await tx.openRuns()) {
    for (const { holds } of (await tx.plan(run.planHash))?.plan.targets ?? []) for (const id of holds) busy.add(id);
  }
  return busy;
}

function regressed(context: Context, { gate, closing }: ClosedGate, snapshot: Snapshot, now: Instant): readonly Finding[] {
  const steps = watchedSteps(gate, closing, snapshot.gates, context.steps);
  return regressions(closing, [...findingsOf(steps, snapshot, { ring: gate.ring }, now).values()].flat());
}

async function reopen(
  context: Context,
  tx: Tx,
  { gate, record }: ClosedGate,
  found: readonly Finding[],
  names: ReadonlyMap<string, string>,
): Promise<void> {
  const at = context.clock.now();
  if (!(await tx.reopenGate(gate, at))) return; // another instance did, or it was closed anew
  const groups = groupsOf(context, found, names);
  const { phase, ring, plan, closedAt } = gate;
  const first = found
    .slice(0, MOST_RECORDED)
    .map(({ subjectId, stepId, because }) => `${names.get(subjectId) ?? subjectId}, ${stepId}: ${because}`);
  const data = { event: 're-opened', plan, phase, ring, findings: found.length, first };
  await tx.appendLedger({ at, kind: 'gate', actor: null, subject: record.hash, data });
  await noteChange(tx, `re-opened ${record.hash}`);
  const told = { phase, ring, plan, hash: record.hash, closedAt, findings: found.length, groups };
  await tx.outbox({ how: 'post', key: `gate-reopened:${record.hash}`, data: told, at });
}

/** What the ledger names, and how many names a reason carries to the channel. */
const MOST_RECORDED = 20;
const MOST_NAMES = 50;

/** The findings by step and reason, most of them first. */
function groupsOf(context: Context, found: readonly Finding[], names: ReadonlyMap<string, string>): readonly JsonObject[] {
  const groups = Map.groupBy(found, ({ stepId, because }) => `${stepId}\n${because}`);
  return [...groups.values()]
    .toSorted((a, b) => b.length - a.length)
    .map((group) => {
      const { stepId, because } = group[0] as Finding;
      const seen = group.flatMap(({ asOf }) => (asOf === null ? [] : [asOf]));
      return {
        step: context.steps.find(({ id }) => id === stepId)?.title ?? stepId,
        because,
        count: group.length,
        names: group.slice(0, MOST_NAMES).map(({ subjectId }) => names.get(subjectId) ?? subjectId),
        seenAt: seen.length === 0 ? null : Math.min(...seen),
      };
    });
}
