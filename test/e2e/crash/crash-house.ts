import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { runningLedger } from '../../../bot/running-ledger.ts';
import { conversation, type PostedPlan } from '../support/conversation.ts';
import { type AnyJson, button, Rehearsal, words } from '../support/rehearsal.ts';
import { type Database, type EngineName, freshDatabase } from './engines.ts';
import { type Meant, type Waves, wrongs } from './oracle.ts';
import type { Fleet } from './servers.ts';
import { type Entry, entriesOf, takeWitness, type Witness } from './witness.ts';

/** Virtual seconds a real second. Chosen once, before anything is sent: a clock that slowed down would let requests look older than their intents. */
const RATE = 10;

const REQUEST = 'set passive mode on everything';

/** A bot that will be killed, on an engine of its own, with a fleet that gives no trouble. */
export class CrashHouse {
  readonly rehearsal: Rehearsal;
  readonly people: ReturnType<typeof conversation>;
  readonly #fleet: Fleet;
  #database!: Database;
  #env: Record<string, string> = {};
  /** The waves of each plan that was asked for. */
  readonly #plans: Waves[] = [];
  kills = 0;

  constructor(fleet: Fleet, { calm }: { calm: boolean }) {
    this.#fleet = fleet;
    this.rehearsal = new Rehearsal({ calm });
    this.people = conversation(this.rehearsal);
  }

  /** The first start, with the simulator. */
  async open(engine: EngineName): Promise<void> {
    this.#database = await freshDatabase(engine);
    const estate = this.rehearsal.write('fleet.json', this.#fleet.estate);
    const migration = this.rehearsal.write('fleet.migration.yaml', this.#fleet.migration);
    // Compiled once, by a start that finds nothing to do: a process that is killed keeps nothing of what it compiled.
    const cache = { NODE_COMPILE_CACHE: join(this.rehearsal.dataDir, 'compiled') };
    await this.rehearsal.run('bot/main.ts', ['--bot-only'], cache);
    this.#env = { ...this.#database.env, ...cache, MIGRATION_FILE: migration };
    await this.rehearsal.start(this.#env, ['--estate', estate, '--limits', 'off']);
    await this.rehearsal.clock({ rate: RATE });
  }

  /** Starts the bot again. The lease of its dead predecessor is over. */
  async restart(): Promise<void> {
    await this.#database.endLeases();
    await this.rehearsal.start(this.#env);
  }

  /** Starts the bot again and pulls the plug, this many milliseconds after its process began or after it was ready. */
  async liveFor(ms: number, since: 'begin' | 'ready'): Promise<void> {
    await this.#database.endLeases();
    const starting = this.rehearsal.start(this.#env);
    const over = since === 'ready' ? await starting : starting.catch(() => undefined);
    await pause(ms);
    await this.kill();
    await over;
  }

  async kill(): Promise<void> {
    await this.rehearsal.killBot();
    this.kills += 1;
  }

  /** A second bot on the same database and the same pretend outside, with a folder of its own. */
  async second(): Promise<Rehearsal> {
    const other = new Rehearsal({ calm: true });
    copyFileSync(join(this.rehearsal.dataDir, 'rehearsal.json'), join(other.dataDir, 'rehearsal.json'));
    await other.start(this.#env);
    return other;
  }

  /** Asks for passive mode on every server of the fleet. */
  async request(): Promise<PostedPlan> {
    await this.#expectPlan();
    return this.people.requestPlan(this.id('lukas'), REQUEST);
  }

  sign(name: string, plan: PostedPlan): Promise<AnyJson> {
    return this.people.decide(this.id(name), plan, 'sign-off.approve');
  }

  /** Says so, and waits for no answer in the channel. */
  async ask(): Promise<AnyJson> {
    await this.#expectPlan();
    return this.rehearsal.say(this.id('lukas'), `@Greenlight ${REQUEST}`);
  }

  /** Signs the plan whose card the channel shows. */
  async vote(name: string): Promise<AnyJson> {
    const card = await this.rehearsal.until('the card of the plan', async () =>
      (await this.rehearsal.messages(this.id(name))).findLast((message) => message.cards.some(({ refresh }: AnyJson) => refresh)),
    );
    const id = /GL-\d{4}/.exec(words(card.cards))?.[0] ?? '';
    return this.sign(name, { id, activityId: card.id, open: button(card.cards[0], 'sign-off.view') });
  }

  /** What is proven already needs no plan. */
  async #expectPlan(): Promise<void> {
    const proofs = (await this.runningEntries()).filter(({ kind, data }) => kind === 'proof' && data.result === 'verified');
    this.#plans.push(this.#fleet.wavesWithout(new Set(proofs.map(({ data }) => data.target.toLowerCase()))));
  }

  /** Those of the newest plan. */
  get waves(): Waves {
    return this.#plans.at(-1) ?? [];
  }

  id(name: string): string {
    return this.rehearsal.person(name).id;
  }

  /** What the running bot's ledger door hands out. */
  async runningEntries(): Promise<readonly Entry[]> {
    const bytes = await runningLedger(this.rehearsal.dataDir);
    return bytes === null ? [] : entriesOf(await text(Readable.from(bytes)));
  }

  lease(): ReturnType<Database['lease']> {
    return this.#database.lease();
  }

  witness(): Promise<Witness> {
    return takeWitness(this.rehearsal, this.#env);
  }

  /** What the oracle has to say against the whole of it, and what `npm run ledger -- verify` has. */
  async wrongs(): Promise<readonly string[]> {
    const { code, output } = await this.rehearsal.run('bot/ledger.ts', ['verify'], this.#env);
    const meant: Meant = { plans: this.#plans, quorum: 2, isTrue: ({ guest }) => guest.passiveKey === 1 };
    return [...(code === 0 ? [] : [`ledger verify: ${output}`]), ...wrongs(await this.witness(), meant)];
  }

  async close(): Promise<void> {
    await this.rehearsal.stop();
    await this.#database?.drop();
  }
}
