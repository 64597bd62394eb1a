import type { CollectedKind, Collection } from '../../../core/evidence.ts';
import type { Context } from '../context.ts';
import { readKind } from './read-kind.ts';

/** The readings of this process: of each kind at most one at a time, here and over all instances. */
export interface Readings {
  /** What a reading finds that begins after this call. */
  anew<K extends CollectedKind>(kind: K): Promise<Collection<K>>;
  /** What the reading finds that is under way here, or one that begins now. */
  shared<K extends CollectedKind>(kind: K): Promise<Collection<K>>;
  /** Begins a reading without waiting for it, unless one is under way, here or elsewhere. */
  begin(kind: CollectedKind): void;
  /** What is under way is left to its fate, and not kept. */
  end(): void;
}

type Reading = Promise<Collection<CollectedKind> | null>;

/** Makes the readings of a process that is called `owner`. */
export function createReadings(context: Context, owner: string): Readings {
  const running = new Map<CollectedKind, Reading>();
  const waiting = new Map<CollectedKind, Reading>();
  let ended = false;
  const reader = { owner, ended: () => ended };

  function start(kind: CollectedKind, patient: boolean): Reading {
    const reading: Reading = readKind(context, reader, kind, patient)
      .catch((error: unknown) => {
        if (!ended) context.log.error('collecting evidence', { kind, error: String(error) });
        throw error;
      })
      .finally(() => running.delete(kind));
    running.set(kind, reading);
    return reading;
  }

  /** The one under way may have asked before this question was put: one more is queued, shared by all who wait. */
  function next(kind: CollectedKind): Reading {
    const before = running.get(kind);
    if (!before) return start(kind, true);
    const queued =
      waiting.get(kind) ??
      before
        .catch(() => null)
        .then(() => {
          waiting.delete(kind);
          return running.get(kind) ?? start(kind, true);
        });
    waiting.set(kind, queued);
    return queued;
  }

  /** A reading that was only tried may find another instance at it: then it is this process's turn after that. */
  async function certain(first: Reading, kind: CollectedKind): Promise<Collection<CollectedKind>> {
    for (let reading = first; ; reading = next(kind)) {
      const found = await reading;
      if (found !== null) return found;
      if (ended) throw new Error(`the ${kind} was not read: the process is ending`);
    }
  }

  return {
    anew: <K extends CollectedKind>(kind: K) => certain(next(kind), kind) as Promise<Collection<K>>,
    shared: <K extends CollectedKind>(kind: K) => certain(running.get(kind) ?? start(kind, true), kind) as Promise<Collection<K>>,
    begin(kind) {
      if (running.has(kind)) return;
      start(kind, false).catch(() => null); // it is in the log, and tried again
    },
    end() {
      ended = true;
    },
  };
}
