import { createDueQueue, type Due } from './due-queue.ts';

/** What the clock door answers: `now` in ms since the Unix epoch, `rate` in virtual seconds a real second, `version` counts the moves. */
export interface ClockReading {
  now: number;
  iso: string;
  rate: number;
  version: number;
}

/** Exactly one way to move the clock. */
export type ClockChange = { advanceSeconds: number } | { to: string } | { rate: number };

/** Thrown for a move the clock refuses; the message says why and is fit for a 400 answer. */
export class ClockError extends Error {}

export interface VirtualClock {
  now: () => number;
  read: () => ClockReading;
  /** Moves the clock and runs everything that became due, in order; throws ClockError for a move backwards or a senseless value. */
  move: (change: ClockChange) => ClockReading;
  /** Resolves once the version is above `since`, or with the present reading when `signal` aborts. */
  changed: (since: number, signal?: AbortSignal) => Promise<ClockReading>;
  /** Runs `run` when virtual time reaches `instant`; answers a function that cancels it. */
  at: (instant: number, run: () => void) => () => void;
}

const LONGEST_TIMER = 2_000_000_000; // setTimeout overflows above 2^31 ms
const FASTEST = 600;

/** A clock that runs from `start` at `rate` virtual seconds a real second and can be moved forward by hand. */
export function createVirtualClock(start: number, resume: { rate?: number; version?: number } = {}): VirtualClock {
  let base = start;
  let anchor = performance.now();
  let rate = resume.rate ?? 1;
  let version = resume.version ?? 1;
  let pinned: number | null = null;
  let timer: NodeJS.Timeout | undefined;
  const dues = createDueQueue();
  const watchers = new Set<() => void>();

  function now(): number {
    return pinned ?? Math.floor(base + (performance.now() - anchor) * rate);
  }
  function read(): ClockReading {
    const instant = now();
    return { now: instant, iso: new Date(instant).toISOString(), rate, version };
  }
  // Each callback sees the instant it was due at, so that what it schedules in turn still falls inside the same jump.
  function runUntil(end: number, from: number): void {
    let seen = from;
    for (let due = dues.first(); due && due.instant <= end; due = dues.first()) {
      dues.remove(due);
      seen = Math.max(seen, due.instant);
      pinned = seen;
      try {
        due.run();
      } finally {
        pinned = null;
      }
    }
  }
  function arm(): void {
    clearTimeout(timer);
    const due = dues.first();
    if (!due || rate === 0) return;
    const wait = Math.max(0, Math.ceil((due.instant - now()) / rate));
    timer = setTimeout(tick, Math.min(wait, LONGEST_TIMER));
    timer.unref();
  }
  function tick(): void {
    const end = now();
    runUntil(end, end);
    arm();
  }
  function target(change: ClockChange): { end: number; rate: number } {
    if ('advanceSeconds' in change) return { end: now() + change.advanceSeconds * 1000, rate };
    if ('to' in change) return { end: Date.parse(change.to), rate };
    return { end: now(), rate: change.rate };
  }
  function move(change: ClockChange): ClockReading {
    if (pinned !== null) throw new ClockError('the clock is being moved already');
    const before = now();
    const goal = target(change);
    if (!Number.isFinite(goal.end) || goal.end > 8.64e15) throw new ClockError('the new time is not a date the clock can show');
    if (goal.end < before) throw new ClockError(`the clock never goes backwards: it shows ${new Date(before).toISOString()}`);
    if (!(goal.rate >= 0 && goal.rate <= FASTEST)) throw new ClockError(`the rate must be a number from 0 to ${FASTEST}`);
    runUntil(goal.end, before);
    base = goal.end;
    anchor = performance.now();
    rate = goal.rate;
    version += 1;
    arm();
    for (const wake of watchers) wake();
    return read();
  }
  function changed(since: number, signal?: AbortSignal): Promise<ClockReading> {
    if (version > since || signal?.aborted) return Promise.resolve(read());
    return new Promise((resolve) => {
      function wake(): void {
        if (version <= since && !signal?.aborted) return;
        watchers.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve(read());
      }
      watchers.add(wake);
      signal?.addEventListener('abort', wake);
    });
  }
  function at(instant: number, run: () => void): () => void {
    const due: Due = { instant, run };
    dues.add(due);
    if (pinned === null) arm();
    return () => {
      dues.remove(due);
    };
  }
  return { now, read, move, changed, at };
}
