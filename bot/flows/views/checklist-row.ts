import type { ChecklistStep } from '../../../cards/checklist/data.ts';
import { mayAttest } from '../../../core/attesting.ts';
import type { Instant } from '../../../core/instant.ts';
import type { Person } from '../../../core/person.ts';
import type { FoundFinding } from '../../../core/ports.ts';
import { older } from '../../../core/readiness.ts';
import type { SaidGroup } from '../../../core/said-group.ts';
import { tallySaid } from '../../../core/said-group.ts';
import type { Scope } from '../../../core/scope.ts';
import type { AnyStep } from '../../../core/step.ts';
import type { Context } from '../context.ts';
import type { StepStand } from '../readiness/stand.ts';

interface RowOf {
  readonly context: Context;
  readonly scope: Scope;
  readonly viewer: Person | null;
  readonly nameOf: (found: FoundFinding) => string;
}

/** One step of a checklist; `worst` are a few of those that hold it back. */
export function checklistRow(
  step: AnyStep,
  { groups, waivedSoon }: StepStand,
  worst: readonly FoundFinding[],
  { context, scope, viewer, nameOf }: RowOf,
): ChecklistStep {
  const action = context.actions.find(({ id }) => id === step.action);
  const ring = scope.ring === undefined ? {} : { ring: scope.ring };
  const open = groups.some(({ verdict }) => verdict === 'not-ready' || verdict === 'unknown');
  const mayVouch = open && viewer !== null && step.attestable !== undefined && mayAttest(context.migration, step.id, viewer) === null;
  return {
    id: step.id,
    title: step.title,
    why: step.why,
    link: step.link,
    subject: step.subject,
    tally: tallySaid(groups),
    asOf: oldest(groups.filter(({ verdict }) => verdict !== 'unknown')),
    unknownSince: oldest(groups.filter(({ verdict }) => verdict === 'unknown')),
    examples: worst.map((found) => {
      const { verdict, because, fix } = found.finding;
      return { name: nameOf(found), verdict, because, fix };
    }),
    owner: step.owner,
    waivedSoon,
    next: nextWords(context, step, groups),
    attest: mayVouch ? { step: step.id, ...(step.subject === 'machine' ? ring : {}) } : null,
    // Without a ring the step's own card asks for one.
    request: open && viewer && action && scope.ring !== undefined ? { title: action.title, data: { action: action.id, ...ring } } : null,
  };
}

/** What brings a step on: the action that makes it ready, or what helps most of those that are not, then what most of the unknown ones need. */
function nextWords(context: Context, step: AnyStep, groups: readonly SaidGroup[]): string {
  const bad = groups.filter(({ verdict }) => verdict === 'not-ready');
  const action = context.actions.find(({ id }) => id === step.action);
  if (bad.length > 0) return action ? `ask for “${action.title}” to be signed` : mostFrequent(bad);
  return mostFrequent(groups.filter(({ verdict }) => verdict === 'unknown'));
}

function mostFrequent(groups: readonly SaidGroup[]): string {
  const counts = new Map<string, number>();
  for (const { fix, subjects } of groups) counts.set(fix, (counts.get(fix) ?? 0) + subjects);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}

function oldest(groups: readonly SaidGroup[]): Instant | null {
  return groups.reduce<Instant | null>((least, { asOf }) => older(least, asOf), null);
}
