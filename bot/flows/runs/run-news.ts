import { moment, names } from '../../../cards/words.ts';
import { finalCounts } from '../../../core/final-check.ts';
import { hasFollowUp } from '../../../core/follow-up.ts';
import type { JsonObject } from '../../../core/json.ts';
import { ownersOf } from '../../../core/owners.ts';
import type { PersonKey } from '../../../core/person.ts';
import type { Plan, PlanTarget } from '../../../core/plan.ts';
import type { OutgoingMessage, PlanRecord } from '../../../core/ports.ts';
import type { Run, RunVerdict } from '../../../core/run.ts';
import { failures } from '../../../core/run.ts';
import type { Context } from '../context.ts';
import { frameOf } from '../context.ts';
import { tell } from '../tell.ts';
import { runView } from '../views/run.ts';
import { count } from '../words.ts';
import { finalOf } from './final-note.ts';
import { isQuiet } from './quiet-run.ts';

/** How many machines a message names. */
const MOST_NAMES = 10;

/** How a run ended, for the one who asked for it; when it ended early also for those who signed it. */
export async function runNews(context: Context, hash: string): Promise<OutgoingMessage | null> {
  const found = await load(context, hash);
  if (!found?.run.verdict) return null;
  const { run, record, final } = found;
  const { plan } = record;
  if (isQuiet(plan, run)) return null;
  const verdict: RunVerdict = run.verdict as RunVerdict;
  const { counts } = runView(plan, run, final, context.clock.now());
  const safety = [
    ...(counts.restored > 0 ? [`${counts.restored} brought back to safety`] : []),
    ...(counts.unsafe > 0 ? [`${counts.unsafe} NOT KNOWN TO BE SAFE`] : []),
  ];
  const parts = [`${counts.verified} of ${plan.targets.length} proven`, ...safety, ...(run.stop ? [run.stop.reason] : [])];
  const sentence = `${plan.id} (${plan.title}) ${verdicts[verdict]}: ${parts.join(', ')}.`;
  const due = final && finalCounts(plan, final).dueBy;
  const later = due === null ? '' : ` The final verification is due by ${moment(due, frameOf(context))}.`;
  const next = verdict === 'complete' ? 'The next checklist shows it.' : `The run card names the rest. ${goOnWords(plan, run)}`;
  return tell(
    context,
    verdict === 'complete' ? 'done' : 'attention',
    sentence,
    `${next}${later}`.trim(),
    early.has(verdict) ? concerned(record) : [plan.requestedBy],
  );
}

const verdicts: Readonly<Record<RunVerdict, string>> = {
  complete: 'is complete',
  partly: 'ended, but not all of it is proven',
  halted: 'halted itself',
  stopped: 'was stopped',
  voided: 'was voided before it began',
};

const early: ReadonlySet<RunVerdict> = new Set(['halted', 'stopped', 'voided']);

/** That a run begins nothing more: who or what stopped it, what happens to the machines under way, and how to go on. */
export async function pauseNews(context: Context, rest: string): Promise<OutgoingMessage | null> {
  const [hash = '', why = ''] = rest.split(':');
  const found = await load(context, hash);
  if (!found) return null;
  const { run, record } = found;
  const { plan } = record;
  const { counts } = runView(plan, run, null, context.clock.now());
  const busy = counts.underWay + counts.restoring;
  const left = counts.planned + counts.untouched;
  const next = [
    busy === 0
      ? 'No machine is under way.'
      : `${count(busy, 'machine')} under way: each is read to its end, and carried back to safety where it must be.`,
    `Nothing new begins; ${left === 0 ? 'none is' : `${left} ${left === 1 ? 'is' : 'are'}`} left untouched.`,
    `Once it has ended, go on with “resume ${plan.id}”, or take back what it changed with “undo ${plan.id}”: both need fresh signatures.`,
  ];
  return tell(context, 'attention', pauseSentence(plan, run, why), next.join(' '), concerned(record));
}

function pauseSentence({ id, title }: Plan, run: Run, why: string): string {
  if (why === 'halt')
    return `${id}, “${title}”, begins nothing more: ${count(failures(run).length, 'machine')} failed or could not be proven.`;
  if (!run.stop?.by) return `${id}, “${title}”, stopped by its own rules: ${run.stop?.reason ?? ''}.`;
  return `${run.stop.by.name} stopped ${id}, “${title}”: ${run.stop.reason}.`;
}

