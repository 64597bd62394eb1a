import { createTokenBucket } from '../../../bot/teams/token-bucket.ts';

let now = 0;
const pass = async (ms: number): Promise<void> => {
  now += ms;
  await jest.advanceTimersByTimeAsync(ms);
};
beforeEach(() => {
  now = 0;
  jest.useFakeTimers();
});
afterEach(() => jest.useRealTimers());

it('lets four messages go at once, then one every 550 ms, in order', async () => {
  const bucket = createTokenBucket(() => now);
  const gone: number[] = [];
  for (let i = 1; i <= 7; i += 1) void bucket.take().then(() => gone.push(i));
  await pass(0);
  expect(gone).toEqual([1, 2, 3, 4]);
  await pass(549);
  expect(gone).toHaveLength(4);
  await pass(1);
  expect(gone).toEqual([1, 2, 3, 4, 5]);
  await pass(1_100);
  expect(gone).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

it.each([
  [7, 1_000],
  [8, 2_000],
  [60, 30_000],
])('never lets more than %i messages go in %i ms', async (most, window) => {
  const bucket = createTokenBucket(() => now);
  const gone: number[] = [];
  for (let i = 0; i < 100; i += 1) void bucket.take().then(() => gone.push(now));
  for (let i = 0; i < 700; i += 1) await pass(50);
  expect(gone.length).toBeGreaterThan(60);
  const busiest = Math.max(...gone.map((from) => gone.filter((at) => at >= from && at < from + window).length));
  expect(busiest).toBeLessThanOrEqual(most);
});

it('turns away what would wait for more than a minute', async () => {
  const bucket = createTokenBucket(() => now);
  const taken: boolean[] = [];
  for (let i = 0; i < 200; i += 1) void bucket.take().then((ok) => taken.push(ok));
  await pass(0);
  expect(taken.filter((ok) => !ok)).toHaveLength(87);
  await pass(60_000);
  expect(taken.filter((ok) => ok)).toHaveLength(113);
});
