import { setTimeout as sleep } from 'node:timers/promises';

/** How long the reader waits. Real time: sockets and quotas do not follow a rehearsal's clock. */
export interface Patience {
  /** One attempt of a read, in ms. */
  readonly readMs: number;
  /** One write, in ms; after it nobody knows. */
  readonly writeMs: number;
  /** Repeats of a read after the first attempt. */
  readonly repeats: number;
  /** A longer wait than this is not waited for: the read fails and says so. */
  readonly longestWaitMs: number;
  pause(ms: number): Promise<void>;
}

export const defaultPatience: Patience = {
  readMs: 20_000,
  writeMs: 30_000,
  repeats: 3,
  longestWaitMs: 10_000,
  pause: async (ms) => {
    await sleep(ms);
  },
};