/** That machines are not known to be safe: for the requester, the signers and those who answer for the machines. */
export async function unsafeNews(context: Context, rest: string, data: JsonObject): Promise<OutgoingMessage | null> {
  const found = await load(context, rest.split(':')[0] ?? '');
  if (!found) return null;
  const { run, record } = found;
  const { plan } = record;
  const targets = named(plan, data['targets']);
  if (targets.length === 0) return null;
  const who = names(
    targets.map(({ name }) => name),
    MOST_NAMES,
  );
  const notes = targets.slice(0, MOST_NAMES).map(({ id, name }) => `${name}: ${run.targets[id]?.safetyNote ?? ''}.`);
  return tell(
    context,
    'attention',
    `NOT KNOWN TO BE SAFE: ${who} could not be brought back to safety by ${plan.id}: look at ${targets.length === 1 ? 'it' : 'them'} now.`,
    `Check that exactly one antivirus engine is active; Greenlight does nothing more to ${targets.length === 1 ? 'it' : 'them'} by itself. ${notes.join(' ')}`,
    [...concerned(record), ...targets.flatMap((target) => liveOwners(context, target))],
  );
}

/** What the final verification found: for the requester, and when it contradicts also for the signers. */
export async function finalNews(context: Context, rest: string, data: JsonObject): Promise<OutgoingMessage | null> {
  const found = await load(context, rest.split(':')[0] ?? '');
  if (!found?.final) return null;
  const { record, final } = found;
  const { plan } = record;
  const { total, confirmed, contradicted, unknown } = finalCounts(plan, final);
  const against = named(plan, data['contradicted']);
  if (against.length > 0) {
    const notes = against.slice(0, MOST_NAMES).map(({ id, name }) => `${name}: ${final.targets[id]?.note ?? ''}`);
    const more = against.length > MOST_NAMES ? `; and ${against.length - MOST_NAMES} more` : '';
    return tell(
      context,
      'attention',
      `The final verification of ${plan.id} CONTRADICTS it: ${notes.join('; ')}${more}.`,
      'Find out what changed it since, such as a policy, before it is requested again.',
      concerned(record),
    );
  }
  const counted = [`${confirmed} of ${total} confirmed`, ...(contradicted > 0 ? [`${contradicted} contradicted`] : [])];
  const sentence = `The final verification of ${plan.id} has ended: ${[...counted, ...(unknown > 0 ? [`${unknown} unknown`] : [])].join(', ')}.`;
  if (confirmed === total) return tell(context, 'done', sentence, 'Nothing is left to do for it.', [plan.requestedBy]);
  const next = unknown > 0 ? 'What is unknown could not be read in time: the checklist says what would mend it.' : '';
  return tell(context, 'attention', sentence, next, [plan.requestedBy]);
}

/** What can be asked for after a run's end, in words. */
export function goOnWords(plan: Plan, run: Run): string {
  const words = [
    ...(hasFollowUp(plan, run, 'rest') ? [`go on with “request the rest of ${plan.id}”`] : []),
    ...(hasFollowUp(plan, run, 'undo') ? [`take back what it changed with “undo ${plan.id}”`] : []),
  ];
  if (words.length === 0) return '';
  const text = words.join(', or ');
  return `${text[0]?.toUpperCase()}${text.slice(1)}: ${words.length === 1 ? 'that needs' : 'both need'} fresh signatures.`;
}

async function load(context: Context, hash: string) {
  return context.store.transact(async (tx) => {
    const run = (await tx.run(hash))?.run;
    const record = await tx.plan(hash);
    return run && record ? { run, record, final: await finalOf(tx, hash) } : null;
  });
}

/** The one who asked for it, and those who signed it. */
function concerned({ plan, signOff }: PlanRecord): readonly PersonKey[] {
  return [plan.requestedBy, ...signOff.votes.map(({ person }) => person)];
}

/** Those who answer for a machine by the migration file as it is now. */
function liveOwners({ migration }: Context, { owner }: PlanTarget): readonly PersonKey[] {
  const { owners } = migration;
  if (owners === null || owner === null) return [];
  const found = ownersOf(owners, { [owners.tag]: owner });
  return 'people' in found ? found.people : [];
}

function named(plan: Plan, ids: unknown): readonly PlanTarget[] {
  const wanted = new Set(Array.isArray(ids) ? (ids as readonly unknown[]) : []);
  return plan.targets.filter(({ id }) => wanted.has(id));
}
