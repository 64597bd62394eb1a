import { helpCard } from '../../../cards/help/data.ts';
import { listCard } from '../../../cards/list/data.ts';
import { machineCard } from '../../../cards/machine/data.ts';
import { signOffCard } from '../../../cards/sign-off/data.ts';
import { stepCard } from '../../../cards/step/data.ts';
import { protectionKinds } from '../../../core/engine-sightings.ts';
import { openPhase } from '../../../core/gate.ts';
import { DAY } from '../../../core/instant.ts';
import { UNASSIGNED } from '../../../core/migration.ts';
import type { Person } from '../../../core/person.ts';
import type { RenderedCard } from '../../../core/ports.ts';
import type { Arguments, Understood, Vocabulary } from '../../../core/question.ts';
import { namesFrom, nearestQuestions, understand } from '../../../core/question.ts';
import type { Scope } from '../../../core/scope.ts';
import { checkScope, machinesIn } from '../../../core/scope.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import { askToAttest } from '../attest/ask-to-attest.ts';
import { takeBackByWord } from '../attest/take-back-by-word.ts';
import { answerPhase } from '../checklists/answer-phase.ts';
import type { Collecting } from '../collect-evidence.ts';
import { ASKED } from '../collecting/freshness.ts';
import { readForMachine } from '../collecting/read-machine.ts';
import type { Context } from '../context.ts';
import { frameOf, livePolicy } from '../context.ts';
import { postDigestNow } from '../digest/post-digest.ts';
import { kindsBehind } from '../kinds.ts';
import { notice } from '../notice.ts';
import type { Overview, Readiness } from '../readiness/overview.ts';
import { requestAction } from '../requests/request-action.ts';
import { requestClosePhase, ringNames } from '../requests/request-close-phase.ts';
import { requestWaiver } from '../requests/request-waiver.ts';
import { stopRuns } from '../runs/stop-run.ts';
import { holdTarget } from '../sign-off/hold-target.ts';
import { rosterOrNull } from '../sign-off/sign-off-view.ts';
import { groupWords } from '../views/checklist.ts';
import { machineView, readMachine } from '../views/machine.ts';
import { signOffView } from '../views/sign-off.ts';
import { readStep, stepView } from '../views/step.ts';
import { readAsWords } from '../words.ts';
import { followUpByWord } from './follow-up-by-word.ts';
import { gapList } from './gap-list.ts';
import { refreshEvidence } from './refresh-evidence.ts';
import { runsList } from './runs-list.ts';
import { waitingList } from './waiting-list.ts';

/** What somebody asked and everything needed to answer. */
export interface Asked extends Understood {
  readonly text: string;
  readonly person: Person;
  readonly readAs: string;
  readonly scope: Scope;
}

/** An answer is a card, or plain words. */
export type Answer = RenderedCard | string;

type Answerer = (context: Context, collecting: Collecting, asked: Asked) => Promise<Answer>;

