import { requestFollowUp } from '../../../bot/flows/requests/request-follow-up.ts';
import { beginRuns } from '../../../bot/flows/runs/begin-runs.ts';
import { stopRuns } from '../../../bot/flows/runs/stop-run.ts';
import { expireSignOffs } from '../../../bot/flows/sign-off/expire-sign-offs.ts';
import { holdTarget } from '../../../bot/flows/sign-off/hold-target.ts';
import { MINUTE } from '../../../core/instant.ts';
import { firstBreak } from '../../../core/ledger.ts';
import { migration as sample } from '../../support/facts.ts';
import type { Bot } from './bot.ts';
import { fleet, goOn } from './bot.ts';
import { ask, deliver, listening, look, press, sign } from './do-signing.ts';
import { machines, people } from './material.ts';
import { randomFrom } from './random.ts';
import { tampered } from './tamper.ts';
import type { World } from './world.ts';

/** A step of a history: what is done, and three numbers that choose among what there is to do it with. */
export type Command = readonly [does: keyof typeof commands, a: number, b: number, c: number];

/** Does the step and says in words what it came to. */
type Do = (world: World, a: number, b: number, c: number) => Promise<string>;

const botOf = (world: World, which: number): Bot => world.bots[which % world.bots.length]!;
const machineOf = (which: number): string => machines[which % machines.length]!.id;

/** What the clock makes a bot do, again and again. */
export async function beat(world: World, bot: Bot): Promise<void> {
  if (!bot.alive || bot.paused) return;
  const { context, worker } = bot;
  for (const duty of [() => expireSignOffs(context), () => beginRuns(context), () => worker.work()]) {
    duty().catch((error: unknown) => world.errors.push(String(error)));
    await world.settle();
  }
}

/** The faults stop: both bots are up and know of everything that happened. */
export async function everybodyUp(world: World): Promise<void> {
  for (const bot of world.bots.slice()) {
    if (bot.alive) goOn(bot);
    else world.restart(bot);
  }
  await world.settle();
}

/** A time in which everything that is asked is answered truly, long enough for most runs. */
async function calmDown(world: World): Promise<void> {
  await everybodyUp(world);
  for (let round = 0; round < 30; round += 1) {
    for (const bot of world.bots) await beat(world, bot);
    await world.answerAll(() => 0);
    await world.tick(20);
  }
}

function toggle(set: Set<string>, id: string, on: string, off: string): string {
  if (!set.delete(id)) set.add(id);
  return set.has(id) ? on : off;
}

const TICKS = [1, 5, 20, 60, 130, 400, 3_600, 46_800];

