import type { ChecklistView } from '../../../cards/checklist/data.ts';
import type { Finding } from '../../../core/finding.ts';
import { tallySubjects } from '../../../core/finding.ts';
import { gateOf } from '../../../core/gate.ts';
import type { MachineFacts } from '../../../core/machine.ts';
import type { Person } from '../../../core/person.ts';
import type { PhaseId } from '../../../core/phase.ts';
import type { Scope } from '../../../core/scope.ts';
import { machinesIn, scopeWords, subscriptionsIn } from '../../../core/scope.ts';
import type { Snapshot, Subject } from '../../../core/snapshot.ts';
import type { AnyStep } from '../../../core/step.ts';
import { judgeEach, kindsOf } from '../../../core/step.ts';
import { surroundingsOf } from '../../../core/surroundings.ts';
import { blindSpot, sourceLines } from '../answers/lines.ts';
import type { Context } from '../context.ts';
import { checklistRow, endingSoon, keyOf } from './checklist-row.ts';

/**
 * The findings of steps within a scope. A subscription counts when the scope reaches one of its machines; what is true of the organisation
 * counts for every part of it.
 */
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
  const subjects: Readonly<Record<Subject['kind'], readonly Subject[]>> = {
    machine: machines,
    subscription: subscriptions,
    organisation: [snapshot.organisation],
  };
  const around = surroundingsOf(snapshot, now);
  return new Map(steps.map((row) => [row.id, judgeEach(row, subjects[row.subject], snapshot, now, around)]));
}

/** For whom a checklist is, and what is shown of it. */
export interface ChecklistFor {
  readonly readAs?: string | null;
  /** Null for everyone. */
  readonly viewer?: Person | null;
  /** True: only steps that are not done are shown; in a person's own view alone. */
  readonly openOnly?: boolean;
  readonly kept?: ChecklistView['kept'];
}

/** A phase's checklist. */
export function checklistView(
  context: Context,
  phase: PhaseId,
  snapshot: Snapshot,
  scope: Scope,
  { readAs = null, viewer = null, openOnly = false, kept = null }: ChecklistFor = {},
): ChecklistView {
  const now = context.clock.now();
  const steps = context.steps.filter((row) => row.phase === phase);
  const findings = findingsOf(steps, snapshot, scope, now);
  const all = [...findings.values()].flat();
  const machines = machinesIn(scope, snapshot);
  const ids = new Set(machines.map(({ id }) => id));
  const soon = endingSoon(snapshot, now);
  const { rings } = context.migration;
  const row = { context, scope, viewer, soon, names: namesOf(snapshot) };
  return {
    phase,
    scope: `${scopeWords(scope)}${inventoryWords(snapshot)}`,
    ring: scope.ring ?? null,
    readAs,
    machines: machines.length,
    fleet: tallySubjects(all.filter(({ subjectId }) => ids.has(subjectId))),
    waivedSoon: new Set(all.filter((finding) => ids.has(finding.subjectId) && soon.has(keyOf(finding))).map(({ subjectId }) => subjectId))
      .size,
    gates: rings
      .filter(({ name }) => scope.ring === undefined || scope.ring.toLowerCase() === name.toLowerCase())
      .map(({ name }) => ({ ring: name, closed: closedAs(snapshot, phase, name) })),
    kept,
    own: viewer && { openOnly, rings: rings.map(({ name }) => name) },
    steps: steps.map((step) => checklistRow(step, findings.get(step.id) ?? [], row)),
    blindSpot: blindSpot(snapshot, steps, all),
    sources: sourceLines(snapshot, steps.flatMap(kindsOf)),
  };
}

function closedAs(snapshot: Snapshot, phase: PhaseId, ring: string) {
  const gate = gateOf(snapshot.gates, phase, ring);
  return gate && { plan: gate.plan, at: gate.closedAt };
}

/** A count of machines is as old as the inventory it comes from. */
function inventoryWords(snapshot: Snapshot): string {
  const inventory = snapshot.sources.find(({ kind }) => kind === 'machine');
  if (!inventory?.failure) return '';
  return inventory.readAt === null ? ' · the inventory was never read' : ' · as the inventory was last read';
}

/** What people call each subject; a name two machines share carries where each one is. */
export function namesOf(snapshot: Snapshot): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  for (const { name } of snapshot.machines) counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
  return new Map([
    ...snapshot.subscriptions.map(({ id, name }) => [id, name] as const),
    ...snapshot.machines.map(({ id, name, facts }) => {
      const twice = (counts.get(name.toLowerCase()) ?? 0) > 1;
      return [id, twice ? `${name} (${groupWords(facts)})` : name] as const;
    }),
  ]);
}

/** Where a machine is, as far as people tell machines apart by it. */
export function groupWords({ kind, resourceGroup }: MachineFacts): string {
  return kind === 'listed' ? 'not in Azure' : resourceGroup;
}
