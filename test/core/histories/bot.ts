import type { Context } from '../../../bot/flows/context.ts';
import type { RunWorker } from '../../../bot/flows/runs/run-plan.ts';
import { createRunWorker } from '../../../bot/flows/runs/run-plan.ts';
import { read, unread } from '../../../core/evidence.ts';
import type { Person } from '../../../core/person.ts';
import { guestFacts, SUBSCRIPTION, snapshotOf, utc } from '../../support/facts.ts';
import { inForceOf } from '../../support/in-force.ts';
import { barredBy } from './barred-by.ts';
import { journalKey } from './journal-key.ts';
import { actions, machines } from './material.ts';
import { fates } from './pretend-azure.ts';
import type { Sending, Waiting, World } from './world.ts';

/** A process of the bot: the real flows, with ports that the history holds in its hand. */
export interface Bot {
  readonly name: string;
  /** What its leases bear: another one after every start. */
  readonly owner: string;
  readonly context: Context;
  readonly worker: RunWorker;
  alive: boolean;
  /** Frozen: it goes on later, knowing nothing of the time that passed. */
  paused: boolean;
  readonly queue: (() => void)[];
}

/** Every call of a port passes here: a dead bot never hears back, a frozen one later. */
function pass<T>(bot: Bot, work: () => T | Promise<T>): Promise<T> {
  if (!bot.alive) return new Promise(() => undefined);
  if (!bot.paused) return Promise.resolve(work());
  return new Promise((resolve, reject) => {
    bot.queue.push(() => void Promise.resolve(work()).then(resolve, reject));
  });
}

export function goOn(bot: Bot): void {
  bot.paused = false;
  for (const next of bot.queue.splice(0)) next();
}

export function startBot(world: World, name: string): Bot {
  const owner = `${name}-${nonceOf(world)}`;
  const bot = { name, owner, alive: true, paused: false, queue: [] as (() => void)[] } as Bot & { context: Context; worker: RunWorker };
  const context = {
    ...outside(world, bot),
    // A change of the file is known to a process at once, or it is stopped and started anew.
    get migration() {
      return world.migration;
    },
    zone: utc,
    inForce: inForceOf(() => bot.context.migration),
    rehearsal: true,
    actions,
    clock: { now: () => world.now },
    ids: { nonce: () => nonceOf(world), reference: () => 'REFERENC' },
    log: quiet(world),
    store: { transact: (work) => pass(bot, () => world.transact(bot, work)), close: async () => undefined },
    messenger: { roster: async () => read([] as readonly Person[], 'test', world.now) },
  } as Partial<Context> as Context;
  const collect = () => ask(world, bot, 'collect', 'fleet', () => fleet(world));
  const worker = createRunWorker(context, { collect, readAnew: (kind) => context.collectors[kind]() as Promise<never> }, owner);
  return Object.assign(bot, { context, worker });
}

function nonceOf(world: World): string {
  world.nonces += 1;
  return world.nonces.toString(16).padStart(32, '0');
}

function quiet(world: World): Context['log'] {
  const ignore = () => undefined;
  return { debug: ignore, info: ignore, warn: ignore, error: (message, data) => world.errors.push(`${message} ${JSON.stringify(data)}`) };
}

/** What the search index says of the fleet now. */
export function fleet(world: World) {
  return { ...snapshotOf(machines.filter(({ id }) => !world.azure.gone.has(id))), takenAt: world.now };
}

/** Asks the outside and waits until the history answers. A bot that is frozen by then hears what was true when it was answered. */
function ask<T>(world: World, bot: Bot, what: Waiting['what'], about: string, answer: (how: number) => T): Promise<T> {
  return pass(bot, () => {
    world.asked.set(about, world.now);
    return new Promise<T>((resolve) => {
      world.waiting.push({ bot, what, at: world.now, answer: (how) => deliver(bot, answer(how), resolve) });
    });
  });
}

function deliver<T>(bot: Bot, value: T, resolve: (value: T) => void): void {
  void pass(bot, () => resolve(value));
}

const UNREAD = 4;
const notRead = (world: World) => unread('it did not answer', '', 'test', world.now);

function outside(world: World, bot: Bot): Pick<Context, 'writer' | 'rights' | 'targets' | 'collectors' | 'probes'> {
  const { azure } = world;
  return {
    writer: {
      room: () => 0,
      send: (_plan, planHash, target, call) =>
        pass(bot, () => {
          const line = world.memory.journal.get(journalKey(planHash, target.id, call.id));
          const attempt = line?.outcome === 'open' ? line.attempt : 0;
          const barred = barredBy(world, planHash);
          const lookedAt = world.asked.get(attempt > 1 ? call.path : target.id) ?? 0;
          const sent = { bot: bot.name, at: world.now, planHash, targetId: target.id, call };
          const sending: Sending = { ...sent, attempt, barred, lookedAt, answered: null };
          world.sendings.push(sending);
          return new Promise((resolve) => {
            const arrive = (how: number) => {
              const fate = fates[how % fates.length]!;
              azure.take(target.id, call, fate, world.now);
              if (fate.answer.kind === 'throttled' || fate.answer.kind === 'refused') sending.answered = fate.answer.kind;
              void pass(bot, () => resolve(fate.answer));
            };
            world.waiting.push({ bot, what: 'send', at: world.now, answer: arrive });
          });
        }),
      readBack: (call) =>
        ask(world, bot, 'look', call.path, (how) => {
          world.looked.set(call.path, world.now);
          if (how % 8 === UNREAD) return { kind: 'unread', because: 'it did not answer' };
          const seen = azure.show(call, world.now);
          if (seen.kind === 'absent') world.absent.set(call.path, world.now);
          return seen;
        }),
    },
    rights: { lacking: () => pass(bot, () => read([], 'test', world.now)) },
    targets: {
      fingerprint: (target) =>
        ask(world, bot, 'fingerprint', target.id, (how) => {
          if (how % 32 === UNREAD) return notRead(world);
          if (azure.gone.has(target.id)) return read(null, 'test', world.now);
          const anew = Object.fromEntries(Object.keys(target.fingerprint).map((field) => [field, 'anew']));
          return read(azure.changed.has(target.id) ? anew : target.fingerprint, 'test', world.now);
        }),
    },
    collectors: {
      'security-settings': () =>
        ask(world, bot, 'look', SUBSCRIPTION, (how) => {
          const value = { endpointProtection: azure.isTrue(SUBSCRIPTION, world.now), unifiedSolution: null, includesLinux: null };
          const found = how % 8 === UNREAD ? notRead(world) : read(value, 'test', world.now);
          return { kind: 'security-settings', source: 'test', collectedAt: world.now, subjects: { [SUBSCRIPTION]: found }, failure: null };
        }),
    } as Partial<Context['collectors']> as Context['collectors'],
    probes: {
      guestFacts(output, nonce, _target, observedAt) {
        const said = JSON.parse(output) as { nonce: string; passiveKey: 1 | null };
        if (said.nonce !== nonce) return unread('another call’s nonce', '', 'test', observedAt);
        return read(guestFacts({ passiveKey: said.passiveKey }), 'test', observedAt);
      },
    },
  };
}
