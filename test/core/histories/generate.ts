import type { Command } from './commands.ts';
import type { History } from './history.ts';
import { randomFrom } from './random.ts';

/** How often each command occurs. */
const weights: Readonly<Record<Command[0], number>> = {
  ask: 3,
  look: 4,
  press: 9,
  sign: 7,
  keep: 3,
  deliver: 3,
  duplicate: 3,
  stop: 2,
  tick: 9,
  beat: 9,
  answer: 12,
  go: 9,
  crash: 2,
  restart: 3,
  freeze: 2,
  thaw: 3,
  change: 1,
  leave: 1,
  fail: 1,
  lie: 1,
  policy: 1,
  hold: 2,
  frost: 1,
  follow: 1,
  calm: 0,
  tamper: 1,
};

const deck = Object.entries(weights).flatMap(([does, weight]) => Array.from({ length: weight }, () => does as Command[0]));
const TROUBLES = ['fail', 'lie', 'stop', 'hold', 'change', 'frost', 'crash'] as const;
const NUMBERS = 9_240; // divisible by every count the commands choose among

/** The history of a seed. It begins with a request, because nothing happens without one. */
export function historyOf(seed: number): History {
  const random = randomFrom(seed);
  const command = (does: Command[0]): Command => [does, random.below(NUMBERS), random.below(NUMBERS), random.below(NUMBERS)];
  const setup = {
    quorum: random.below(4) === 0 ? 1 : 2,
    concurrency: 1 + random.below(3),
    stopAfterFailures: 1 + random.below(3),
    maxFailedShare: random.below(2) === 0 ? 0.4 : 1,
    maxDroppedShare: random.below(2) === 0 ? 0.25 : 0.5,
    soakMinutes: random.below(2) === 0 ? 0 : 3,
    windowed: random.below(3) === 0,
  };
  const length = 6 + random.below(29);
  const rest = Array.from({ length }, () => command(deck[random.below(deck.length)]!));
  if (random.below(8) > 0) return { setup, commands: [command('ask'), ...rest] };
  // What follows a run needs one that has ended.
  const trouble = TROUBLES[random.below(TROUBLES.length)]!;
  const first = [...(['ask', 'sign', 'calm', 'go'] as const).slice(0, 2 + random.below(3)), trouble, 'calm'] as const;
  const second = ['follow', 'sign', 'calm'] as const;
  return { setup, commands: [...first.map(command), ...second.map(command), ...rest.slice(0, 8)] };
}
