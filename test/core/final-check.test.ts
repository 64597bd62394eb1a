import { read, unread } from '../../core/evidence.ts';
import type { FinalState } from '../../core/final-check.ts';
import { beginFinal, finalCounts, isFinal, judgeFinal, kindsDue, takeLook } from '../../core/final-check.ts';
import { HOUR, MINUTE } from '../../core/instant.ts';
import type { FinalCheck, Plan } from '../../core/plan.ts';
import { NOW, planOf } from '../support/facts.ts';
import { begun, work } from './run-play.ts';

const check: FinalCheck = {
  describes: 'read it once more',
  evidence: 'security-settings',
  afterMinutes: 60,
  withinMinutes: 120,
  expect: [{ path: 'endpointProtection', equals: false, words: 'WDATP is off' }],
};

function planWith(...checks: readonly (FinalCheck | null)[]): Plan {
  const plan = planOf(checks.length);
  return { ...plan, targets: plan.targets.map((target, index) => ({ ...target, finalCheck: checks[index] ?? null })) };
}

/** The state right after all of a plan's targets were proven, but those that failed. */
function stateOf(plan: Plan, failed: readonly string[] = []): FinalState {
  const { run } = work(plan, begun(plan), { fate: (id) => (failed.includes(id) ? 'change-fails' : 'good') });
  return beginFinal(plan, { ...run, endedAt: NOW }) as FinalState;
}

const shows = (endpointProtection: boolean, at = NOW + 61 * MINUTE) => read({ endpointProtection }, 'test', at);
const judge = (plan: Plan, state: FinalState, at: number, found: ReturnType<typeof shows> | ReturnType<typeof unread> | null) =>
  judgeFinal(plan, state, () => found, at);
const resultsOf = (state: FinalState) => Object.values(state.targets).map(({ result }) => result);

describe('what waits for its final verification', () => {
  it('is every proven target with a check, and no other', () => {
    expect(Object.keys(stateOf(planWith(check, check, null, check), ['/t/0']).targets)).toEqual(['/t/1']);
  });

  it('is nothing when there is no check, or nothing was proven', () => {
    expect(stateOf(planWith(null, null))).toBeNull();
    expect(stateOf(planWith(check), ['/t/0'])).toBeNull();
  });
});

describe('a check of many', () => {
  const plan = planWith({ ...check, of: ['/m/a', '/m/b', '/m/c'] });
  const late = NOW + 120 * MINUTE;
  const seen = (id: string, off: readonly string[], blind: readonly string[]) =>
    blind.includes(id) ? unread('no answer', 'ask again', 'test', late) : shows(!off.includes(id), late);
  const judged = (off: readonly string[], blind: readonly string[] = [], at = late) =>
    judgeFinal(plan, stateOf(plan), (_kind, id) => seen(id, off, blind), at).state.targets['/t/0'];

  it('is confirmed when it holds of every one', () => {
    expect(judged(['/m/a', '/m/b', '/m/c'])).toMatchObject({ result: 'confirmed', note: '3 of 3 machines: WDATP is off' });
  });

  it('is contradicted by a single one, and names it', () => {
    expect(judged(['/m/a', '/m/c'])).toMatchObject({ result: 'contradicted', note: expect.stringMatching(/^1 of 3 machines: .*\(b\)$/) });
  });

  it('stays unknown while one could not be read', () => {
    expect(judged(['/m/a', '/m/b'], ['/m/c'])).toMatchObject({ result: 'unknown', note: '1 of 3 machines: no answer (c)' });
  });

  it('confirms nothing where there is nobody to look at', () => {
    const nobody = planWith({ ...check, of: [] });
    const { state } = judgeFinal(nobody, stateOf(nobody), () => shows(false, late), late);
    expect(state.targets['/t/0']).toMatchObject({ result: 'unknown' });
  });

  it('waits until its last minute for those that do not show it yet', () => {
    expect(judged([], [], NOW + 61 * MINUTE)).toMatchObject({ result: null });
  });
});

