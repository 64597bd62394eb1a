import type { Clock } from '../../core/ports.ts';
import type { OutsideProcess } from './outside-process.ts';

/** The pretend outside's clock in our hands, and everything that waits on it. */
export interface VirtualTime {
  clock: Clock;
  /** Waits for that much virtual time. */
  pause(ms: number): Promise<void>;
  /** Counts work: the clock is not moved by `tick` before all of it has ended or pauses. */
  busy<T>(work: () => Promise<T>, where: 'inside' | 'outside'): Promise<T>;
  /** Lets everything that can go on come to its end or to a pause. */
  quiet(): Promise<void>;
  /** Moves on by that much. */
  advance(ms: number): Promise<void>;
  /** From now on at this many virtual seconds a real second. */
  run(rate: number): Promise<void>;
  /** How many requests to the outside have begun so far. */
  outside(): number;
}

interface Sleeper {
  until: number;
  wake(): void;
}

/** Takes the clock over: it stands still until it is told to move. Between its moves nothing is late, however slow this host is. */
export async function takeTime(outside: OutsideProcess): Promise<VirtualTime> {
  let base = await move({ rate: 0 });
  let anchor = performance.now();
  let rate = 0;
  let active = 0;
  let outsideBegun = 0;
  let sleepers: Sleeper[] = [];
  let idle: (() => void)[] = [];

  async function move(change: object): Promise<number> {
    const reply = await outside.send('POST', '/_clock', change);
    if (reply.status !== 200) throw new Error(`The clock answered ${reply.status}: ${reply.text.slice(0, 200)}`);
    return (JSON.parse(reply.text) as { now: number }).now;
  }
  const now = () => Math.floor(base + (performance.now() - anchor) * rate);
  function enter(): void {
    active += 1;
  }
  function leave(): void {
    active -= 1;
    if (active > 0) return;
    for (const wake of idle) wake();
    idle = [];
  }
  function wakeSleepers(): void {
    const instant = now();
    const due = sleepers.filter(({ until }) => until <= instant);
    sleepers = sleepers.filter(({ until }) => until > instant);
    for (const sleeper of due) sleeper.wake();
  }
  setInterval(() => rate > 0 && wakeSleepers(), 20).unref();

  async function settled(next: Promise<number>): Promise<void> {
    base = await next;
    anchor = performance.now();
    wakeSleepers();
  }
  return {
    clock: { now },
    outside: () => outsideBegun,
    pause: (ms) =>
      new Promise((resolve) => {
        const wake = () => {
          enter();
          resolve();
        };
        sleepers.push({ until: now() + ms, wake });
        leave();
      }),
    async busy(work, where) {
      enter();
      if (where === 'outside') outsideBegun += 1;
      try {
        return await work();
      } finally {
        leave();
      }
    },
    async quiet() {
      for (let calm = 0; calm < 3; ) {
        if (active > 0) await new Promise<void>((resolve) => idle.push(resolve));
        await new Promise((resolve) => setImmediate(resolve));
        calm = active > 0 ? 0 : calm + 1;
      }
    },
    advance: (ms) => settled(move({ advanceSeconds: ms / 1000 })),
    async run(next) {
      await settled(move({ rate: next }));
      rate = next;
    },
  };
}