/** One row per intent. */
const answers: Readonly<Record<string, Answerer>> = {
  'phase.status': async (context, { look }, asked) => {
    const { phase } = asked.args;
    const overview = await look(kindsBehind(context.steps.filter((row) => phase === undefined || row.phase === phase)), ASKED);
    const bad = badScope(context, asked.scope, overview);
    return bad ?? answerPhase(context, phase ?? openPhase(overview.gates, ringNames(context, overview)), overview, asked);
  },
  'step.status': async (context, { look }, asked) => {
    const row = context.steps.find(({ id }) => id === asked.args.step);
    if (!row) return notice(context, 'refused', 'There is no such step yet.', 'Ask for a phase to see its steps.');
    const overview = await look(kindsBehind([row]), ASKED);
    const bad = badScope(context, asked.scope, overview);
    return bad ?? stepCard(stepView(context, row, await readStep(context, row, overview, asked.scope), asked.readAs), frameOf(context));
  },
  'readiness.machine': async (context, collecting, asked) => {
    const overview = await readForMachine(context, collecting, asked.scope);
    const bad = badScope(context, asked.scope, overview);
    if (bad) return bad;
    const [machine, ...more] = machinesIn(asked.scope, overview);
    if (!machine) return notice(context, 'refused', 'No machine fits that.', 'Check the name.');
    if (more.length === 0) {
      const facts = await readMachine(context, overview, machine);
      return machineCard(machineView(context, facts, asked.readAs), frameOf(context));
    }
    const items = [machine, ...more].map(({ name, facts, ring }) => ({
      id: name,
      hash: null,
      title: name,
      detail: `${facts.osLabel}, ${groupWords(facts)}, ring ${ring}`,
    }));
    return listCard(
      { title: 'Which one?', sentence: `${items.length} machines fit that name.`, items: items.slice(0, 20) },
      frameOf(context),
    );
  },
  'safety.gap': async (context, { collect }, { args, scope, readAs }) => {
    const snapshot = await collect(['server-list', 'machine', ...protectionKinds], ASKED);
    return badScope(context, scope, snapshot) ?? gapList(context, snapshot, args, scope, readAs);
  },
  'evidence.refresh': (context, { look }) => refreshEvidence(context, look),
  'action.request': (context, { collect }, { args, person, scope }) => {
    const ticket = args.ticket ?? null;
    if (args.action === 'close-phase')
      return requestClosePhase(context, collect, { phase: args.phase ?? null, ring: args.ring ?? null, person, ticket });
    return requestAction(context, collect, { action: args.action ?? '', scope, person, ticket, standing: standingOf(context, args) });
  },
  'waiver.request': (context, { collect }, { args, person }) => {
    const { machine = null, step = null, to = null, reason = null, ticket = null } = args;
    return requestWaiver(context, collect, { machine, step, to, reason, ticket, person });
  },
  'step.attest': (context, _collecting, { args, person, scope }) =>
    askToAttest(context, { step: args.step ?? null, scope, reason: args.reason ?? '', person }),
  'step.take-back': (context, { readiness }, { args, person }) =>
    takeBackByWord(context, readiness, args.step ?? null, args.me === true, person),
  'signoff.use-the-card': async (context) =>
    waitingList(context, null, 'Words never sign. Open the card, press Open my view, and decide there.'),
  'plan.show': async (context, _collecting, asked) => {
    const named = asked.args.run;
    if (named === undefined) return waitingList(context, asked.person, null);
    const record = await context.store.transact((tx) => tx.planNamed(named));
    if (!record) return notice(context, 'refused', `There is no plan ${named}.`, 'Ask “whats waiting” for the open plans.');
    return signOffCard(signOffView(record, livePolicy(context, record.plan), await rosterOrNull(context), null), frameOf(context));
  },
  'signoff.list': (context, _collecting, asked) => waitingList(context, asked.args.me ? asked.person : null, null),
  'machine.hold': (context, _collecting, { args, person }) =>
    holdTarget(context, { planId: args.run ?? null, machine: args.machine ?? '', reason: args.reason ?? '', person }),
  'run.status': (context) => runsList(context),
  'run.stop': (context, _collecting, asked) => stopRuns(context, asked.args.run ?? null, asked.person),
  'run.resume': (context, { collect }, { args, person }) =>
    followUpByWord(context, collect, { how: 'rest', plan: args.run ?? null, ticket: args.ticket ?? null, person }),
  'run.undo': (context, { collect }, { args, person }) =>
    followUpByWord(context, collect, { how: 'undo', plan: args.run ?? null, ticket: args.ticket ?? null, person }),
  'digest.now': (context, _collecting, asked) => postDigestNow(context, asked.person),
  text: async (context) => {
    const last = await context.store.transact((tx) => tx.lastCard());
    if (!last) return notice(context, 'info', 'There is no card yet.', 'Ask where a phase stands.');
    return last.text;
  },
  help: async (context) =>
    help(context, null, 'This is what you can ask. Nothing changes in Azure before named approvers have signed it.', context.questions),
  unclear: async (context, _collecting, asked) =>
    help(context, null, 'That was not understood, so nothing was done. Nearest to it:', nearestQuestions(asked.text, context.questions, 3)),
};

/** Understands a sentence and answers it. */
export async function answerQuestion(context: Context, collecting: Collecting, text: string, person: Person): Promise<Answer> {
  const understood = text.trim() === '' ? { intent: 'help', args: {} } : await explain(context, collecting.readiness, text);
  const answer = answers[understood.intent] ?? (answers['unclear'] as Answerer);
  const readAs = readAsWords(context, understood.intent, understood.args);
  return answer(context, collecting, { ...understood, text, person, readAs, scope: scopeOf(understood.args) });
}

/** What a sentence is understood as, with the names the migration knows now. */
export async function explain(context: Context, readiness: Readiness, text: string): Promise<Understood> {
  return understand(text, context.questions, vocabulary(context, await readiness.overview()));
}

function vocabulary(context: Context, overview: Overview): Vocabulary {
  return {
    phrases: context.phrases,
    rings: [...context.migration.rings.map(({ name }) => name), UNASSIGNED],
    subscriptions: namesFrom(overview.subscriptions.map(({ name }) => name)),
    ...overview.names,
  };
}

/** Repeated for two weeks where nothing else was said; null for once. */
function standingOf(context: Context, { everyMinutes, forDays = 14 }: Arguments) {
  return everyMinutes === undefined ? null : { everyMinutes, until: context.clock.now() + forDays * DAY };
}

export function scopeOf({ ring, subscription, resourceGroup, machine }: Arguments): Scope {
  return {
    ...(ring === undefined ? {} : { ring }),
    ...(subscription === undefined ? {} : { subscription }),
    ...(resourceGroup === undefined ? {} : { resourceGroup }),
    ...(machine === undefined ? {} : { machine }),
  };
}

function badScope(context: Context, scope: Scope, snapshot: Overview | Snapshot): RenderedCard | null {
  const checked = checkScope(scope, snapshot, [...context.migration.rings.map(({ name }) => name), UNASSIGNED]);
  return checked.kind === 'refused' ? notice(context, 'refused', checked.because, checked.next) : null;
}

function help(context: Context, readAs: string | null, sentence: string, questions: Context['questions']): RenderedCard {
  const rows = questions.map(({ title, examples }) => ({ title, example: examples[0]?.text ?? '' }));
  return helpCard({ readAs, sentence, questions: rows }, frameOf(context));
}
