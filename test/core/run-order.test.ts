import fc from 'fast-check';
import type { Move } from '../../core/moves.ts';
import { nextMoves } from '../../core/moves.ts';
import type { Plan } from '../../core/plan.ts';
import type { Run, RunEvent } from '../../core/run.ts';
import { advance, hasEnded, isUnderWay, waitingRun } from '../../core/run.ts';
import { halfWay, NOW, person, planOf } from '../support/facts.ts';
import { eventOf, FATES, isMakeSafe, stopEvent } from './run-play.ts';

/** Six half-way targets: two rings, the first four in two availability sets. */
function planWith(concurrency: number, stopAfterFailures: number, waveSize: number): Plan {
  const plan = halfWay(planOf(6));
  const sets = ['/sets/1', '/sets/1', '/sets/2', '/sets/2', null, null];
  const ids = plan.targets.map(({ id }) => id);
  const waves = Array.from({ length: 6 / waveSize }, (_, index) => ({
    name: `${index}`,
    ring: index === 0 ? 'canary' : 'broad',
    targetIds: ids.slice(index * waveSize, (index + 1) * waveSize),
  }));
  const limits = { ...plan.limits, concurrency, stopAfterFailures, maxDroppedShare: 0.4, soakMinutes: 1 };
  return { ...plan, limits, waves, targets: plan.targets.map((target, index) => ({ ...target, apartFrom: sets[index]! })) };
}

const CALLS = ['set', 'probe', 'safe', 'safe-probe', null];
const step = fc.record({
  do: fc.constantFrom('poll', 'poll', 'finish', 'finish', 'finish', 'finish', 'late', 'stop', 'hold', 'drop', 'wait'),
  which: fc.nat({ max: 60 }),
  fate: fc.constantFrom('good', 'good', 'good', ...FATES),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A worker whose moves finish in any order, among late answers, stops, holds and drops; every state it comes to. */
function states(plan: Plan, steps: readonly Step[]): readonly Run[] {
  let run: Run = waitingRun(plan, 'h', NOW, []);
  let at = NOW;
  const seen = [run];
  const underWay = new Map<string, Move>();
  const poll = () => {
    for (const move of nextMoves(plan, run, at)) {
      const key = 'targetId' in move ? move.targetId : 'run';
      if (!underWay.has(key)) underWay.set(key, move);
    }
  };
  const take = (event: RunEvent) => {
    run = advance(plan, run, event);
    seen.push(run);
  };
  const finish = (which: number, fate: Step['fate']) => {
    const key = [...underWay.keys()][which % Math.max(underWay.size, 1)];
    if (key === undefined) return;
    take(eventOf(underWay.get(key) as Move, fate, at));
    underWay.delete(key);
  };
  const seldom = (which: number, event: RunEvent) => {
    if (which % 5 === 0) take(event);
  };
  const target = (which: number) => plan.targets[which % plan.targets.length]!.id;
  const does: Record<Step['do'], (one: Step) => void> = {
    poll,
    finish: ({ which, fate }) => finish(which, fate),
    late: ({ which, fate }) => take(lateEvent(target(which), CALLS[which % CALLS.length] as string | null, fate, which)),
    stop: ({ which }) => seldom(which, stopEvent(at)),
    hold: ({ which }) => seldom(which, { type: 'hold', hold: { targetId: target(which), by: person(3), at, reason: '' } }),
    drop: ({ which }) => seldom(which, { type: 'drop', at, targetId: target(which), because: 'changed' }),
    wait: () => {
      at += 20_000;
    },
  };
  for (const one of steps) does[one.do](one);
  for (let round = 0; round < 400 && run.state !== 'finished'; round += 1) {
    at += 5_000;
    poll();
    finish(round, 'good');
  }
  return seen;
}

/** An answer that nobody waits for any more, or that fits by chance. An intent is committed by the worker alone. */
function lateEvent(targetId: string, callId: string | null, fate: Step['fate'], which: number): RunEvent {
  const common = { at: NOW, targetId, note: 'late' };
  if (callId === null || which % 3 === 0) return { type: 'proof', ...common, callId, result: fate === 'good' ? 'verified' : 'mismatch' };
  if (which % 3 === 1) return { type: 'settled', ...common, callId, result: fate === 'good' ? 'done' : 'failed' };
  return { type: 'ambiguous', ...common, callId, givenUp: which % 2 === 0 };
}

const material = fc.tuple(
  fc.integer({ min: 1, max: 4 }),
  fc.integer({ min: 1, max: 6 }),
  fc.constantFrom(2, 3, 6),
  fc.array(step, { minLength: 20, maxLength: 80, size: 'max' }),
);

describe('whatever the order in which things happen', () => {
  it('a run keeps to its limits, begins nothing after a stop, leaves nobody half-way, and ends', () => {
    const met = { stop: 0, owed: 0, restored: 0, held: 0 };
    fc.assert(
      fc.property(material, ([concurrency, stopAfterFailures, waveSize, steps]) => {
        const plan = planWith(concurrency, stopAfterFailures, waveSize);
        const seen = states(plan, steps);
        seen.forEach((run, index) => {
          check(plan, run, seen[index - 1] ?? run);
          if (Object.values(run.targets).some(({ safety }) => safety === 'owed')) met.owed += 1;
        });
        const end = seen.at(-1)!;
        expect(end.state).toBe('finished');
        expect(Object.values(end.targets).filter((progress) => !hasEnded(progress))).toEqual([]);
        if (end.verdict === 'stopped') met.stop += 1;
        for (const { safety, status } of Object.values(end.targets)) {
          if (safety === 'restored') met.restored += 1;
          if (status === 'held') met.held += 1;
        }
      }),
      { numRuns: 3_000 },
    );
    for (const times of Object.values(met)) expect(times).toBeGreaterThan(30);
  });
});

/** Thrown rather than expected: it is asked some hundred thousand times. */
function check(plan: Plan, run: Run, before: Run): void {
  const underWay = plan.targets.filter(({ id }) => isUnderWay(run.targets[id]!));
  if (underWay.length > plan.limits.concurrency) throw new Error(`${underWay.length} are under way`);
  const sets = underWay.flatMap(({ apartFrom }) => apartFrom ?? []);
  if (new Set(sets).size !== sets.length) throw new Error('two of one availability set are under way');
  for (const { id } of plan.targets) {
    const [was, is] = [before.targets[id]!, run.targets[id]!];
    if (hasEnded(was) && is !== was) throw new Error(`${id} had ended and changed`);
    if (before.stop && is.open && is.open !== was.open && is.safety !== 'owed') throw new Error(`${id} was begun after a stop`);
    if (run.state === 'finished' && is.safety === 'owed') throw new Error(`the run ended while ${id} is half-way`);
  }
  const late = run.stop ? nextMoves(plan, run, NOW + 9e9).find((move) => move.do === 'open' && !isMakeSafe(move)) : undefined;
  if (late) throw new Error('a stopped run would open something new');
}
