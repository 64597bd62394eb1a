import type { Closing } from '../../../core/closing.ts';
import { closingOf } from '../../../core/closing.ts';
import { makeDecisionPlan } from '../../../core/decision-plan.ts';
import type { Finding } from '../../../core/finding.ts';
import { tally } from '../../../core/finding.ts';
import { gateOf } from '../../../core/gate.ts';
import { UNASSIGNED } from '../../../core/migration.ts';
import type { Refused } from '../../../core/outcome.ts';
import { refused } from '../../../core/outcome.ts';
import type { Person } from '../../../core/person.ts';
import type { PhaseId } from '../../../core/phase.ts';
import { phases, phaseTitles } from '../../../core/phase.ts';
import type { RenderedCard } from '../../../core/ports.ts';
import { machinesIn } from '../../../core/scope.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { Collect } from '../collect-evidence.ts';
import type { Context } from '../context.ts';
import { kindsBehind } from '../kinds.ts';
import { findingsOf, namesOf } from '../views/checklist.ts';
import { count } from '../words.ts';
import { askForDecision } from './ask-for-decision.ts';
import { mayRequest, refuse } from './request-action.ts';

/** Asks the approvers to close a phase for a ring: refused while anything in it is not ready, unknown, or unassigned. */
export async function requestClosePhase(
  context: Context,
  collect: Collect,
  { phase, ring, person, ticket }: { phase: PhaseId | null; ring: string | null; person: Person; ticket: string | null },
): Promise<RenderedCard> {
  const no = mayRequest(context, person);
  if (no) return refuse(context, person, 'close-phase', no);
  const rings = context.migration.rings.map(({ name }) => name);
  const named = rings.find((name) => name.toLowerCase() === ring?.toLowerCase());
  if (phase === null || named === undefined) {
    const words = refused('unknown-ring', 'A phase is closed for one ring.', `Say which phase and which of: ${rings.join(', ')}.`);
    return refuse(context, person, 'close-phase', words);
  }
  const snapshot = await collect(kindsBehind(context.steps.filter((row) => row.phase === phase)));
  const block = closeBlock(context, snapshot, phase, named);
  if (block) return refuse(context, person, 'close-phase', block);
  const closing = closingIn(context, snapshot, phase, named);
  return askForDecision(context, person, (planId) =>
    makeDecisionPlan(
      {
        decides: { kind: 'close-phase', phase, ring: named, closing },
        title: `Close ${phaseTitles[phase]} for ring ${named}`,
        effect: `Says that every step of ${phaseTitles[phase]} is done for ring ${named}. It is looked at once more when it takes effect, and may rest on nothing that is not named here.`,
        blastRadius: blastRadius(closing, named),
        undoWords: 'None, because a closed phase stays in the record. It opens again by itself when a step of it is found not ready.',
        phase,
        scope: { ring: named },
        planId,
        ticket,
        now: context.clock.now(),
        requestedBy: { objectId: person.objectId, tenantId: person.tenantId, name: person.name },
      },
      context.migration,
    ),
  );
}

function blastRadius({ machines, waivers, attestations }: Closing, ring: string): string {
  const all = machines.ready + machines.waived + machines['not-applicable'];
  const words = [
    `${count(all, 'machine')} in ring ${ring}`,
    `${machines.ready} ready`,
    machines.waived > 0 ? `${machines.waived} waived, by ${count(waivers.length, 'waiver')}` : '',
    machines['not-applicable'] > 0 ? `${machines['not-applicable']} that no step applies to` : '',
    attestations.length > 0 ? `resting on the word of ${[...new Set(attestations.map(({ by }) => by))].join(', ')}` : '',
  ];
  return words.filter((part) => part !== '').join(', ');
}

/** What would close a phase for a ring by what is known now. */
export function closingIn(context: Context, snapshot: Snapshot, phase: PhaseId, ring: string): Closing {
  return closingOf(findingsIn(context, snapshot, phase, ring), snapshot, namesOf(snapshot), context.clock.now());
}

/** Why a phase cannot be closed for a ring by what is known now, or null. */
export function closeBlock(context: Context, snapshot: Snapshot, phase: PhaseId, ring: string): Refused | null {
  if (gateOf(snapshot.gates, phase, ring))
    return refused('already', `${phaseTitles[phase]} is closed for ring ${ring} already.`, 'Nothing changed.');
  const earlier = phases.slice(0, phases.indexOf(phase)).find((one) => gateOf(snapshot.gates, one, ring) === null);
  if (earlier) {
    return refused('phase-order', `${phaseTitles[earlier]} is still open for ring ${ring}.`, `Close ${phaseTitles[earlier]} first.`);
  }
  const blind = snapshot.sources.find(({ failure }) => failure !== null);
  if (blind?.failure) return refused('evidence-unread', `It cannot be closed, because ${blind.failure.reason}.`, blind.failure.fix);
  if (machinesIn({ ring }, snapshot).length === 0) return refused('empty', `There is no machine in ring ${ring}.`, 'Check the tags.');
  const findings = findingsIn(context, snapshot, phase, ring);
  const counts = tally(findings);
  if (counts['not-ready'] + counts.unknown === 0) return null;
  const names = namesOf(snapshot);
  const open = findings.filter(({ verdict }) => verdict === 'not-ready' || verdict === 'unknown');
  const shown = open.slice(0, 3).map(({ subjectId, because }) => `${names.get(subjectId) ?? subjectId}: ${because}`);
  const because = `${phaseTitles[phase]} is not done for ring ${ring}: ${counts['not-ready']} not ready, ${counts.unknown} unknown. ${shown.join('; ')}.`;
  return refused('not-ready', because, 'Mend these, or ask for a waiver of each.');
}

function findingsIn(context: Context, snapshot: Snapshot, phase: PhaseId, ring: string): readonly Finding[] {
  const steps = context.steps.filter((row) => row.phase === phase);
  return [...findingsOf(steps, snapshot, { ring }, context.clock.now()).values()].flat();
}

/** Machines in no ring are closed by nobody. */
export function ringNames(context: Context, snapshot: Pick<Snapshot, 'machines'>): readonly string[] {
  const named = context.migration.rings.map(({ name }) => name);
  return snapshot.machines.some(({ ring }) => ring === UNASSIGNED) ? [...named, UNASSIGNED] : named;
}
