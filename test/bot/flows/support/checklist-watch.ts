import { answerQuestion } from '../../../../bot/flows/answers/answer-question.ts';
import { createKeepChecklists } from '../../../../bot/flows/checklists/living-checklist.ts';
import { createCollecting } from '../../../../bot/flows/collect-evidence.ts';
import type { Context } from '../../../../bot/flows/context.ts';
import { verbs } from '../../../../bot/verbs.ts';
import { read } from '../../../../core/evidence.ts';
import { SECOND } from '../../../../core/instant.ts';
import type { MachineFacts } from '../../../../core/machine.ts';
import type { Person } from '../../../../core/person.ts';
import type { RenderedCard } from '../../../../core/ports.ts';
import { notReady, ready, step } from '../../../../core/step.ts';
import { phrases, questions } from '../../../../playbook/questions/index.ts';
import { machineFacts } from '../../../support/facts.ts';
import type { FlowBot, WorldStore } from './flow-world.ts';
import { FlowWorld, member, READINESS_TABLES } from './flow-world.ts';
import { migrationText } from './migration-text.ts';

/** A step that reads its verdict off the tag `does` of a machine: `well`, `badly`, or anything else for what no fact shows. */
export function tagged(
  id: string,
  over: { readonly title?: string; readonly phase?: 'prepare' | 'onboard'; readonly vouched?: boolean } = {},
) {
  const { title = `The step ${id}`, phase = 'prepare', vouched = false } = over;
  return step({
    id,
    phase,
    title,
    why: 'It matters.',
    link: '',
    subject: 'machine',
    needs: ['machine'],
    owner: 'server owner',
    ...(vouched ? { attestable: { statement: `It is so, says ${id}.`, holdsDays: 30 } } : {}),
    check: ({ machine: { tags } }) => {
      if (tags['does'] === 'well') return ready('it does well');
      if (tags['does'] === 'badly') return notReady('bad', 'it does badly', 'Mend it.');
      return { verdict: 'unknown', code: 'unseen', because: 'nothing shows it', fix: 'Look at it.' };
    },
  });
}

/** One process of the bot with its own duty. */
export interface ChecklistBot {
  readonly bot: FlowBot;
  readonly context: Context;
  /** The duty once. */
  keep(): Promise<void>;
  /** The duty once, then everything that waits is sent. */
  tick(): Promise<void>;
  ask(text: string, who?: Person): Promise<string>;
  press(verb: string, data: unknown, who?: Person): Promise<RenderedCard>;
}

/** The living checklists of a channel on a real store, with what is known told by hand; the clock stands until it is moved. */
export class ChecklistWatch {
  readonly world: FlowWorld;
  readonly #opened: WorldStore;

  constructor(opened: WorldStore) {
    this.#opened = opened;
    this.world = new FlowWorld(opened);
    this.world.write(migrationText());
    this.world.steps = [tagged('first'), tagged('second', { phase: 'onboard' })];
  }

  /** Nothing is known, nothing was posted. */
  async beginAnew(): Promise<void> {
    for (const table of ['evidence', 'evidence_parts', 'sources', 'collections', 'notes', 'outbox', 'cards'])
      await this.#opened.raw(`delete from ${table}`);
    await this.#opened.raw(`truncate ${READINESS_TABLES}`);
  }

  async start(): Promise<ChecklistBot> {
    const bot = await this.world.bot();
    const context = Object.assign(bot.context, { questions, phrases, collectors: {} }) as Context;
    const collecting = createCollecting(context, context.ids.reference());
    const keep = createKeepChecklists(context, collecting.readiness);
    return {
      bot,
      context,
      keep,
      tick: async () => {
        await keep();
        await bot.send();
      },
      ask: async (text, who = member(9)) => {
        const answer = await answerQuestion(context, collecting, text, who);
        return typeof answer === 'string' ? answer : answer.text;
      },
      press: (verb, data, person = member(9)) => verbs[verb]!({ context, collecting, person, data, automatic: false }),
    };
  }

  /** The inventory is read, which takes a second: these machines, by name, each with how it does; in ring canary where nothing else is said. */
  async know(machines: Readonly<Record<string, string | Partial<MachineFacts>>>): Promise<void> {
    this.world.now += SECOND;
    const at = this.world.now;
    const subjects = Object.fromEntries(
      Object.entries(machines).map(([name, said], index) => {
        const over = typeof said === 'string' ? { tags: { ring: 'canary', does: said } } : said;
        const facts = machineFacts({ id: `/m/${index}`, name, ...over });
        return [facts.id, read(facts, 'test', at)];
      }),
    );
    const { store } = (await this.#reader()).context;
    await store.transact((tx) => tx.saveCollection({ kind: 'machine', source: 'test', collectedAt: at, subjects, failure: null }));
  }

  /** The clock goes on with the duties of these bots at work. */
  async pass(seconds: number, every: number, ...bots: readonly ChecklistBot[]): Promise<void> {
    for (let gone = 0; gone < seconds; gone += every) {
      this.world.now += every * SECOND;
      for (const bot of bots) await bot.tick();
    }
  }

  /** What waits to be sent, or is being sent. */
  async waiting(): Promise<number> {
    return (await this.#opened.raw(`select id from outbox where state in ('queued', 'sending')`)).length;
  }

  /** From one edit to the next, the first from `since`. Milliseconds. */
  gaps(since: number): readonly number[] {
    const times = [since, ...this.world.edits.map(({ at }) => at)];
    return times.slice(1).map((at, index) => at - (times[index] as number));
  }

  #known: Promise<FlowBot> | null = null;
  #reader(): Promise<FlowBot> {
    this.#known ??= this.world.bot();
    return this.#known;
  }
}
