import { createCollecting } from '../../../../bot/flows/collect-evidence.ts';
import type { Context } from '../../../../bot/flows/context.ts';
import { deliver } from '../../../../bot/flows/deliver.ts';
import { verifyFinally } from '../../../../bot/flows/runs/final-check.ts';
import type { HeldRun } from '../../../../bot/flows/runs/held-run.ts';
import { holdRun } from '../../../../bot/flows/runs/held-run.ts';
import { reportFailures } from '../../../../bot/flows/runs/run-failures.ts';
import { keepRunCardsFresh } from '../../../../bot/flows/runs/run-heartbeat.ts';
import type { Evidence } from '../../../../core/evidence.ts';
import { read } from '../../../../core/evidence.ts';
import { SECOND } from '../../../../core/instant.ts';
import type { Migration } from '../../../../core/migration.ts';
import { nextMoves } from '../../../../core/moves.ts';
import type { Person } from '../../../../core/person.ts';
import type { Plan } from '../../../../core/plan.ts';
import { planHash } from '../../../../core/plan.ts';
import type { OutgoingMessage, PlanRecord, RunRecord } from '../../../../core/ports.ts';
import type { RunEvent } from '../../../../core/run.ts';
import { waitingRun } from '../../../../core/run.ts';
import { openSignOff } from '../../../../core/sign-off.ts';
import type { Fate } from '../../../core/run-play.ts';
import { eventOf, isMakeSafe } from '../../../core/run-play.ts';
import { migration, NOW, person, SUBSCRIPTION } from '../../../support/facts.ts';
import { inForceOf } from '../../../support/in-force.ts';
import type { WorldStore } from './flow-world.ts';
import { openWorldStore } from './flow-world.ts';

/** What the channel was sent. */
export interface Shown {
  readonly at: number;
  /** The message that was edited; null for a new one. */
  readonly edits: string | null;
  readonly id: string;
  readonly replyTo: string | null;
  readonly mentions: readonly string[];
  readonly words: string;
}

export function member(digit: number): Person {
  return { ...person(digit), memberId: `29:${digit}`, isGuest: false };
}

/** A run on a real store, watched in the channel: its events are given by hand, the clock stands until it is moved. */
export class RunWatch {
  now = NOW;
  readonly channel: Shown[] = [];
  readonly migration: Migration = {
    ...migration,
    owners: { tag: 'owner', people: { 'Team Blue': [{ ...person(4) }] } },
  };
  /** What the settings of the subscription show, and how often they were read. */
  settings: () => Evidence<unknown> = () => read({ endpointProtection: false }, 'test', this.now);
  reads = 0;
  /** Teams takes its time with an edit: told when one has arrived, it is answered when this allows. */
  slow: { arrived(): void; answered: Promise<void> } | null = null;
  readonly context: Context;
  readonly #opened: WorldStore;

  private constructor(opened: WorldStore) {
    this.#opened = opened;
    this.context = this.bot();
  }

  static async open(databaseUrl: string | null = null): Promise<RunWatch> {
    return new RunWatch(await openWorldStore(databaseUrl));
  }

  close(): Promise<void> {
    return this.#opened.remove();
  }

  /** Another process of the bot on the same store: it remembers nothing. */
  bot(): Context {
    const ignore = () => undefined;
    return {
      migration: this.migration,
      inForce: inForceOf(() => this.migration),
      rehearsal: true,
      steps: [],
      actions: [],
      clock: { now: () => this.now },
      ids: { nonce: () => '0'.repeat(32), reference: () => 'REFERENC' },
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      store: this.#opened.store,
      collectors: {
        'security-settings': async () => {
          this.reads += 1;
          const subjects = { [SUBSCRIPTION]: this.settings(), '/t/0': this.settings(), '/t/1': this.settings() };
          return { kind: 'security-settings', source: 'test', collectedAt: this.now, subjects, failure: null };
        },
      } as Partial<Context['collectors']> as Context['collectors'],
      messenger: {
        post: async (message: OutgoingMessage) => this.#show(message, null),
        update: async (id: string, message: OutgoingMessage) => {
          const shown = this.#show(message, id);
          this.slow?.arrived();
          await this.slow?.answered;
          return shown;
        },
        roster: async () =>
          read(
            [1, 2, 3, 4, 9].map((digit) => member(digit)),
            'test',
            this.now,
          ),
      },
    } as Partial<Context> as Context;
  }

