import { z } from 'zod';
import { createVirtualClock, type VirtualClock } from './clock.ts';
import { createStateFile } from './persistence.ts';

const kept = z.object({ now: z.number(), rate: z.number(), version: z.number().int(), savedAt: z.number() });
const EVERY_MS = 5_000;
// A fast clock that was away for a night must not wake up years later.
const LONGEST_FAST_ABSENCE = 3 * EVERY_MS;

export interface KeptClock {
  clock: VirtualClock;
  close: () => void;
}

/** A virtual clock that survives a restart: it goes on from where it was, with the time it was away, so it never goes backwards. */
export function openClock(path: string, start: number | null): KeptClock {
  const file = createStateFile(path, () => {
    const { now, rate, version } = clock.read();
    return { now, rate, version, savedAt: Date.now() };
  });
  const old = kept.safeParse(file.load()).data;
  const clock = old ? resumed(old) : createVirtualClock(start ?? Date.now());
  file.save();
  const timer = setInterval(() => file.save(), EVERY_MS);
  timer.unref();
  return {
    clock: { ...clock, move: (change) => saved(clock.move(change)) },
    close() {
      clearInterval(timer);
      file.close();
    },
  };

  function saved<T>(value: T): T {
    file.save();
    return value;
  }
}

function resumed(old: z.infer<typeof kept>): VirtualClock {
  const away = Math.max(0, Date.now() - old.savedAt);
  const passed = old.rate > 1 ? Math.min(away, LONGEST_FAST_ABSENCE) : away;
  return createVirtualClock(old.now + passed * old.rate, { rate: old.rate, version: old.version + 1 });
}
