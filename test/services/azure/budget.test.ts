import { createBudget } from '../../../services/azure/budget.ts';
import { defaultPatience } from '../../../services/azure/patience.ts';
import { retryAfterSeconds } from '../../../services/azure/retry-after.ts';

const headers = (values: Record<string, string>) => ({ get: (name: string) => values[name] });

function budgetAt(clock: { now: number }) {
  const waits: number[] = [];
  const patience = { ...defaultPatience, pause: (ms: number) => Promise.resolve(void waits.push(ms)) };
  return { waits, budget: createBudget(patience, () => clock.now) };
}
const ask = () => Promise.resolve('answer');

test('waits exactly until the quota is there again', async () => {
  const clock = { now: 1_000 };
  const { budget, waits } = budgetAt(clock);
  budget.observe({ status: 200, headers: headers({ 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': '00:00:04' }) });
  clock.now = 2_500;
  await budget.run(ask);
  clock.now = 5_000;
  await budget.run(ask);
  expect(waits).toEqual([2_500]);
});

test('does not wait while there is quota left, or when the headers say nothing', async () => {
  const { budget, waits } = budgetAt({ now: 0 });
  budget.observe({ status: 200, headers: headers({ 'x-ms-user-quota-remaining': '1', 'x-ms-user-quota-resets-after': '00:00:04' }) });
  budget.observe({ status: 200, headers: headers({}) });
  budget.observe({ status: 200, headers: headers({ 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': 'soon' }) });
  await budget.run(ask);
  expect(waits).toEqual([]);
});

test('refuses a pause that is too long instead of asking early', async () => {
  const { budget, waits } = budgetAt({ now: 0 });
  budget.observe({ status: 429, headers: headers({ 'retry-after': '120' }) });
  await expect(budget.run(ask)).rejects.toThrow('a pause of 120 more seconds');
  expect(waits).toEqual([]);
});

test('those who ask at once stand in line: no more are sent than the documented quota has', async () => {
  const { budget, waits } = budgetAt({ now: 0 });
  let sent = 0;
  const all = Array.from({ length: 40 }, () => budget.run(async () => sent++));
  await Promise.all(all);
  expect(sent).toBe(40);
  expect(waits).toHaveLength(2);
});

test('a pause that one query is told of is kept by those that stood in line behind it', async () => {
  const { budget, waits } = budgetAt({ now: 0 });
  const first = budget.run(async () => {
    budget.observe({ status: 429, headers: headers({ 'retry-after': '3' }) });
  });
  await Promise.all([first, first.then(() => budget.run(ask))]);
  expect(waits).toEqual([3_000]);
});

test('one that is refused its turn does not hold up the line', async () => {
  const clock = { now: 0 };
  const { budget } = budgetAt(clock);
  budget.observe({ status: 429, headers: headers({ 'retry-after': '120' }) });
  await expect(budget.run(ask)).rejects.toThrow('a pause');
  clock.now = 121_000;
  await expect(budget.run(ask)).resolves.toBe('answer');
});

test('uses a larger quota than the documented one as soon as the headers tell of it', async () => {
  const { budget, waits } = budgetAt({ now: 0 });
  await budget.run(async () => {
    budget.observe({ status: 200, headers: headers({ 'x-ms-user-quota-remaining': '99', 'x-ms-user-quota-resets-after': '00:00:05' }) });
  });
  await Promise.all(Array.from({ length: 99 }, () => budget.run(ask)));
  expect(waits).toEqual([]);
  await budget.run(ask);
  expect(waits).toEqual([5_000]);
});

test('an answer that comes late, from a window that is over, neither gives anything back nor ends the new window', async () => {
  const at = { now: 0 };
  const { budget, waits } = budgetAt(at);
  await Promise.all(Array.from({ length: 16 }, () => budget.run(ask)));
  expect(waits).toEqual([5_000]);
  at.now = 5_000;
  const late = headers({ 'x-ms-user-quota-remaining': '13', 'x-ms-user-quota-resets-after': '00:00:01' });
  budget.observe({ status: 200, headers: late });
  await Promise.all(Array.from({ length: 13 }, () => budget.run(ask)));
  at.now += 1_000;
  await budget.run(ask);
  expect(waits).toEqual([5_000, 4_000]);
});

test('does not count twice what is still under way when an answer tells what is left', async () => {
  const { budget, waits } = budgetAt({ now: 0 });
  const told = headers({ 'x-ms-user-quota-remaining': '14', 'x-ms-user-quota-resets-after': '00:00:05' });
  const answered = Promise.withResolvers<void>();
  const under = Array.from({ length: 3 }, () => budget.run(() => answered.promise));
  await budget.run(async () => budget.observe({ status: 200, headers: told }));
  answered.resolve();
  await Promise.all(under);
  await Promise.all(Array.from({ length: 11 }, () => budget.run(ask)));
  expect(waits).toEqual([]);
  await budget.run(ask);
  expect(waits).toEqual([5_000]);
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
