import { MINUTE, SECOND } from '../../../core/instant.ts';
import { createBudgetKeeper } from '../../../services/azure/budgets/keeper.ts';
import { defenderLimits } from '../../../services/defender/limits.ts';

const HUNTING = { method: 'POST', path: '/v1.0/security/runHuntingQuery' };
const MACHINES = { method: 'GET', path: '/api/machines' };

describe('an impatient caller', () => {
  test.each([
    ['hunting', HUNTING, 45, 1_500],
    ['the machines list', MACHINES, 100, 1_500],
  ])('of %s is never let through more often than Microsoft allows in any minute or hour', (_name, request, aMinute, anHour) => {
    const clock = { at: Date.UTC(2026, 2, 2), now: () => clock.at };
    const keeper = createBudgetKeeper(clock, defenderLimits);
    const sent: number[] = [];
    for (const until = clock.at + 150 * MINUTE; clock.at < until; clock.at += SECOND) {
      while (keeper.take({ identity: 'reader', region: '', urgent: true, ...request }).waitSeconds === 0) sent.push(clock.at);
    }
    const most = (window: number) => Math.max(...sent.map((at, index) => sent.slice(index).filter((other) => other < at + window).length));
    expect(most(MINUTE)).toBeLessThanOrEqual(aMinute);
    expect(most(60 * MINUTE)).toBeLessThanOrEqual(anHour);
    // And it does come through.
    expect(most(MINUTE)).toBeGreaterThan(aMinute / 2);
    expect(sent.length).toBeGreaterThan(anHour);
  });
});

test('what has no published limit is not counted', () => {
  const keeper = createBudgetKeeper({ now: () => 0 }, defenderLimits);
  const request = {
    identity: 'reader',
    region: '',
    urgent: true,
    method: 'GET',
    path: '/beta/deviceManagement/configurationPolicies',
  } as const;
  for (let nth = 0; nth < 5_000; nth += 1) expect(keeper.take(request).waitSeconds).toBe(0);
});
