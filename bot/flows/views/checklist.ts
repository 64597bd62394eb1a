import type { ChecklistView } from '../../../cards/checklist/data.ts';
import type { Finding } from '../../../core/finding.ts';
import { tally } from '../../../core/finding.ts';
import type { PhaseId } from '../../../core/phase.ts';
import type { Scope } from '../../../core/scope.ts';
import { machinesIn, scopeWords, subscriptionsIn } from '../../../core/scope.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { AnyStep } from '../../../core/step.ts';
import { judgeAll } from '../../../core/step.ts';
import { blindSpot, sourceLines } from '../answers/lines.ts';
import type { Context } from '../context.ts';

/** The findings of steps within a scope. A subscription counts when the scope reaches one of its machines. */
export function findingsOf(
  steps: readonly AnyStep[],
  snapshot: Snapshot,
  scope: Scope,
  now: number,
): ReadonlyMap<string, readonly Finding[]> {
  const machines = machinesIn(scope, snapshot);
  const narrowed = Object.keys(scope).length > 0;
  const reached = new Set(machines.map(({ facts }) => facts.subscriptionId));
  const subscriptions = subscriptionsIn(scope, snapshot).filter(({ id }) => !narrowed || reached.has(id));
  const ids = new Set([...machines.map(({ id }) => id), ...subscriptions.map(({ id }) => id)]);
  return new Map(steps.map((row) => [row.id, judgeAll(row, snapshot, now).filter(({ subjectId }) => ids.has(subjectId))]));
}

/** A phase's checklist. */
export function checklistView(context: Context, phase: PhaseId, snapshot: Snapshot, scope: Scope, readAs: string | null): ChecklistView {
  const steps = context.steps.filter((row) => row.phase === phase);
  const findings = findingsOf(steps, snapshot, scope, context.clock.now());
  const names = namesOf(snapshot);
  return {
    phase,
    scope: `${scopeWords(scope)}${inventoryWords(snapshot)}`,
    readAs,
    machines: machinesIn(scope, snapshot).length,
    closed: snapshot.gates
      .filter((gate) => gate.phase === phase && (scope.ring === undefined || scope.ring.toLowerCase() === gate.ring.toLowerCase()))
      .map(({ ring, plan, closedAt }) => ({ ring, plan, at: closedAt })),
    steps: steps.map((row) => {
      const found = findings.get(row.id) ?? [];
      const worst = [...found.filter(({ verdict }) => verdict === 'not-ready'), ...found.filter(({ verdict }) => verdict === 'unknown')];
      const unknown = found.filter(({ verdict, asOf }) => verdict === 'unknown' && asOf !== null).map(({ asOf }) => asOf as number);
      const known = found.filter(({ verdict, asOf }) => verdict !== 'unknown' && asOf !== null).map(({ asOf }) => asOf as number);
      return {
        id: row.id,
        title: row.title,
        why: row.why,
        link: row.link,
        subject: row.subject,
        tally: tally(found),
        asOf: known.length === 0 ? null : Math.min(...known),
        unknownSince: unknown.length === 0 ? null : Math.min(...unknown),
        examples: worst
          .slice(0, 3)
          .map(({ subjectId, verdict, because, fix }) => ({ name: names.get(subjectId) ?? subjectId, verdict, because, fix })),
      };
    }),
    blindSpot: blindSpot(snapshot, steps, [...findings.values()].flat()),
    sources: sourceLines(
      snapshot,
      steps.flatMap(({ needs }) => needs),
    ),
  };
}

/** A count of machines is as old as the inventory it comes from. */
function inventoryWords(snapshot: Snapshot): string {
  const inventory = snapshot.sources.find(({ kind }) => kind === 'machine');
  if (!inventory?.failure) return '';
  return inventory.readAt === null ? ' · the inventory was never read' : ' · as the inventory was last read';
}

/** What people call each subject; a name two machines share carries its resource group. */
export function namesOf(snapshot: Snapshot): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  for (const { name } of snapshot.machines) counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
  return new Map([
    ...snapshot.subscriptions.map(({ id, name }) => [id, name] as const),
    ...snapshot.machines.map(({ id, name, facts }) => {
      const twice = (counts.get(name.toLowerCase()) ?? 0) > 1;
      return [id, twice ? `${name} (${facts.resourceGroup})` : name] as const;
    }),
  ]);
}
