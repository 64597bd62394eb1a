import type { StepView } from '../../../cards/step/data.ts';
import { MOST_GROUPS, MOST_NAMES } from '../../../cards/step/data.ts';
import { attesterNames, holds, mayAttest } from '../../../core/attesting.ts';
import type { Verdict } from '../../../core/finding.ts';
import type { Person } from '../../../core/person.ts';
import type { FoundFinding } from '../../../core/ports.ts';
import type { SaidGroup } from '../../../core/said-group.ts';
import { tallySaid } from '../../../core/said-group.ts';
import type { Scope } from '../../../core/scope.ts';
import type { AnyStep } from '../../../core/step.ts';
import { kindsOf } from '../../../core/step.ts';
import { blindSpot, sourceLines } from '../answers/lines.ts';
import type { Context } from '../context.ts';
import type { Overview } from '../readiness/overview.ts';
import type { Stand } from '../readiness/stand.ts';
import { readFindings, readStand } from '../readiness/stand.ts';
import { attestedScope } from './attestation.ts';
import { nameIn } from './checklist.ts';

const ORDER: readonly Verdict[] = ['not-ready', 'unknown', 'waived', 'ready', 'not-applicable'];

/** What a step's card is made of: its groups in the order they are shown, as many as it can show, each with the first of its subjects. */
export interface StepFacts {
  readonly overview: Overview;
  readonly stand: Stand;
  readonly groups: readonly (SaidGroup & { readonly first: readonly FoundFinding[] })[];
}

/** How a step stands within a scope, by what was judged last. */
export async function readStep(context: Context, row: AnyStep, overview: Overview, scope: Scope): Promise<StepFacts> {
  return context.store.transact(async (tx) => {
    const stand = await readStand(tx, overview, [row], row.phase, scope);
    const all = stand.steps.get(row.id)?.groups ?? [];
    const shown = all.toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict) || b.subjects - a.subjects);
    const groups = [];
    for (const group of shown.slice(0, MOST_GROUPS)) {
      const saying = { verdicts: [group.verdict], because: group.because };
      groups.push({ ...group, first: await readFindings(tx, overview, row, scope, saying, MOST_NAMES) });
    }
    return { overview, stand, groups };
  });
}

/** One step across its subjects, grouped by what was found; in the own view of `viewer`, or for everyone. */
export function stepView(
  context: Context,
  row: AnyStep,
  { overview, stand, groups }: StepFacts,
  readAs: string | null,
  viewer: Person | null = null,
): StepView {
  const { scope } = stand;
  const all = stand.steps.get(row.id)?.groups ?? [];
  const action = context.actions.find(({ id }) => id === (kindsOf(row).includes('guest') && !row.action ? 'probe-machines' : row.action));
  const unknown = all.filter(({ verdict }) => verdict === 'unknown');
  return {
    phase: row.phase,
    id: row.id,
    title: row.title,
    why: row.why,
    link: row.link,
    readAs,
    tally: tallySaid(all),
    groups: groups.map(({ verdict, because, fix, subjects, asOf, first }) => {
      return { verdict, because, fix, subjects, asOf, names: first.map((found) => nameIn(overview, found)) };
    }),
    moreGroups: all.length - groups.length,
    handsOut: (row.handsOut ?? []).map(({ title, lines }) => ({ title, lines })),
    owner: row.owner,
    ring: scope.ring ?? null,
    vouching: vouchingOf(context, row, overview, scope, viewer, unknown.length > 0 || all.some(({ verdict }) => verdict === 'not-ready')),
    request: action ? requestFor(context, action) : null,
    sources: sourceLines(overview, kindsOf(row), overview.probedAt),
    blindSpot: blindSpot(
      overview,
      stand,
      unknown.map(({ because, subjects }) => ({ because, subjects, kind: row.subject })),
    ),
  };
}

function requestFor({ migration }: Context, { id, title, subject }: Context['actions'][number]): StepView['request'] {
  return { action: id, title, rings: subject === 'organisation' ? null : migration.rings.map(({ name }) => name) };
}

/**
 * Who vouched for a step and who may. A viewer who may has a button while the step is open; it is for the ring they look at, where the step is
 * about machines.
 */
function vouchingOf(
  context: Context,
  row: AnyStep,
  snapshot: Overview,
  scope: Scope,
  viewer: Person | null,
  open: boolean,
): StepView['vouching'] {
  if (!row.attestable) return null;
  const now = context.clock.now();
  const ring = row.subject === 'machine' && scope.ring !== undefined ? { ring: scope.ring } : {};
  return {
    attesters: attesterNames(context.migration, row.id),
    words: snapshot.attestations
      .filter((word) => word.stepId === row.id && holds(word, now))
      .map(({ id, by, at, until, scope: about }) => ({ id, by: by.name, scope: attestedScope(about, snapshot.subscriptions), at, until })),
    own: viewer && { data: open && mayAttest(context.migration, row.id, viewer) === null ? { step: row.id, ...ring } : null },
  };
}
