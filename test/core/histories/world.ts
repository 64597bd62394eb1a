import type { Instant } from '../../../core/instant.ts';
import { SECOND } from '../../../core/instant.ts';
import type { Migration } from '../../../core/migration.ts';
import type { ExpandedCall } from '../../../core/plan.ts';
import type { Tx } from '../../../core/ports.ts';
import { policyOf } from '../../../core/signers.ts';
import { NOW } from '../../support/facts.ts';
import type { Bar } from './barred-by.ts';
import type { Bot } from './bot.ts';
import { startBot } from './bot.ts';
import { changesNothing, commitOf } from './commit.ts';
import type { Press } from './do-signing.ts';
import type { Setup } from './material.ts';
import { migrationOf } from './material.ts';
import type { Commit, View } from './memory.ts';
import { Memory } from './memory.ts';
import { PretendAzure } from './pretend-azure.ts';
import type { Random } from './random.ts';
import { runPart } from './run-part.ts';
import { signOffPart } from './sign-off-part.ts';

/** A request of a bot to the outside that has no answer yet. `how` chooses among the answers there may be; 0 is the honest one. */
export interface Waiting {
  readonly bot: Bot;
  readonly what: 'send' | 'look' | 'fingerprint' | 'collect';
  readonly at: Instant;
  answer(how: number): void;
}

/** A request that left a bot. */
export interface Sending {
  readonly bot: string;
  readonly at: Instant;
  readonly planHash: string;
  readonly targetId: string;
  readonly call: ExpandedCall;
  /** The journal's attempt as the request left; 0 when there was no open intent. */
  readonly attempt: number;
  /** Why nothing new may leave at this moment, as the run, the file and the clock have it; null when it may. */
  readonly barred: Bar | null;
  /** When the look was asked for whose answer let it leave. */
  readonly lookedAt: Instant;
  answered: 'throttled' | 'refused' | null;
}

/** The longest a request is under way: then it has arrived or is lost. */
const ON_THE_WAY = 60 * SECOND;

/** Two bots on one store, people, a pretend Azure and a clock: the flows of the bot are the real ones, all of its outside is here. */
export class World {
  now: Instant = NOW;
  readonly memory = new Memory();
  readonly azure = new PretendAzure();
  readonly bots: Bot[] = [];
  readonly waiting: Waiting[] = [];
  /** Everything that happened, for the checks. */
  readonly commits: Commit[] = [];
  readonly sendings: Sending[] = [];
  /** When Azure last showed that a call is absent, by the call's path. */
  readonly absent = new Map<string, Instant>();
  /** When somebody last asked about a target, or about a call by its path. */
  readonly asked = new Map<string, Instant>();
  /** When a call was last read back, by the call's path. */
  readonly looked = new Map<string, Instant>();
  readonly issued: View[] = [];
  readonly presses: Press[] = [];
  readonly mailbox: Press[] = [];
  /** What a command itself found wrong. */
  readonly wrong: string[] = [];
  readonly errors: string[] = [];
  /** Told of every transaction that changed something, before anything else happens. */
  onCommit: (commit: Commit) => void = () => undefined;
  migration: Migration;
  nonces = 0;
  private tail: Promise<unknown> = Promise.resolve();

  constructor(setup: Setup) {
    this.migration = migrationOf(setup);
    for (const name of ['A', 'B']) this.bots.push(startBot(this, name));
  }

  /** Lets everything happen that needs nothing from outside. */
  settle(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** One transaction after the other; one that throws leaves nothing behind. */
  transact<T>(bot: Bot, work: (tx: Tx) => Promise<T>): Promise<T> {
    const result = this.tail.then(() => this.once(bot, work));
    this.tail = result.catch(() => undefined);
    return result;
  }

  private async once<T>(bot: Bot, work: (tx: Tx) => Promise<T>): Promise<T> {
    const undo: (() => void)[] = [];
    const { migration, clock } = bot.context;
    // Every action here is of one class.
    const commit = commitOf(bot, policyOf(migration, { class: 'reversible', decides: null }), clock.now());
    try {
      const tx = { ...signOffPart(this.memory, commit, undo), ...runPart(this.memory, commit, undo, this.now) } as Partial<Tx> as Tx;
      const result = await work(tx);
      if (changesNothing(commit)) return result;
      this.commits.push(commit);
      this.issued.push(...commit.issued);
      this.onCommit(commit);
      return result;
    } catch (error) {
      for (const step of undo.toReversed()) step();
      throw error;
    }
  }

  /** Moves the clock; what was sent arrives or is lost before that takes too long. */
  async tick(seconds: number): Promise<void> {
    const until = this.now + seconds * SECOND;
    for (const [index, waiting] of this.waiting.slice().entries()) {
      if (waiting.what === 'send' && until - waiting.at > ON_THE_WAY) this.answer(waiting, 7 + (index % 2));
    }
    this.now = until;
    await this.settle();
  }

  answer(waiting: Waiting, how: number): void {
    const index = this.waiting.indexOf(waiting);
    if (index < 0) return;
    this.waiting.splice(index, 1);
    waiting.answer(how);
  }

  /** Answers all that is asked, as `how` says, until nothing more is asked. */
  async answerAll(how: (waiting: Waiting) => number): Promise<void> {
    for (let round = 0; round < 20 && this.waiting.length > 0; round += 1) {
      for (const waiting of this.waiting.slice()) this.answer(waiting, how(waiting));
      await this.settle();
    }
  }

  /** The bot dies: all it had in memory is gone. What it had sent arrives (`left`) or not. */
  crash(bot: Bot, left: Random): void {
    bot.alive = false;
    bot.queue.length = 0;
    for (const waiting of this.waiting.filter((other) => other.bot === bot)) {
      this.waiting.splice(this.waiting.indexOf(waiting), 1);
      if (waiting.what === 'send') waiting.answer(left.below(2) === 0 ? 0 : 8);
    }
  }

  /** Another process takes a dead one's place, with the migration file as it is now. */
  restart(bot: Bot): void {
    if (!bot.alive) this.bots[this.bots.indexOf(bot)] = startBot(this, bot.name);
  }
}
