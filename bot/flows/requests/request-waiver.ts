import { makeDecisionPlan } from '../../../core/decision-plan.ts';
import { DAY } from '../../../core/instant.ts';
import { refused } from '../../../core/outcome.ts';
import type { Person } from '../../../core/person.ts';
import type { RenderedCard } from '../../../core/ports.ts';
import { wallToInstant } from '../../../core/schedule.ts';
import { judge } from '../../../core/step.ts';
import type { Collect } from '../collect-evidence.ts';
import { ASKED } from '../collecting/freshness.ts';
import type { Context } from '../context.ts';
import { kindsBehind } from '../kinds.ts';
import { askForDecision } from './ask-for-decision.ts';
import { mayRequest, refuse } from './request-action.ts';

/** The longest a waiver may hold. Days. */
const LONGEST_DAYS = 365;

export interface WaiverRequest {
  readonly machine: string | null;
  readonly step: string | null;
  /** The last day, `YYYY-MM-DD`. */
  readonly to: string | null;
  readonly reason: string | null;
  readonly ticket: string | null;
  readonly person: Person;
}

/** Asks the approvers to waive one step for one machine, until a day and for a reason. */
export async function requestWaiver(context: Context, collect: Collect, request: WaiverRequest): Promise<RenderedCard> {
  const { person } = request;
  const say = (code: string, because: string, next: string) => refuse(context, person, 'waiver', refused(code, because, next));
  const no = mayRequest(context, person);
  if (no) return refuse(context, person, 'waiver', no);
  const step = context.steps.find(({ id }) => id === request.step);
  const until = request.to === null ? null : endOfDay(context, request.to);
  if (!step || request.machine === null || until === null || request.reason === null) {
    const example = 'waive SRV-APP-01 from passive-mode-set until 2027-03-31 because the vendor forbids it';
    return say('incomplete', 'A waiver names one machine, one step, its last day and a reason.', `Say it like this: ${example}.`);
  }
  const now = context.clock.now();
  if (until <= now || until > now + LONGEST_DAYS * DAY) {
    return say('bad-end', `A waiver ends on a day to come, at most ${LONGEST_DAYS} days ahead.`, 'Name another day.');
  }
  const snapshot = await collect(kindsBehind([step]), ASKED);
  const found = snapshot.machines.filter(({ name }) => name.toLowerCase() === request.machine?.toLowerCase());
  const [machine] = found;
  if (!machine || found.length > 1 || step.subject !== 'machine') {
    return say(
      'unknown-machine',
      `It is not clear which machine “${request.machine}” is, or the step is not about machines.`,
      'Check the name.',
    );
  }
  const finding = judge(step, machine, snapshot, now);
  if (finding.verdict !== 'not-ready' && finding.verdict !== 'unknown') {
    return say(
      'nothing-to-waive',
      `“${step.title}” is ${finding.verdict} for ${machine.name}: ${finding.because}.`,
      'Nothing has to be waived.',
    );
  }
  const { id: subjectId, name: subjectName, ring } = machine;
  return askForDecision(context, person, (planId) =>
    makeDecisionPlan(
      {
        decides: { kind: 'waive', stepId: step.id, subjectId, subjectName, until, reason: request.reason as string },
        title: `Waive “${step.title}” for ${subjectName} until ${request.to}`,
        effect: `Counts ${subjectName} as waived in “${step.title}” to the end of ${request.to}, because: ${request.reason}. Now: ${finding.because}.`,
        blastRadius: `1 machine in ring ${ring}`,
        undoWords: 'None, because it ends by itself on its last day.',
        phase: step.phase,
        scope: { machine: subjectName },
        planId,
        now,
        ticket: request.ticket,
        requestedBy: { objectId: person.objectId, tenantId: person.tenantId, name: person.name },
      },
      context.migration,
    ),
  );
}

/** The end of a day in the migration's zone; null for a day there is none of. */
function endOfDay({ zone }: Context, day: string): number | null {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(midnight) ? null : wallToInstant(midnight + DAY, zone);
}
