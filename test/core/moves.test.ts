import { MINUTE } from '../../core/instant.ts';
import { nextMoves } from '../../core/moves.ts';
import type { Plan } from '../../core/plan.ts';
import type { Run } from '../../core/run.ts';
import { advance, waitingRun } from '../../core/run.ts';
import type { Hold } from '../../core/sign-off.ts';
import { NOW, person, planOf } from '../support/facts.ts';
import { begun, eventOf, stopEvent, work } from './run-play.ts';

const limited = (count: number, limits: Partial<Plan['limits']>): Plan => {
  const plan = planOf(count);
  return { ...plan, limits: { ...plan.limits, ...limits } };
};
const hold = (targetId: string): Hold => ({ targetId, by: person(3), at: NOW, reason: '' });
const opened = (plan: Plan, run: Run, at = NOW) => nextMoves(plan, run, at).flatMap((move) => (move.do === 'open' ? [move.targetId] : []));
/** Works until a wave begins. */
function until(plan: Plan, wave: number): Run {
  let run = begun(plan);
  while (run.wave < wave) for (const move of nextMoves(plan, run, NOW + 1)) run = advance(plan, run, eventOf(move, 'good', NOW + 1));
  return run;
}

describe('the next wave', () => {
  const plan = planOf(6);

  it('opens nothing before it was looked at again', () => {
    const run = until(plan, 1);
    expect(nextMoves(plan, run, NOW + 1)).toEqual([{ do: 'clear-wave', wave: 1 }]);
    const cleared = advance(plan, run, { type: 'wave-cleared', at: NOW + 1, wave: 1, dropped: [] });
    expect(opened(plan, cleared)).toEqual(['/t/2', '/t/3']);
  });

  it('leaves out what is no longer wanted, and stops when that is too much', () => {
    const drops = (ids: readonly string[]) => ids.map((targetId) => ({ targetId, because: 'not wanted' }));
    const one = advance(plan, until(plan, 1), { type: 'wave-cleared', at: NOW, wave: 1, dropped: drops(['/t/2']) });
    expect(opened(plan, one)).toEqual(['/t/3']);
    const strict = limited(6, { maxDroppedShare: 0.3 });
    const two = advance(strict, until(strict, 1), { type: 'wave-cleared', at: NOW, wave: 1, dropped: drops(['/t/2', '/t/3']) });
    expect(two).toMatchObject({ state: 'finished', verdict: 'stopped', targets: { '/t/4': { status: 'untouched' } } });
  });

  it('is not cleared by a late word about another wave, nor after a stop', () => {
    const run = until(plan, 1);
    expect(advance(plan, run, { type: 'wave-cleared', at: NOW, wave: 0, dropped: [] })).toBe(run);
    const over = advance(plan, run, stopEvent());
    expect(advance(plan, over, { type: 'wave-cleared', at: NOW, wave: 1, dropped: [] })).toBe(over);
  });

  it('waits for the soak after another ring, and only then', () => {
    const rings = limited(6, { soakMinutes: 30 });
    const soaking = { ...rings, waves: rings.waves.map((wave, index) => ({ ...wave, ring: index < 2 ? 'canary' : 'broad' })) };
    expect(until(soaking, 1).waveFrom).toBe(NOW + 1);
    const second = until(soaking, 2);
    expect(second.waveFrom).toBe(NOW + 1 + 30 * MINUTE);
    expect(nextMoves(soaking, second, second.waveFrom - 1)).toEqual([]);
    expect(nextMoves(soaking, second, second.waveFrom)).toEqual([{ do: 'clear-wave', wave: 2 }]);
    expect(work(soaking, begun(soaking)).run).toMatchObject({ verdict: 'complete', endedAt: expect.any(Number) });
    expect(work(soaking, begun(soaking)).run.endedAt).toBeGreaterThan(NOW + 30 * MINUTE);
  });
});