describe('a look', () => {
  const plan = planWith(check, { ...check, evidence: 'defender-plan', afterMinutes: 90, withinMinutes: 100 });
  const state = stateOf(plan);

  it('is not taken before its time', () => {
    expect(takeLook(plan, state, NOW + 60 * MINUTE - 1)).toBeNull();
    expect(takeLook(plan, state, NOW + 60 * MINUTE)).not.toBeNull();
  });

  it('reads only what is due', () => {
    expect(kindsDue(plan, state, NOW + 60 * MINUTE)).toEqual(['security-settings']);
    expect(kindsDue(plan, state, NOW + 90 * MINUTE)).toEqual(['security-settings', 'defender-plan']);
  });

  it('is taken by one: who comes second finds the next one, ten minutes later, and exactly at the last minute', () => {
    const taken = takeLook(plan, state, NOW + 60 * MINUTE) as FinalState;
    expect(takeLook(plan, taken, NOW + 60 * MINUTE)).toBeNull();
    expect(taken.nextLookAt).toBe(NOW + 70 * MINUTE);
    expect(takeLook(plan, state, NOW + 95 * MINUTE)?.nextLookAt).toBe(NOW + 100 * MINUTE);
    expect(takeLook(plan, state, NOW + 20 * HOUR)?.nextLookAt).toBe(NOW + 20 * HOUR + 10 * MINUTE);
  });
});

describe('the verdict', () => {
  const plan = planWith(check);
  const state = stateOf(plan);
  const early = NOW + 60 * MINUTE;
  const last = NOW + 120 * MINUTE;

  it('is confirmed as soon as it holds', () => {
    const { state: next, settled } = judge(plan, state, early, shows(false));
    expect(settled).toMatchObject([{ result: 'confirmed', note: 'WDATP is off' }]);
    expect(isFinal(next)).toBe(true);
    expect(next.targets['/t/0']).toEqual({ result: 'confirmed', at: early, note: 'WDATP is off' });
  });

  it('waits for what may still come true, and is contradicted in the last minute', () => {
    const { state: waiting, settled } = judge(plan, state, early, shows(true));
    expect(settled).toEqual([]);
    expect(waiting.targets['/t/0']).toMatchObject({ result: null, note: 'expected WDATP is off, found true' });
    expect(resultsOf(judge(plan, waiting, last - 1, shows(true)).state)).toEqual([null]);
    expect(resultsOf(judge(plan, waiting, last, shows(true)).state)).toEqual(['contradicted']);
    expect(resultsOf(judge(plan, waiting, last - 1, shows(false)).state)).toEqual(['confirmed']);
  });

  it.each([
    ['could not be read', unread('forbidden', '', 'test', early)],
    ['says nothing of it', null],
    ['is older than the run', shows(false, NOW - 1)],
  ])('is unknown, never confirmed, when the second source %s to the end', (_why, found) => {
    expect(resultsOf(judge(plan, state, early, found).state)).toEqual([null]);
    expect(resultsOf(judge(plan, state, last, found).state)).toEqual(['unknown']);
  });

  it('stays as it is once it is given', () => {
    const { state: given } = judge(plan, state, early, shows(false));
    expect(judge(plan, given, last, shows(true))).toEqual({ state: given, settled: [] });
    expect(takeLook(plan, given, last)).toBeNull();
  });

  it('is counted once for each target, with the last minute of those that wait', () => {
    const two = planWith(check, { ...check, withinMinutes: 180 });
    const before = stateOf(two);
    const { state: after } = judgeFinal(two, before, (_kind, id) => (id === '/t/0' ? shows(true) : null), last);
    expect(finalCounts(two, before)).toEqual({ total: 2, confirmed: 0, contradicted: 0, unknown: 0, dueBy: NOW + 180 * MINUTE });
    expect(finalCounts(two, after)).toEqual({ total: 2, confirmed: 0, contradicted: 1, unknown: 0, dueBy: NOW + 180 * MINUTE });
    expect(finalCounts(two, judgeFinal(two, after, () => null, NOW + 181 * MINUTE).state)).toMatchObject({ unknown: 1, dueBy: null });
  });
});
