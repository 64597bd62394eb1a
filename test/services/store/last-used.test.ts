import { createLastUsed } from '../../../services/store/last-used.ts';

describe('what is kept of the values used last', () => {
  const weigh = (value: string) => value.length;
  const held = (kept: { get(key: string): string | null }, ...keys: string[]) => keys.map((key) => kept.get(key));

  it('lets the one go that was not used for longest, until the rest is light enough', () => {
    const kept = createLastUsed(6, weigh);
    kept.set('a', 'aa');
    kept.set('b', 'bb');
    kept.set('c', 'cc');
    expect(kept.get('a')).toBe('aa');
    kept.set('d', 'ddd');
    expect(held(kept, 'a', 'b', 'c', 'd')).toEqual(['aa', null, null, 'ddd']);
  });

  it('weighs a value once, however often it is set', () => {
    const kept = createLastUsed(4, weigh);
    kept.set('a', 'aa');
    for (const value of ['b', 'bb', 'b', 'bb']) kept.set('b', value);
    expect(held(kept, 'a', 'b')).toEqual(['aa', 'bb']);
  });

  it('keeps the newest one alone when it is heavier than allowed', () => {
    const kept = createLastUsed(4, weigh);
    kept.set('a', 'aa');
    kept.set('b', 'bbbbbbbb');
    expect(held(kept, 'a', 'b')).toEqual([null, 'bbbbbbbb']);
    kept.set('c', 'c');
    expect(held(kept, 'b', 'c')).toEqual([null, 'c']);
  });
});
