import { ALL_PHASES } from '../../../core/counted.ts';
import type { SubjectKind } from '../../../core/evidence.ts';
import type { Tally, Verdict } from '../../../core/finding.ts';
import { UNASSIGNED } from '../../../core/migration.ts';
import type { PhaseId } from '../../../core/phase.ts';
import type { CountedSubjects, FindingScope, FindingsSaying, FoundFinding, Tx } from '../../../core/ports.ts';
import { readAtOf } from '../../../core/readiness.ts';
import type { SaidGroup } from '../../../core/said-group.ts';
import { saidGroups, tallySaid } from '../../../core/said-group.ts';
import type { Scope } from '../../../core/scope.ts';
import { subscriptionsIn } from '../../../core/scope.ts';
import type { AnyStep } from '../../../core/step.ts';
import type { Overview } from './overview.ts';
import { endingSoon, keyOf } from './waived-soon.ts';

/** How steps stand within a scope, by what was judged last. */
export interface Stand {
  readonly scope: Scope;
  readonly machines: number;
  /** The machines by the worst that any step of the phase says of each; nobody is counted where it is about all phases. */
  readonly worst: Tally;
  /** Why subjects could not be judged, most subjects first. */
  readonly reasons: readonly UnknownReason[];
  readonly steps: ReadonlyMap<string, StepStand>;
  /** Machines of which a waiver ends soon. */
  readonly waivedSoon: number;
  /** Machines in no ring, in the whole migration. */
  readonly strays: number;
}

export interface StepStand {
  /** Most subjects first. */
  readonly groups: readonly SaidGroup[];
  readonly waivedSoon: number;
}

export interface UnknownReason {
  readonly because: string;
  readonly subjects: number;
  /** What they are; machines where those are among them. */
  readonly kind: SubjectKind;
}

const VERDICTS: readonly Verdict[] = ['not-ready', 'unknown', 'waived', 'ready', 'not-applicable'];
/** Subscriptions of one migration, and findings that are waived, at most. */
const MOST = 10_000;

/**
 * Reads how some steps stand. A subscription counts when the scope reaches one of its machines; what is true of the organisation counts for
 * every part of it. `phase` is what the steps are of; null for all phases.
 */
export async function readStand(
  tx: Tx,
  overview: Overview,
  steps: readonly AnyStep[],
  phase: PhaseId | null,
  scope: Scope,
): Promise<Stand> {
  const within = findingScope(scope, overview);
  const isNarrowed = Object.keys(scope).length > 0;
  const wide = isNarrowed ? await findWide(tx, overview, steps, scope, within, { verdicts: VERDICTS }) : [];
  const ofMachines = steps.filter(({ subject }) => !isNarrowed || subject === 'machine');
  const counted = await tx.counted(
    'step',
    ofMachines.map(({ id }) => id),
    within,
  );
  const byStep = Map.groupBy([...counted, ...wide.map(countedAlone)], ({ of }) => of);
  const readAt = readAtOf(overview.sources);
  const soon = await waivedSoon(tx, overview, steps, within);
  const worst = phase === null ? [] : await tx.counted('worst', [phase], within);
  const ofPhase = await tx.counted('reason', [phase ?? ALL_PHASES], within);
  return {
    scope,
    machines: machinesOf(await tx.counted('subject', [''], within)),
    worst: tallySaid(worst.filter(({ kind }) => kind === 'machine')),
    reasons: reasonsOf(isNarrowed ? ofPhase.filter(({ kind }) => kind === 'machine') : ofPhase, wide),
    steps: new Map(
      steps.map(({ id }) => {
        const own = soon.filter(({ finding }) => finding.stepId === id);
        return [id, { groups: saidGroups(byStep.get(id) ?? [], readAt), waivedSoon: own.length }];
      }),
    ),
    waivedSoon: new Set(soon.filter(({ place }) => place.kind === 'machine').map(({ place }) => place.id)).size,
    strays: machinesOf(await tx.counted('subject', [''], { ring: UNASSIGNED })),
  };
}

