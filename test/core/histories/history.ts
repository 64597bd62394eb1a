import { SECOND } from '../../../core/instant.ts';
import { firstBreak } from '../../../core/ledger.ts';
import type { Plan } from '../../../core/plan.ts';
import { planHash } from '../../../core/plan.ts';
import type { Command } from './commands.ts';
import { beat, commands, everybodyUp } from './commands.ts';
import { calls } from './invariants/calls.ts';
import { ended } from './invariants/ended.ts';
import type { Invariant } from './invariants/invariant.ts';
import { owned } from './invariants/owned.ts';
import { presses } from './invariants/presses.ts';
import { proven } from './invariants/proven.ts';
import { safe } from './invariants/safe.ts';
import { signed } from './invariants/signed.ts';
import type { Setup } from './material.ts';
import type { Commit } from './memory.ts';
import { World } from './world.ts';

export const invariants: readonly Invariant[] = [...signed, ...calls, ...ended, ...proven, ...safe, ...owned, ...presses];

/** A world's life: its set-up and the commands, in order. */
export interface History {
  readonly setup: Setup;
  readonly commands: readonly Command[];
}

export interface Played {
  readonly world: World;
  /** What each command came to, in words. */
  readonly told: readonly string[];
  /** The invariant that broke and how; null when none did. */
  readonly broken: string | null;
}

/** Plays a history: every invariant after every command, and after the last one everything must come to an end. */
export async function play({ setup, commands: steps }: History): Promise<Played> {
  const world = new World(setup);
  const told: string[] = [];
  const check = checker(world);
  for (const [does, a, b, c] of steps) {
    told.push(`${does}: ${await commands[does](world, a, b, c)}`);
    const broken = check();
    if (broken) return { world, told, broken };
  }
  const broken = await comesToAnEnd(world, check);
  return { world, told, broken };
}

/** Every hash made anew, of the plans and of the ledger: too slow for every history. */
export function hashesBroken({ memory }: World): string | null {
  const broken = firstBreak(memory.ledger);
  if (broken) return `7 the ledger’s chain holds from its first entry: ${broken.because}`;
  for (const [hash, { plan }] of memory.plans) {
    if (planHash(plan) !== hash) return `1 the plan that runs is the one that was signed: ${plan.id} has another hash`;
    const fields = Object.keys(plan);
    const field = fields[memory.ledger.length % fields.length]!;
    const other = { ...plan, [field]: 'something else' } as unknown as Plan;
    if (planHash(other) === hash) return `1 the hash covers every field of a plan: not ${field}`;
  }
  return null;
}

/** What a bot may say that lost its run to another. */
const EXPECTED = /took over/;

/** Checks every transaction as it is committed, and what was sent since; a second look after the command. */
function checker(world: World): () => string | null {
  let sent = 0;
  const look = (commits: readonly Commit[]) => {
    const news = { commits, sendings: world.sendings.slice(sent) };
    sent = world.sendings.length;
    for (const invariant of invariants) {
      const how = invariant.broken(world, news);
      if (how) world.wrong.push(`${invariant.name}: ${how}`);
    }
  };
  world.onCommit = (commit) => look([commit]);
  return () => {
    look([]);
    const surprise = world.errors.find((error) => !EXPECTED.test(error));
    if (surprise) world.wrong.push(`0 no flow breaks: ${surprise}`);
    return world.wrong[0] ?? null;
  };
}

/** Rounds of 40 s: time for every call of every plan to time out one after the other. */
const ROUNDS = 200;

/** The faults stop: both bots are up, all questions are answered truly, the clock goes on. */
async function comesToAnEnd(world: World, check: () => string | null): Promise<string | null> {
  await everybodyUp(world);
  for (let round = 0; round < 2 * ROUNDS && unended(world).length > 0; round += 1) {
    await world.tick(round === ROUNDS ? 90_000 : untilSomethingIsDue(world));
    for (const bot of world.bots) await beat(world, bot);
    await world.answerAll(() => 0);
    const broken = check();
    if (broken) return `${broken} (after the faults had stopped)`;
  }
  const [left] = unended(world);
  return left ? `15 everything accepted reaches an announced end: ${left}` : null;
}

/** Seconds to go on by: little while something is under way, else to the next time at which something may begin or end. */
function untilSomethingIsDue({ memory, migration, now }: World): number {
  if ([...memory.runs.values()].some(({ run }) => run.state !== 'finished')) return 40;
  const waiting = [...memory.plans.values()].filter(({ signOff }) => signOff.state === 'approved' && !signOff.begun);
  const times = [
    ...waiting.flatMap(({ signOff }) => [signOff.startsAt ?? 0, signOff.expiresAt]),
    ...migration.freezes.map(({ until }) => until),
  ];
  const next = Math.min(...times.filter((time) => time > now));
  return waiting.length === 0 || next > now + 90_000 * SECOND ? 90_000 : Math.max(1, Math.ceil((next - now) / SECOND));
}

function unended({ memory }: World): string[] {
  return [...memory.plans.values()].flatMap(({ hash, plan, signOff }) => {
    const run = memory.runs.get(hash)?.run;
    const told = (key: string) => [...memory.outbox.values()].filter((message) => message.key.startsWith(`${key}:${hash}`)).length;
    if (signOff.state === 'pending' || (signOff.state === 'approved' && !signOff.begun)) return [`${plan.id} is still ${signOff.state}`];
    if (signOff.state !== 'approved') return told('sign-off-news') > 0 ? [] : [`the end of ${plan.id} (${signOff.state}) is not announced`];
    if (run?.state !== 'finished') return [`the run of ${plan.id} is still ${run?.state ?? 'missing'}`];
    const ends = memory.ledger.filter(({ kind, subject }) => kind === 'run-ended' && subject === hash).length;
    return told('run-news') === 1 && ends === 1
      ? []
      : [`the end of the run of ${plan.id} is announced ${told('run-news')} times, recorded ${ends} times`];
  });
}
