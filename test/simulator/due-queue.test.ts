import fc from 'fast-check';
import { createDueQueue, type Due } from '../../simulator/due-queue.ts';

function drained(queue: ReturnType<typeof createDueQueue>): Due[] {
  const seen: Due[] = [];
  for (let due = queue.first(); due; due = queue.first()) {
    seen.push(due);
    queue.remove(due);
  }
  return seen;
}

test('hands out the earliest first and equals in the order they came, without those that were removed', () => {
  const due = fc.record({ instant: fc.integer({ min: 0, max: 20 }), keep: fc.boolean() });
  fc.assert(
    fc.property(fc.array(due, { maxLength: 60 }), (wishes) => {
      const queue = createDueQueue();
      const all = wishes.map(({ instant, keep }) => ({ instant, keep, run: () => undefined }));
      for (const one of all) queue.add(one);
      for (const one of all) if (!one.keep) queue.remove(one);
      const wanted = all.filter(({ keep }) => keep).sort((one, other) => one.instant - other.instant);
      expect(drained(queue)).toEqual(wanted);
    }),
  );
});

test('forgets a due that is removed twice only once', () => {
  const queue = createDueQueue();
  const [one, two] = [1, 2].map((instant) => ({ instant, run: () => undefined })) as [Due, Due];
  queue.add(one);
  queue.add(two);
  queue.remove(one);
  queue.remove(one);
  expect(queue.first()).toBe(two);
});