/** Findings of a step that are not ready, then unknown ones: at most so many, by the names of their subjects. */
export async function readWorst(
  tx: Tx,
  overview: Overview,
  step: AnyStep,
  scope: Scope,
  { groups }: StepStand,
  most: number,
): Promise<readonly FoundFinding[]> {
  const found: FoundFinding[] = [];
  for (const verdict of ['not-ready', 'unknown'] as const) {
    if (found.length >= most || !groups.some((group) => group.verdict === verdict)) continue;
    found.push(...(await readFindings(tx, overview, step, scope, { verdicts: [verdict] }, most - found.length)));
  }
  return found;
}

/** Findings of one step within a scope, by the names of their subjects; at most so many. */
export async function readFindings(
  tx: Tx,
  overview: Overview,
  step: AnyStep,
  scope: Scope,
  saying: FindingsSaying,
  most: number,
): Promise<readonly FoundFinding[]> {
  const within = findingScope(scope, overview);
  if (step.subject === 'machine' || Object.keys(scope).length === 0) {
    return tx.findings(step.id, saying, step.subject === 'machine' ? within : {}, { skip: 0, limit: most });
  }
  return (await findWide(tx, overview, [step], scope, within, saying)).slice(0, most);
}

function findingScope({ subscription, ...scope }: Scope, overview: Overview): FindingScope {
  if (subscription === undefined) return scope;
  const [only] = subscriptionsIn({ subscription }, overview);
  return { ...scope, subscription: only?.id ?? '' };
}

/** What steps about subscriptions and the organisation say within a narrowed scope: there are few of them. */
async function findWide(
  tx: Tx,
  overview: Overview,
  steps: readonly AnyStep[],
  scope: Scope,
  within: FindingScope,
  saying: FindingsSaying,
): Promise<readonly FoundFinding[]> {
  const reached = new Set(await tx.subscriptionsReached(within));
  const wanted = new Set(subscriptionsIn(scope, overview).map(({ id }) => id));
  const found: FoundFinding[] = [];
  for (const { id: step, subject } of steps) {
    if (subject === 'machine') continue;
    const all = await tx.findings(step, saying, {}, { skip: 0, limit: MOST });
    found.push(...all.filter(({ place: { kind, id } }) => kind === 'organisation' || (reached.has(id) && wanted.has(id))));
  }
  return found;
}

function countedAlone({ place, finding: { stepId, verdict, code, because, fix, follows, own } }: FoundFinding): CountedSubjects {
  return { about: 'step', of: stepId, kind: place.kind, verdict, code, because, fix, follows, own, subjects: 1 };
}

/** The findings that are waived and will not be for long. */
async function waivedSoon(tx: Tx, overview: Overview, steps: readonly AnyStep[], within: FindingScope): Promise<readonly FoundFinding[]> {
  const soon = endingSoon(overview.waivers, overview.takenAt);
  const found: FoundFinding[] = [];
  for (const { id } of steps) {
    if (![...soon].some((key) => key.startsWith(`${id}\n`))) continue;
    const waived = await tx.findings(id, { verdicts: ['waived'] }, within, { skip: 0, limit: MOST });
    found.push(...waived.filter(({ place }) => soon.has(keyOf({ stepId: id, subjectId: place.id }))));
  }
  return found;
}

function machinesOf(counted: readonly CountedSubjects[]): number {
  return counted.filter(({ kind }) => kind === 'machine').reduce((sum, { subjects }) => sum + subjects, 0);
}

/** `alone` are findings that nobody counted yet; a subject that is unknown twice for one reason is one subject. */
function reasonsOf(counted: readonly CountedSubjects[], alone: readonly FoundFinding[]): readonly UnknownReason[] {
  const unknown = alone.filter(({ finding }) => finding.verdict === 'unknown');
  const few = [...Map.groupBy(unknown, ({ finding }) => finding.because)].map(([because, found]) => {
    return { because, subjects: new Set(found.map(({ place }) => place.id)).size, kind: found[0]?.place.kind as SubjectKind };
  });
  return [...Map.groupBy([...counted, ...few], ({ because }) => because)]
    .map(([because, rows]) => ({
      because,
      subjects: rows.reduce((sum, { subjects }) => sum + subjects, 0),
      kind: rows.find(({ kind }) => kind === 'machine')?.kind ?? (rows[0]?.kind as SubjectKind),
    }))
    .toSorted((a, b) => b.subjects - a.subjects);
}
