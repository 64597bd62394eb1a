import { createTokenBuckets } from '../../../bot/teams/token-buckets.ts';

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

it('lets five messages of a conversation go at once, then one a second, in order', async () => {
  const buckets = createTokenBuckets(() => now);
  const gone: number[] = [];
  for (let i = 1; i <= 8; i += 1) void buckets.take('channel').then(() => gone.push(i));
  await pass(0);
  expect(gone).toEqual([1, 2, 3, 4, 5]);
  await pass(999);
  expect(gone).toHaveLength(5);
  await pass(1);
  expect(gone).toEqual([1, 2, 3, 4, 5, 6]);
  await pass(2_000);
  expect(gone).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

it('lets one conversation go while another waits', async () => {
  const buckets = createTokenBuckets(() => now);
  for (let i = 0; i < 20; i += 1) void buckets.take('busy');
  const quiet = jest.fn();
  void buckets.take('quiet').then(quiet);
  await pass(0);
  expect(quiet).toHaveBeenCalledWith(true);
});

it('turns away what would wait too long', async () => {
  const buckets = createTokenBuckets(() => now);
  const taken: boolean[] = [];
  for (let i = 0; i < 200; i += 1) void buckets.take('channel').then((ok) => taken.push(ok));
  await pass(0);
  expect(taken.filter((ok) => !ok)).toHaveLength(95);
  await pass(100_000);
  expect(taken.filter((ok) => ok)).toHaveLength(105);
});
