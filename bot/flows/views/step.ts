import type { StepView } from '../../../cards/step/data.ts';
import { attesterNames, holds, mayAttest } from '../../../core/attesting.ts';
import type { Finding, Verdict } from '../../../core/finding.ts';
import { tally } from '../../../core/finding.ts';
import type { Person } from '../../../core/person.ts';
import type { Scope } from '../../../core/scope.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { AnyStep } from '../../../core/step.ts';
import { kindsOf } from '../../../core/step.ts';
import { blindSpot, sourceLines } from '../answers/lines.ts';
import type { Context } from '../context.ts';
import { attestedScope } from './attestation.ts';
import { findingsOf, namesOf } from './checklist.ts';

const ORDER: readonly Verdict[] = ['not-ready', 'unknown', 'waived', 'ready', 'not-applicable'];

/** One step across its subjects, grouped by what was found; in the own view of `viewer`, or for everyone. */
export function stepView(
  context: Context,
  row: AnyStep,
  snapshot: Snapshot,
  scope: Scope,
  readAs: string | null,
  viewer: Person | null = null,
): StepView {
  const findings = findingsOf([row], snapshot, scope, context.clock.now()).get(row.id) ?? [];
  const names = namesOf(snapshot);
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.verdict}\n${finding.because}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  const action = context.actions.find(({ id }) => id === (kindsOf(row).includes('guest') && !row.action ? 'probe-machines' : row.action));
  return {
    phase: row.phase,
    id: row.id,
    title: row.title,
    why: row.why,
    link: row.link,
    readAs,
    tally: tally(findings),
    groups: [...groups.values()]
      .toSorted((a, b) => ORDER.indexOf(a[0]!.verdict) - ORDER.indexOf(b[0]!.verdict) || b.length - a.length)
      .map((group) => ({
        verdict: group[0]!.verdict,
        because: group[0]!.because,
        fix: group[0]!.fix,
        names: group.map(({ subjectId }) => names.get(subjectId) ?? subjectId),
        asOf: group.reduce<number | null>((oldest, { asOf }) => (asOf === null ? oldest : Math.min(oldest ?? asOf, asOf)), null),
      })),
    handsOut: (row.handsOut ?? []).map(({ title, lines }) => ({ title, lines })),
    owner: row.owner,
    ring: scope.ring ?? null,
    vouching: vouchingOf(context, row, snapshot, scope, viewer, isOpen(findings)),
    request: action ? { action: action.id, title: action.title, rings: context.migration.rings.map(({ name }) => name) } : null,
    sources: sourceLines(snapshot, kindsOf(row)),
    blindSpot: blindSpot(snapshot, [row], findings),
  };
}

function isOpen(findings: readonly Finding[]): boolean {
  return findings.some(({ verdict }) => verdict === 'not-ready' || verdict === 'unknown');
}

/**
 * Who vouched for a step and who may. A viewer who may has a button while the step is open; it is for the ring they look at, where the step is
 * about machines.
 */
function vouchingOf(
  context: Context,
  row: AnyStep,
  snapshot: Snapshot,
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
