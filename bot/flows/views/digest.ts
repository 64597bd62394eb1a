import type { DigestView } from '../../../cards/digest/data.ts';
import type { Tally } from '../../../core/finding.ts';
import type { Instant } from '../../../core/instant.ts';
import type { Json } from '../../../core/json.ts';
import { isJsonObject } from '../../../core/json.ts';
import { phases } from '../../../core/phase.ts';
import type { Plan } from '../../../core/plan.ts';
import type { PlanRecord } from '../../../core/ports.ts';
import type { Run } from '../../../core/run.ts';
import type { SaidGroup } from '../../../core/said-group.ts';
import { tallySaid } from '../../../core/said-group.ts';
import { nextOccurrence } from '../../../core/schedule.ts';
import type { AnyStep } from '../../../core/step.ts';
import { kindsOf } from '../../../core/step.ts';
import { blindSpot, sourceLines } from '../answers/lines.ts';
import type { Context } from '../context.ts';
import type { Overview } from '../readiness/overview.ts';
import type { Stand } from '../readiness/stand.ts';
import { count } from '../words.ts';

export interface DigestFacts {
  readonly slot: Instant | null;
  readonly late: string | null;
  readonly pending: readonly PlanRecord[];
  /** In words; null for none. */
  readonly gaps: string | null;
  readonly runs: readonly { readonly run: Run; readonly plan: Plan }[];
  readonly head: { readonly seq: number; readonly hash: string };
  /** The tallies the last scheduled digest showed. */
  readonly last: Json | null;
}

/** The scheduled readiness post; `stand` is how all steps stand. */
export function digestView(context: Context, overview: Overview, stand: Stand, facts: DigestFacts): DigestView {
  const now = context.clock.now();
  const groupsOf = ({ id }: AnyStep) => stand.steps.get(id)?.groups ?? [];
  const rows = phases.map((phase) => {
    const counts = tallySaid(context.steps.filter((step) => step.phase === phase).flatMap(groupsOf));
    return { phase, readyShare: share(counts), tally: counts, previous: previousTally(facts.last, phase) };
  });
  const open = rows.find(({ readyShare }) => readyShare < 1) ?? rows[0]!;
  return {
    slot: facts.slot,
    headline: headline(open.phase, open.tally),
    phases: rows,
    blockers: blockers(context, groupsOf),
    gaps: facts.gaps,
    waiting: facts.pending.map(({ plan, signOff }) => ({
      id: plan.id,
      title: plan.title,
      missing: Math.max(signOff.quorum - signOff.votes.length, 0),
      expiresAt: signOff.expiresAt,
    })),
    runs: facts.runs.map(({ plan, run }) => ({
      id: plan.id,
      title: plan.title,
      sentence: `${Object.values(run.targets).filter(({ status }) => status === 'verified').length} of ${plan.targets.length} proven`,
    })),
    blindSpot: blindSpot(overview, stand, stand.reasons),
    sources: sourceLines(overview, context.steps.flatMap(kindsOf), overview.probedAt),
    late: facts.late,
    ledger: facts.head,
    next: nextOccurrence(context.migration.digest, context.zone, now),
  };
}

/** Of what applies, the share that is ready or waived; unknown never counts as ready. */
function share(counts: Tally): number {
  const total = counts.ready + counts['not-ready'] + counts.unknown + counts.waived;
  return total === 0 ? 0 : (counts.ready + counts.waived) / total;
}

const TITLES = { prepare: 'Prepare', onboard: 'Onboard', 'cut-over': 'Cut over' } as const;

function headline(phase: keyof typeof TITLES, counts: Tally): string {
  const percent = Math.floor(share(counts) * 100);
  return `${TITLES[phase]} is ${percent}% ready: ${count(counts['not-ready'], 'check')} not ready, ${counts.unknown} unknown.`;
}

/** What holds most back, earliest phase first: a step with its most frequent reason. */
function blockers(context: Context, groupsOf: (step: AnyStep) => readonly SaidGroup[]): DigestView['blockers'] {
  const held = context.steps.flatMap((step) => {
    const [most, ...others] = groupsOf(step).filter(({ verdict }) => verdict === 'not-ready');
    if (!most) return [];
    const count = [most, ...others].reduce((sum, { subjects }) => sum + subjects, 0);
    return [{ title: step.title, phase: step.phase, count, because: most.because, fix: most.fix }];
  });
  return held.toSorted((a, b) => phases.indexOf(a.phase) - phases.indexOf(b.phase) || b.count - a.count).slice(0, 3);
}

function previousTally(last: Json | null, phase: string): Tally | null {
  const counts = isJsonObject(last) ? last[phase] : null;
  return isJsonObject(counts) ? (counts as unknown as Tally) : null;
}