/** How often each occurs is its weight in `weights.ts`. */
export const commands = {
  async calm(world) {
    await calmDown(world);
    return 'nothing goes wrong for a while';
  },
  ask: (world, a, b) => ask(world, a, b),
  look: (world, a, b) => look(world, a, b % 3),
  press: (world, a, b, c) => deliver(world, press(world, a % 6, b, c), a),
  sign: (world, a, b) => sign(world, a % 2, b),
  async keep(world, a, b, c) {
    const one = press(world, a % 6, b, c);
    if (one) world.mailbox.push(one);
    return one ? `a press of ${one.decision} by ${one.person.name} is held up` : 'nothing is held up';
  },
  async deliver(world, a, b) {
    const [one] = world.mailbox.splice(a % Math.max(world.mailbox.length, 1), 1);
    return `held up: ${await deliver(world, one ?? null, b)}`;
  },
  async duplicate(world, a, b) {
    return `again: ${await deliver(world, world.presses.at(-1 - (a % Math.max(world.presses.length, 1))) ?? null, b)}`;
  },
  async stop(world, a, b) {
    const bot = listening(world, a);
    const person = people[b % people.length]!;
    if (!bot) return 'nobody hears a stop';
    stopRuns(bot.context, null, person).catch((error: unknown) => world.errors.push(String(error)));
    await world.settle();
    const going = [...world.memory.runs.values()].filter(({ run }) => run.state !== 'finished' && run.stop === null);
    if (going.length > 0) world.wrong.push(`14 anyone may stop: ${person.name} said stop, and ${going.length} runs know nothing of it`);
    return `${person.name} says stop`;
  },
  async hold(world, a, b, c) {
    const bot = listening(world, a);
    const [person, { name }] = [people[b % people.length]!, machines[c % machines.length]!];
    if (!bot) return 'nobody hears a hold';
    const request = { planId: null, machine: name, reason: 'because', person };
    holdTarget(bot.context, request).catch((error: unknown) => world.errors.push(String(error)));
    await world.settle();
    return `${person.name} holds ${name}`;
  },
  async follow(world, a, b, c) {
    const bot = listening(world, a);
    const ended = [...world.memory.runs.values()].filter(({ run }) => run.state === 'finished').at(-1);
    const [person, how] = [people[b % people.length]!, c % 2 === 0 ? ('rest' as const) : ('undo' as const)];
    if (!bot || !ended) return 'nothing is asked for again';
    requestFollowUp(bot.context, async () => fleet(world), ended.run.planHash, how, person, null).catch((error: unknown) =>
      world.errors.push(String(error)),
    );
    await world.settle();
    return `${person.name} asks for the ${how} of ${world.memory.plans.get(ended.run.planHash)?.plan.id}`;
  },
  async frost(world, a) {
    const { freezes } = world.migration;
    const minutes = [10, 120, 1_200][a % 3]!;
    const freeze = { from: world.now, until: world.now + minutes * MINUTE, reason: 'frost' };
    world.migration = { ...world.migration, freezes: freezes.some(({ until }) => until > world.now) ? [] : [freeze] };
    return world.migration.freezes.length > 0 ? `changes are frozen for ${minutes} minutes` : 'the freeze is lifted';
  },
  async tick(world, a) {
    const seconds = TICKS[a % TICKS.length]!;
    await world.tick(seconds);
    return `${seconds} s pass`;
  },
  async beat(world, a) {
    await beat(world, botOf(world, a));
    return `${botOf(world, a).name} does what is due`;
  },
  async answer(world, a, b) {
    const waiting = world.waiting[a % Math.max(world.waiting.length, 1)];
    if (waiting) world.answer(waiting, b);
    await world.settle();
    return waiting ? `${waiting.what} of ${waiting.bot.name} is answered in way ${b % 32}` : 'nothing is asked';
  },
  async go(world, a, b, c) {
    const random = randomFrom(c);
    const bot = botOf(world, b);
    for (let round = 0; round < a % 8; round += 1) {
      await beat(world, bot);
      await world.answerAll(() => (random.below(3) === 0 ? random.below(32) : 0));
      await world.tick(4 + 9 * random.below(3));
    }
    // The next command strikes in the middle of things.
    await beat(world, bot);
    for (const waiting of world.waiting.slice()) if (random.below(2) === 0) world.answer(waiting, 0);
    await world.settle();
    return `${bot.name} works ${(a % 8) + 1} times (fates ${c})`;
  },
  async crash(world, a, b) {
    const bot = botOf(world, a);
    if (bot.alive) world.crash(bot, randomFrom(b));
    await world.settle();
    return `${bot.name} crashes`;
  },
  async restart(world, a) {
    world.restart(botOf(world, a));
    return `${botOf(world, a).name} starts anew`;
  },
  async freeze(world, a) {
    botOf(world, a).paused = true;
    return `${botOf(world, a).name} is frozen`;
  },
  async thaw(world, a) {
    goOn(botOf(world, a));
    await world.settle();
    return `${botOf(world, a).name} goes on`;
  },
  change: async (world, a) =>
    toggle(world.azure.changed, machineOf(a), `${machineOf(a).at(-1)} is made anew`, `${machineOf(a).at(-1)} is back`),
  leave: async (world, a) => toggle(world.azure.gone, machineOf(a), `${machineOf(a).at(-1)} is gone`, `${machineOf(a).at(-1)} came back`),
  fail: async (world, a) => toggle(world.azure.failing, machineOf(a), `${machineOf(a).at(-1)} fails`, `${machineOf(a).at(-1)} works`),
  lie: async (world, a) => toggle(world.azure.lying, machineOf(a), `${machineOf(a).at(-1)} lies`, `${machineOf(a).at(-1)} is honest`),
  async policy(world, a, b) {
    const approvers = b % 3 === 0 ? sample.approvers : world.migration.approvers.filter((_, index) => index !== a % 3);
    const fileHash = b % 2 === 0 ? world.migration.fileHash : String(b % 10).repeat(64);
    if (approvers.length > 0) world.migration = { ...world.migration, approvers, fileHash };
    for (const bot of world.bots) {
      if (bot.alive) world.crash(bot, randomFrom(a));
      world.restart(bot);
    }
    await world.settle();
    return `the file names ${approvers.map(({ name }) => name).join(', ')}${b % 2 === 0 ? '' : ' and is another'}; both start anew`;
  },
  async tamper(world, a, b) {
    const { entries, did } = tampered(world.memory.ledger, a, b);
    const last = world.memory.ledger.at(-1);
    const head = entries.at(-1);
    const noticed = firstBreak(entries) !== null || head?.seq !== last?.seq || head?.hash !== last?.hash;
    if (did !== null && !noticed) world.wrong.push(`7 the ledger shows tampering: somebody ${did}, and nothing noticed`);
    return `somebody ${did ?? 'has nothing to tamper with'}`;
  },
} as const satisfies Record<string, Do>;