  #show({ card, mentions, replyTo }: OutgoingMessage, edits: string | null) {
    const id = edits ?? `activity-${this.channel.length}`;
    this.channel.push({ at: this.now, edits, id, replyTo, mentions: mentions.map(({ name }) => name), words: card?.text ?? '' });
    return { kind: 'posted' as const, activityId: id };
  }

  /** A plan that persons 1 and 2 signed, with its run waiting and its card posted. Person 9 asked for it. */
  async signed(plan: Plan): Promise<HeldRun> {
    const { store } = this.context;
    const { hash, named } = await store.transact(async (tx) => {
      const renamed = { ...plan, id: await tx.nextPlanId() };
      const of = planHash(renamed);
      const votes = [1, 2].map((digit) => ({ person: person(digit), at: this.now }));
      await tx.insertPlan(of, renamed, { ...openSignOff(renamed, of), state: 'approved', votes, startsAt: this.now, begun: true });
      await tx.insertRun(waitingRun(renamed, of, this.now, []));
      await tx.outbox({ how: 'post', key: `run:${of}`, data: {}, at: this.now });
      return { hash: of, named: renamed };
    });
    await this.send();
    const fence = await store.transact((tx) => tx.claimRun(hash, 'watch'));
    const { signOff } = (await store.transact((tx) => tx.plan(hash))) as PlanRecord;
    return holdRun(this.context, { plan: named, hash, signOff }, fence as number);
  }

  run({ hash }: HeldRun): Promise<RunRecord> {
    return this.context.store.transact(async (tx) => (await tx.run(hash)) as RunRecord);
  }

  /** One thing happens to the run. */
  async happens(held: HeldRun, event: RunEvent): Promise<void> {
    await this.context.store.transact((tx) => tx.claimRun(held.hash, 'watch'));
    if (!(await held.apply(event, null))) throw new Error(`${event.type} changes nothing`);
  }

  /** The next move of the run is made, with its target's fate; false when there is none. */
  async step(held: HeldRun, fate: (targetId: string) => Fate = () => 'good', safeFate: Fate = 'good'): Promise<boolean> {
    const { run } = await this.run(held);
    const [move] = nextMoves(held.plan, run, this.now);
    if (!move) return false;
    const how = isMakeSafe(move) ? safeFate : 'targetId' in move ? fate(move.targetId) : 'good';
    await this.happens(held, eventOf(move, how, this.now));
    return true;
  }

  async toItsEnd(held: HeldRun, fate?: (targetId: string) => Fate, safeFate?: Fate): Promise<void> {
    while (await this.step(held, fate, safeFate)) await this.tick();
  }

  /** The duties once, then everything that waits is sent. */
  async tick(context: Context = this.context): Promise<void> {
    await keepRunCardsFresh(context);
    await reportFailures(context);
    await verifyFinally(context, (kind) => context.collectors[kind]() as Promise<never>);
    await this.send(context);
  }

  /** The clock goes on, second by second as `every` says, with the duties at work. */
  async pass(seconds: number, every: number): Promise<void> {
    for (let gone = 0; gone < seconds; gone += every) {
      this.now += every * SECOND;
      await this.tick();
    }
  }

  async send(context: Context = this.context): Promise<void> {
    const rows = await this.#opened.raw(`select id from outbox where state = 'queued' order by position`);
    for (const { id } of rows) await deliver(context, createCollecting(context, 'test'), String(id));
  }

  /** How many messages with this key were ever asked for. */
  async asked(key: string): Promise<number> {
    return (await this.#opened.raw(`select id from outbox where key like '${key}%'`)).length;
  }

  /** Empties tables, for a test that begins anew on the same store. */
  async empty(...tables: readonly string[]): Promise<void> {
    for (const table of tables) await this.#opened.raw(`delete from ${table}`);
  }

  /** Whatever waits to be sent is lost, as it is when its delivery is given up. */
  async lose(): Promise<void> {
    await this.#opened.raw(`update outbox set state = 'failed' where state = 'queued'`);
  }

  /** The living card of a run: its post and all its edits. */
  async card({ hash }: HeldRun): Promise<readonly Shown[]> {
    const card = await this.context.store.transact((tx) => tx.card(`run:${hash}`));
    return this.channel.filter(({ id }) => id === card?.activityId);
  }

  /** New messages that say this. */
  posts(pattern: RegExp): readonly Shown[] {
    return this.channel.filter(({ edits, words }) => edits === null && pattern.test(words));
  }
}