describe('a held target', () => {
  const plan = planOf(4);

  it('never begins, when it was held before the start', () => {
    const waiting = waitingRun(plan, 'h', NOW, [hold('/t/1')]);
    const { run, sent } = work(plan, waiting);
    expect(sent.filter((line) => line.startsWith('/t/1 '))).toEqual([]);
    expect(run).toMatchObject({
      verdict: 'partly',
      targets: { '/t/1': { status: 'held', note: 'held by Person 3' }, '/t/3': { status: 'verified' } },
    });
  });

  it('never begins, when it is held while the run goes on', () => {
    const held = advance(plan, begun(plan), { type: 'hold', hold: hold('/t/3') });
    const { run, sent } = work(plan, held);
    expect(sent.filter((line) => line.startsWith('/t/3 '))).toEqual([]);
    expect(run).toMatchObject({ verdict: 'partly', targets: { '/t/2': { status: 'verified' }, '/t/3': { status: 'held' } } });
  });

  it('can be held while the run still waits', () => {
    const held = advance(plan, waitingRun(plan, 'h', NOW, []), { type: 'hold', hold: hold('/t/0') });
    expect(work(plan, held).sent.some((line) => line.startsWith('/t/0 '))).toBe(false);
  });

  it('goes on when it has begun already', () => {
    const run = advance(plan, begun(plan), { type: 'intent', at: NOW, targetId: '/t/0', callId: 'set' });
    expect(advance(plan, run, { type: 'hold', hold: hold('/t/0') })).toBe(run);
  });

  it('does not count where dropped ones are counted', () => {
    const waiting = waitingRun(plan, 'h', NOW, [hold('/t/0'), hold('/t/1')]);
    const dropped = (ids: readonly string[]) => ({
      type: 'begun' as const,
      at: NOW,
      dropped: ids.map((targetId) => ({ targetId, because: '' })),
    });
    // Half of the two that are left: not more than half.
    expect(advance(plan, waiting, dropped(['/t/2'])).state).toBe('running');
    expect(advance(plan, waiting, dropped(['/t/2', '/t/3'])).verdict).toBe('voided');
    const strict = limited(4, { maxDroppedShare: 0.3 });
    expect(advance(strict, waitingRun(strict, 'h', NOW, []), dropped(['/t/2'])).state).toBe('running');
    expect(advance(strict, waitingRun(strict, 'h', NOW, [hold('/t/0'), hold('/t/1')]), dropped(['/t/2'])).verdict).toBe('voided');
  });

  it('voids the run when all are held, and says so', () => {
    const waiting = waitingRun(
      plan,
      'h',
      NOW,
      plan.targets.map(({ id }) => hold(id)),
    );
    expect(advance(plan, waiting, { type: 'begun', at: NOW, dropped: [] })).toMatchObject({
      verdict: 'voided',
      stop: { reason: 'every target was held out of it' },
    });
  });
});

describe('the share of a wave that may fail', () => {
  const plan: Plan = {
    ...limited(8, { maxFailedShare: 0.25, stopAfterFailures: 9, concurrency: 1 }),
    waves: [{ name: 'all', ring: 'canary', targetIds: planOf(8).targets.map(({ id }) => id) }],
  };

  it('ends the run when more failed, and no sooner', () => {
    const fails = (bad: readonly string[]) => work(plan, begun(plan), { fate: (id) => (bad.includes(id) ? 'change-fails' : 'good') });
    expect(fails(['/t/0', '/t/1']).run).toMatchObject({ verdict: 'partly', targets: { '/t/7': { status: 'verified' } } });
    expect(fails(['/t/0', '/t/1', '/t/2']).run).toMatchObject({ verdict: 'halted', targets: { '/t/3': { status: 'untouched' } } });
  });
});

describe('targets that are kept apart', () => {
  const set = (targetIds: readonly string[], plan: Plan): Plan => ({
    ...plan,
    targets: plan.targets.map((target) => ({ ...target, apartFrom: targetIds.includes(target.id) ? '/sets/1' : null })),
  });
  const plan = set(['/t/0', '/t/1', '/t/3'], {
    ...limited(4, { concurrency: 4 }),
    waves: [{ name: 'all', ring: 'canary', targetIds: planOf(4).targets.map(({ id }) => id) }],
  });

  it('are worked on one after the other, while the others go on', () => {
    expect(opened(plan, begun(plan))).toEqual(['/t/0', '/t/2']);
    const first = advance(plan, begun(plan), { type: 'intent', at: NOW, targetId: '/t/0', callId: 'set' });
    expect(opened(plan, first)).toEqual(['/t/2']);
    expect(work(plan, begun(plan)).run.verdict).toBe('complete');
  });
});
