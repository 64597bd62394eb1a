import { ClockError, createVirtualClock } from '../../simulator/clock.ts';

const START = Date.parse('2026-03-02T09:00:00Z');

function stopped() {
  const clock = createVirtualClock(START);
  clock.move({ rate: 0 });
  return clock;
}

test('stands still at rate 0 and jumps to the asked time', () => {
  const clock = stopped();
  const before = clock.now();
  expect(clock.now()).toBe(before);
  expect(clock.move({ to: '2026-03-03T00:00:00Z' })).toMatchObject({ iso: '2026-03-03T00:00:00.000Z', rate: 0 });
});

test.each([
  [{ to: '2026-03-01T00:00:00Z' }, /never goes backwards/],
  [{ advanceSeconds: -1 }, /never goes backwards/],
  [{ rate: 601 }, /rate must be/],
  [{ rate: -1 }, /rate must be/],
  [{ to: 'soon' }, /not a date/],
])('refuses %j and stays where it is', (change, reason) => {
  const clock = stopped();
  const before = clock.read();
  expect(() => clock.move(change)).toThrow(ClockError);
  expect(() => clock.move(change)).toThrow(reason);
  expect(clock.read()).toEqual(before);
});

test('runs what a jump passes in the order of its times, each at its own time', () => {
  const clock = stopped();
  const from = clock.now();
  const seen: [string, number][] = [];
  clock.at(from + 2_000, () => seen.push(['later', clock.now() - from]));
  clock.at(from + 1_000, () => {
    seen.push(['sooner', clock.now() - from]);
    clock.at(clock.now() + 500, () => seen.push(['between', clock.now() - from]));
  });
  clock.move({ advanceSeconds: 3 });
  expect(seen).toEqual([
    ['sooner', 1_000],
    ['between', 1_500],
    ['later', 2_000],
  ]);
});

test('does not run what was cancelled or lies beyond the jump', () => {
  const clock = stopped();
  const seen: string[] = [];
  const cancel = clock.at(clock.now() + 1_000, () => seen.push('cancelled'));
  clock.at(clock.now() + 5_000, () => seen.push('beyond'));
  cancel();
  clock.move({ advanceSeconds: 4 });
  expect(seen).toEqual([]);
});

test('runs what falls due while time passes by itself', async () => {
  const clock = createVirtualClock(START);
  clock.move({ rate: 600 });
  await new Promise<void>((resolve) => void clock.at(clock.now() + 6_000, resolve));
  expect(clock.now()).toBeGreaterThanOrEqual(START + 6_000);
});

test('tells a waiting reader of the next move, and answers at once when it is behind', async () => {
  const clock = stopped();
  const { version } = clock.read();
  const waiting = clock.changed(version);
  clock.move({ advanceSeconds: 60 });
  expect((await waiting).version).toBe(version + 1);
  expect((await clock.changed(version)).version).toBe(version + 1);
});

test('gives up waiting when the reader goes away', async () => {
  const clock = stopped();
  const gone = new AbortController();
  const waiting = clock.changed(clock.read().version, gone.signal);
  gone.abort();
  expect(await waiting).toEqual(clock.read());
});
