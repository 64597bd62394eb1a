import type { ChecklistView } from '../../../cards/checklist/data.ts';
import type { Finding } from '../../../core/finding.ts';
import { gateOf } from '../../../core/gate.ts';
import { isListed } from '../../../core/listed.ts';
import type { MachineFacts } from '../../../core/machine.ts';
import type { Person } from '../../../core/person.ts';
import type { PhaseId } from '../../../core/phase.ts';
import type { FoundFinding } from '../../../core/ports.ts';
import type { Scope } from '../../../core/scope.ts';
import { machinesIn, scopeWords, subscriptionsIn } from '../../../core/scope.ts';
import type { Snapshot, Subject } from '../../../core/snapshot.ts';
import type { AnyStep } from '../../../core/step.ts';
import { judgeEach, kindsOf } from '../../../core/step.ts';
import { surroundingsOf } from '../../../core/surroundings.ts';
import { blindSpot, sourceLines } from '../answers/lines.ts';
import type { Context } from '../context.ts';
import type { Overview } from '../readiness/overview.ts';
import type { Stand, StepStand } from '../readiness/stand.ts';
import { readStand, readWorst } from '../readiness/stand.ts';
import { checklistRow } from './checklist-row.ts';

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

/** What a checklist is made of. */
export interface ChecklistFacts {
  readonly phase: PhaseId;
  readonly overview: Overview;
  readonly stand: Stand;
  /** A few of those that hold each step back. */
  readonly worst: ReadonlyMap<string, readonly FoundFinding[]>;
}

/** A step names this many of those that hold it back. */
const EXAMPLES = 3;

/** How a phase stands within a scope, by what was judged last. */
export async function readChecklist(context: Context, overview: Overview, phase: PhaseId, scope: Scope): Promise<ChecklistFacts> {
  const steps = context.steps.filter((row) => row.phase === phase);
  return context.store.transact(async (tx) => {
    const stand = await readStand(tx, overview, steps, phase, scope);
    const worst = new Map<string, readonly FoundFinding[]>();
    for (const step of steps) {
      const own = stand.steps.get(step.id);
      if (own) worst.set(step.id, await readWorst(tx, overview, step, scope, own, EXAMPLES));
    }
    return { phase, overview, stand, worst };
  });
}

/** A phase's checklist. */
export function checklistView(
  context: Context,
  { phase, overview, stand, worst }: ChecklistFacts,
  { readAs = null, viewer = null, openOnly = false, kept = null }: ChecklistFor = {},
): ChecklistView {
  const { scope } = stand;
  const steps = context.steps.filter((row) => row.phase === phase);
  const { rings } = context.migration;
  const none: StepStand = { groups: [], waivedSoon: 0 };
  const row = { context, scope, viewer, nameOf: (found: FoundFinding) => nameIn(overview, found) };
  return {
    phase,
    scope: `${scopeWords(scope)}${inventoryWords(overview)}`,
    ring: scope.ring ?? null,
    readAs,
    machines: stand.machines,
    fleet: stand.worst,
    waivedSoon: stand.waivedSoon,
    gates: rings
      .filter(({ name }) => scope.ring === undefined || scope.ring.toLowerCase() === name.toLowerCase())
      .map(({ name }) => ({ ring: name, closed: closedAs(overview, phase, name) })),
    kept,
    own: viewer && { openOnly, rings: rings.map(({ name }) => name) },
    steps: steps.map((step) => checklistRow(step, stand.steps.get(step.id) ?? none, worst.get(step.id) ?? [], row)),
    blindSpot: blindSpot(overview, stand, stand.reasons),
    sources: sourceLines(overview, steps.flatMap(kindsOf), overview.probedAt),
  };
}

function closedAs({ gates }: Pick<Snapshot, 'gates'>, phase: PhaseId, ring: string) {
  const gate = gateOf(gates, phase, ring);
  return gate && { plan: gate.plan, at: gate.closedAt };
}

/** A count of machines is as old as the inventory it comes from. */
function inventoryWords({ sources }: Pick<Snapshot, 'sources'>): string {
  const inventory = sources.find(({ kind }) => kind === 'machine');
  if (!inventory?.failure) return '';
  return inventory.readAt === null ? ' · the inventory was never read' : ' · as the inventory was last read';
}

/** What people call a subject; a name that several machines bear carries where this one is. */
export function nameIn({ sharedNames }: Overview, { place: { kind, id, name, resourceGroup } }: FoundFinding): string {
  if (kind !== 'machine' || !sharedNames.has(name.toLowerCase())) return name;
  return `${name} (${isListed(id) ? NOT_IN_AZURE : resourceGroup})`;
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

const NOT_IN_AZURE = 'not in Azure';

/** Where a machine is, as far as people tell machines apart by it. */
export function groupWords({ kind, resourceGroup }: MachineFacts): string {
  return kind === 'listed' ? NOT_IN_AZURE : resourceGroup;
}
