import { shared } from '../../../simulator/azure/resource-graph/shared.ts';
import { createTimeline } from '../../../simulator/azure/resource-graph/timeline.ts';
import { usesTake } from '../../../simulator/azure/resource-graph/uses-take.ts';

const row = (id: string, value = 0) => ({ id, properties: { value, fixed: { deep: [1, 2] } } });
const MINUTE = 60_000;

test('an equal value is the one that was there, and a changed one keeps its equal parts', () => {
  const before = row('a');
  expect(shared(before, row('a'))).toBe(before);
  const after = shared(before, row('a', 1)) as typeof before;
  expect(after).toEqual(row('a', 1));
  expect(after.properties.fixed).toBe(before.properties.fixed);
});

test.each<[string, unknown, unknown]>([
  ['a property that is gone', { a: 1, b: 2 }, { a: 1 }],
  ['a property that is new', { a: 1 }, { a: 1, b: undefined, c: null }],
  ['a list that is longer', [1, 2], [1, 2, 3]],
  ['a list that is shorter', [1, 2], [1]],
  ['a list that becomes an object', [1], { 0: 1 }],
  ['a value that becomes null', { a: { b: 1 } }, { a: null }],
  ['a key that is a prototype elsewhere', { a: 1 }, JSON.parse('{"__proto__": {"b": 1}}')],
])('sees %s', (_, before, next) => {
  const copy = shared(before, next);
  expect(copy).not.toBe(before);
  expect(JSON.stringify(copy)).toBe(JSON.stringify(next));
});

test('a copy is out of reach of later changes', () => {
  const tags = { ring: 'canary' };
  const copy = shared(undefined, { tags });
  tags.ring = 'broad';
  expect(copy).toEqual({ tags: { ring: 'canary' } });
});

test('a view is the same list as long as nothing in it changes', () => {
  const timeline = createTimeline(MINUTE);
  timeline.note('a', [row('a')], 0);
  const first = timeline.rows(MINUTE, MINUTE);
  timeline.note('b', [row('b')], 2 * MINUTE);
  expect(timeline.rows(2.5 * MINUTE, MINUTE)).toBe(first);
  expect(timeline.rows(3 * MINUTE, MINUTE)).toEqual([row('a'), row('b')]);
  expect(timeline.rows(3 * MINUTE, 0)).toBe(timeline.rows(3 * MINUTE, MINUTE));
});

test('what is older than anybody looks back is forgotten, and what was newest then is what is oldest', () => {
  const [timeline, forgetful] = [createTimeline(0), createTimeline(0)];
  for (const value of [1, 2, 3]) for (const each of [timeline, forgetful]) each.note('a', [row('a', value)], (value - 1) * MINUTE);
  expect(timeline.rows(2 * MINUTE, 2 * MINUTE)).toEqual([row('a', 1)]);
  expect(timeline.rows(60 * MINUTE, 60 * MINUTE)).toEqual([row('a', 1)]);
  forgetful.rows(60 * MINUTE, 0);
  expect(forgetful.rows(60 * MINUTE, 60 * MINUTE)).toEqual([row('a', 3)]);
});

test.each<[string, boolean]>([
  ['resources | take 5', true],
  ['resources\n|  LIMIT 5', true],
  ['resources | join (resources | take 1) on id', true],
  ['resources | project take = 1', false],
  ["resources | where name == 'a | take 5'", false],
  ['resources | where name == @"a\\" | project x = "| take 5"', false],
  ['resources // | take 5\n| count', false],
  ['resources | mv-expand zones limit 5', false],
])('%j takes rows itself: %j', (query, expected) => {
  expect(usesTake(query)).toBe(expected);
});
