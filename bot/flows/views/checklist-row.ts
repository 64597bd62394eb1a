import type { ChecklistStep } from '../../../cards/checklist/data.ts';
import { mayAttest } from '../../../core/attesting.ts';
import type { Finding } from '../../../core/finding.ts';
import { tally } from '../../../core/finding.ts';
import { DAY } from '../../../core/instant.ts';
import type { Person } from '../../../core/person.ts';
import type { Scope } from '../../../core/scope.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { AnyStep } from '../../../core/step.ts';
import type { Context } from '../context.ts';

/** A waiver is spoken of this long before it ends. */
const SOON_MS = 7 * DAY;

/** The findings that are waived now and will not be in a week, by step and subject. */
export function endingSoon(snapshot: Snapshot, now: number): ReadonlySet<string> {
  const ends = new Map<string, number>();
  for (const waiver of snapshot.waivers) {
    if (waiver.until > now) ends.set(keyOf(waiver), Math.max(ends.get(keyOf(waiver)) ?? 0, waiver.until));
  }
  return new Set([...ends].filter(([, until]) => until - now <= SOON_MS).map(([key]) => key));
}

export function keyOf({ stepId, subjectId }: Pick<Finding, 'stepId' | 'subjectId'>): string {
  return `${stepId}\n${subjectId}`;
}

interface RowOf {
  readonly context: Context;
  readonly scope: Scope;
  readonly viewer: Person | null;
  readonly soon: ReadonlySet<string>;
  readonly names: ReadonlyMap<string, string>;
}

/** One step of a checklist. */
export function checklistRow(step: AnyStep, found: readonly Finding[], { context, scope, viewer, soon, names }: RowOf): ChecklistStep {
  const worst = [...found.filter(({ verdict }) => verdict === 'not-ready'), ...found.filter(({ verdict }) => verdict === 'unknown')];
  const unknown = found.filter(({ verdict, asOf }) => verdict === 'unknown' && asOf !== null).map(({ asOf }) => asOf as number);
  const known = found.filter(({ verdict, asOf }) => verdict !== 'unknown' && asOf !== null).map(({ asOf }) => asOf as number);
  const action = context.actions.find(({ id }) => id === step.action);
  const ring = scope.ring === undefined ? {} : { ring: scope.ring };
  const open = worst.length > 0;
  const mayVouch = open && viewer !== null && step.attestable !== undefined && mayAttest(context.migration, step.id, viewer) === null;
  return {
    id: step.id,
    title: step.title,
    why: step.why,
    link: step.link,
    subject: step.subject,
    tally: tally(found),
    asOf: oldest(known),
    unknownSince: oldest(unknown),
    examples: worst
      .slice(0, 3)
      .map(({ subjectId, verdict, because, fix }) => ({ name: names.get(subjectId) ?? subjectId, verdict, because, fix })),
    owner: step.owner,
    waivedSoon: found.filter((finding) => finding.verdict === 'waived' && soon.has(keyOf(finding))).length,
    next: nextWords(context, step, found),
    attest: mayVouch ? { step: step.id, ...(step.subject === 'machine' ? ring : {}) } : null,
    // Without a ring the step's own card asks for one.
    request: open && viewer && action && scope.ring !== undefined ? { title: action.title, data: { action: action.id, ...ring } } : null,
  };
}

/** What brings a step on: the action that makes it ready, or what helps most of those that are not, then what most of the unknown ones need. */
function nextWords(context: Context, step: AnyStep, found: readonly Finding[]): string {
  const bad = found.filter(({ verdict }) => verdict === 'not-ready');
  const action = context.actions.find(({ id }) => id === step.action);
  if (bad.length > 0) return action ? `ask for “${action.title}” to be signed` : mostFrequent(bad.map(({ fix }) => fix));
  return mostFrequent(found.filter(({ verdict }) => verdict === 'unknown').map(({ fix }) => fix));
}

function mostFrequent(words: readonly string[]): string {
  const groups = [...Map.groupBy(words, (one) => one).values()].toSorted((a, b) => b.length - a.length);
  return groups[0]?.[0] ?? '';
}

/** The least of a list that may be too long to spread. */
function oldest(times: readonly number[]): number | null {
  return times.reduce<number | null>((least, at) => (least === null || at < least ? at : least), null);
}
