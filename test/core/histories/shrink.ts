import type { History } from './history.ts';
import { play } from './history.ts';

/** As many histories are played at most to find a shorter one. */
const TRIES = 600;

/** A shorter history that breaks the same invariant: pieces are left out, ever smaller ones, for as long as it still breaks. */
export async function shrink(history: History, invariant: string): Promise<History> {
  let best = history;
  let tries = 0;
  for (let size = Math.ceil(best.commands.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.commands.length && tries < TRIES; ) {
      const shorter = { ...best, commands: best.commands.toSpliced(from, size) };
      tries += 1;
      if ((await play(shorter)).broken?.startsWith(invariant)) best = shorter;
      else from += size;
    }
  }
  return best;
}
