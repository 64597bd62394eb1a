import type { Evidence } from '../../core/evidence.ts';
import { read, unread } from '../../core/evidence.ts';
import { seenOf } from '../../core/proof.ts';
import { NOW } from '../support/facts.ts';

const item = {
  do: 'prove',
  id: 'extensions',
  describes: 'x',
  evidence: 'defender-extension',
  call: null,
  expect: [{ path: 'state', equals: 'Succeeded', words: 'its extension Succeeded' }],
} as const;
const ids = ['/m/a', '/m/b', '/m/c', '/m/d', '/m/e'];
const all = (special: Record<string, Evidence<unknown> | null>) =>
  seenOf(item, ids, (id) => (id in special ? special[id]! : read({ state: 'Succeeded' }, 'x', NOW)));
const failed = read({ state: 'Failed' }, 'x', NOW);

describe('a proof that looks at many', () => {
  it('is met only by all of them', () => {
    expect(all({})).toEqual({ result: 'met' });
    expect(all({ '/m/c': failed })).toEqual({
      result: 'broken',
      words: '1 of 5 machines: expected its extension Succeeded, found "Failed" (c)',
    });
  });

  it('is open for all while one could not be read, also beside one that is not as expected', () => {
    expect(all({ '/m/a': failed, '/m/b': unread('the list was not read', 'x', 'x', NOW) })).toEqual({
      result: 'unread',
      words: '1 of 5 machines: the list was not read (b)',
    });
    expect(all({ '/m/b': null })).toMatchObject({ result: 'unread' });
  });

  it('proves nothing where there is nobody to look at', () => {
    expect(seenOf(item, [], () => read({ state: 'Succeeded' }, 'x', NOW))).toMatchObject({ result: 'unread' });
  });

  it('names three and counts the rest', () => {
    expect(all(Object.fromEntries(ids.map((id) => [id, failed])))).toMatchObject({
      words: expect.stringMatching(/^5 of 5 .*\(a, b, c and 2 more\)$/),
    });
  });

  it('of one speaks of that one alone, and of a long list in short', () => {
    const long = read({ state: 'x'.repeat(500) }, 'x', NOW);
    const seen = seenOf(item, ['/m/a'], () => long);
    expect(seen).toMatchObject({ result: 'broken', words: expect.stringMatching(/^expected its extension Succeeded, found "x+…$/) });
    expect((seen as { words: string }).words.length).toBeLessThan(260);
  });
});
