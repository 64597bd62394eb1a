import { createBudget } from '../../../services/azure/budget.ts';
import { defaultPatience } from '../../../services/azure/patience.ts';
import { retryAfterSeconds } from '../../../services/azure/retry-after.ts';

const headers = (values: Record<string, string>) => ({ get: (name: string) => values[name] });

function budgetAt(clock: { now: number }) {
  const waits: number[] = [];
  const patience = { ...defaultPatience, pause: (ms: number) => Promise.resolve(void waits.push(ms)) };
  return { waits, budget: createBudget(patience, () => clock.now) };
}

test('waits exactly until the quota is there again', async () => {
  const clock = { now: 1_000 };
  const { budget, waits } = budgetAt(clock);
  budget.observe({ status: 200, headers: headers({ 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': '00:00:04' }) });
  clock.now = 2_500;
  await budget.ready();
  clock.now = 5_000;
  await budget.ready();
  expect(waits).toEqual([2_500]);
});

test('does not wait while there is quota left, or when the headers say nothing', async () => {
  const { budget, waits } = budgetAt({ now: 0 });
  budget.observe({ status: 200, headers: headers({ 'x-ms-user-quota-remaining': '1', 'x-ms-user-quota-resets-after': '00:00:04' }) });
  budget.observe({ status: 200, headers: headers({}) });
  budget.observe({ status: 200, headers: headers({ 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': 'soon' }) });
  await budget.ready();
  expect(waits).toEqual([]);
});

test('refuses a pause that is too long instead of asking early', async () => {
  const { budget, waits } = budgetAt({ now: 0 });
  budget.observe({ status: 429, headers: headers({ 'retry-after': '120' }) });
  await expect(budget.ready()).rejects.toThrow('a pause of 120 more seconds');
  expect(waits).toEqual([]);
});

test.each([
  [{ 'retry-after': '7' }, 7],
  [{ 'retry-after': '-7' }, 0],
  [{ 'retry-after-ms': '1500' }, 1.5],
  [{ 'x-ms-retry-after-ms': '250', 'retry-after': '9' }, 0.25],
  [{ 'retry-after': 'Mon, 02 Mar 2026 08:00:10 GMT', date: 'Mon, 02 Mar 2026 08:00:00 GMT' }, 10],
  [{ 'retry-after': 'Mon, 02 Mar 2026 08:00:10 GMT' }, null],
  [{ 'retry-after': 'later' }, null],
  [{}, null],
])('Retry-After %j is %p seconds', (values, seconds) => {
  expect(retryAfterSeconds(headers(values))).toBe(seconds);
});
