import { beginRuns } from '../../bot/flows/runs/begin-runs.ts';
import { hasEnded } from '../../core/run.ts';
import type { Bench, BenchRow } from './bench.ts';
import { median, percentile } from './numbers.ts';
import { type OutsideProcess, startOutsideProcess } from './outside-process.ts';
import { lastInLog, readRunLog } from './run-log.ts';
import type { RunWorld } from './run-world.ts';
import { startRunWorld } from './run-world.ts';
import { takeTime, type VirtualTime } from './virtual-time.ts';

/** How often the flows look at the clock, as the bot's own duties do. */
const TICK_MS = 500;
/** Steps of the clock while there is something to do, and while everybody waits. Virtual ms. */
const STEP_MS = 500;
const WAITING_STEP_MS = 5_000;
/** A run that is not at its end after this (virtual) is said not to end. */
const LONGEST_MS = 24 * 3_600_000;
const VOTES = 60;
/** With less writing than this the burst that limits allow at the beginning decides the rate. Virtual seconds. */
const STEADY_SECONDS = 600;

const FAULTS = [
  { match: { server: 'azure' }, fault: { status: 429, retryAfter: 2, code: 'TooManyRequests' }, rate: 0.3 },
  { match: { server: 'azure' }, fault: { reset: true }, rate: 0.05 },
];

/** A probe of a whole estate as fast as Azure's limits allow, with people voting on another plan meanwhile. */
export const run: Bench = runBench([]);

/** The same while Azure answers three in ten requests with 429 and cuts one connection in twenty. */
export const runWithFaults: Bench = runBench(FAULTS);

function runBench(faults: readonly object[]): Bench {
  return {
    sizes: [300],
    async *rows(machines) {
      const outside = await startOutsideProcess(machines);
      const time = await takeTime(outside);
      const world = await startRunWorld(outside, time);
      try {
        yield* measure(machines, outside, time, world, faults);
      } finally {
        await world.end();
        await outside.end();
      }
    },
  };
}

async function* measure(
  machines: number,
  outside: OutsideProcess,
  time: VirtualTime,
  world: RunWorld,
  faults: readonly object[],
): AsyncIterable<BenchRow> {
  const row = (what: string, measured: number, unit: BenchRow['unit'], target: number | null = null): BenchRow => ({
    machines,
    what,
    measured,
    unit,
    target,
    beside: null,
  });
  const plan = await world.request();
  await world.sign(plan.hash);
  // Only now: one that still waited would be replaced by a request for the same.
  const other = await world.request();
  const since = await lastInLog(outside);
  for (const fault of faults) await outside.send('POST', '/_faults', fault);
  const from = performance.now();
  await untilBegun(world, time, plan.hash);
  const votes = await voteMeanwhile(world, time, other.hash);
  await untilEnded(world, time, plan.hash);
  const seconds = (performance.now() - from) / 1000;
  const { ended, total, verified } = await ends(world, plan.hash);
  const seen = await readRunLog(outside, since);

  yield row('targets of the plan', total, '');
  yield { ...row('machines at an announced end', (100 * ended) / total, '%', 100), atLeast: true };
  yield row('machines proven', (100 * verified) / total, '%');
  yield row('requests to Azure', seen.requests, '');
  yield row('429s that were planted', seen.planted, '');
  yield row('429s that could have been avoided', seen.avoidable, '', 0);
  if (faults.length === 0 && seen.leastSeconds > 0) {
    const rate = row('rate, of what the limits allow', (100 * seen.leastSeconds) / seen.writingSeconds, '%');
    yield seen.leastSeconds < STEADY_SECONDS ? rate : { ...rate, target: 95, atLeast: true };
  }
  yield row('from the first write to the last, virtual', seen.writingSeconds, 's');
  yield row('vote acknowledged meanwhile, median', median(votes), 'ms', 300);
  yield row('vote acknowledged meanwhile, p99', percentile(votes, 0.99), 'ms', 2_000);
  yield row('the whole run, real', seconds, 's');
  yield row('errors logged', world.errors.length, '', faults.length === 0 ? 0 : null);
  for (const error of new Set(world.errors.slice(0, 5))) console.error(error);
}

async function untilBegun(world: RunWorld, time: VirtualTime, hash: string): Promise<void> {
  await time.advance((world.context.migration.graceMinutes + 1) * 60_000);
  await beginRuns(world.context);
  await stepUntil(world, time, async () => (await stateOf(world, hash)).state === 'running');
}

async function untilEnded(world: RunWorld, time: VirtualTime, hash: string): Promise<void> {
  await stepUntil(world, time, async () => (await stateOf(world, hash)).state === 'finished');
}

async function stepUntil(world: RunWorld, time: VirtualTime, done: () => Promise<boolean>): Promise<void> {
  const until = time.clock.now() + LONGEST_MS;
  const work = oneAtATime(world);
  while (time.clock.now() < until && !(await done())) {
    const before = time.outside();
    // Not waited for: what it began may itself wait for the clock.
    work();
    await time.quiet();
    await time.advance(time.outside() === before ? WAITING_STEP_MS : STEP_MS);
  }
}

/** While votes are measured the clock runs as clocks do: then the store has as much to do as it would have. */
async function voteMeanwhile(world: RunWorld, time: VirtualTime, hash: string): Promise<readonly number[]> {
  await time.run(1);
  const timer = setInterval(oneAtATime(world), TICK_MS);
  const votes: number[] = [];
  for (let nth = 0; nth < VOTES; nth += 1) {
    votes.push(await world.press(nth % 2 === 0 ? 'approve' : 'take-back', hash));
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  clearInterval(timer);
  await time.run(0);
  return votes;
}

/** As the bot's own duties do it: never twice at once, and an error ends nothing. */
function oneAtATime(world: RunWorld): () => void {
  let working = false;
  async function work(): Promise<void> {
    working = true;
    try {
      await world.runs.work();
    } catch (error) {
      world.context.log.error('working on runs', { error: String(error) });
    } finally {
      working = false;
    }
  }
  return () => {
    if (!working) void work();
  };
}

async function stateOf({ context }: RunWorld, hash: string) {
  const record = await context.store.transact((tx) => tx.run(hash));
  if (!record) throw new Error('The signed plan did not begin.');
  return record.run;
}

async function ends(world: RunWorld, hash: string) {
  const targets = Object.values((await stateOf(world, hash)).targets);
  return {
    total: targets.length,
    ended: targets.filter(hasEnded).length,
    verified: targets.filter(({ status }) => status === 'verified').length,
  };
}
