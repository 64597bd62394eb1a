import { isMet } from '../../core/expectation.ts';

describe('an expectation', () => {
  it.each([
    [{ a: { b: 1 } }, true],
    [{ a: { b: '1' } }, false],
    [{ a: null }, false],
    [null, false],
  ])('of a value is met by that value alone: %j', (value, met) => {
    expect(isMet({ path: 'a.b', equals: 1, words: '' }, value)).toBe(met);
  });

  it.each([
    [{ at: 101 }, true],
    [{ at: 100 }, false],
    [{ at: null }, false],
    [{ at: '101' }, false],
    [{}, false],
  ])('of a moment is met by a later one alone: %j', (value, met) => {
    expect(isMet({ path: 'at', after: 100, words: '' }, value)).toBe(met);
  });

  it.each([
    [{ mode: 'Normal' }, true],
    [{ mode: 'Passive Mode' }, true],
    [{ mode: 'Not running' }, false],
    [{}, false],
  ])('of one of some is met by each of them, and by no other: %j', (value, met) => {
    expect(isMet({ path: 'mode', oneOf: ['Normal', 'Passive Mode'], words: '' }, value)).toBe(met);
  });

  it.each([
    [{ list: [] }, true],
    [{ list: ['x'] }, false],
    [{ list: null }, false],
    [{ list: '' }, false],
    [{}, false],
  ])('of an empty list is met by a list without entries alone: %j', (value, met) => {
    expect(isMet({ path: 'list', empty: true, words: '' }, value)).toBe(met);
  });

  it.each([
    [{ list: [] }, true],
    [{ list: [{ kb: 'c' }, {}, 'b', null] }, true],
    [{ list: [{ kb: 'c' }, { kb: 'b', name: 'x' }] }, false],
    [{ list: { kb: 'c' } }, false],
    [{ list: null }, false],
    [{}, false],
  ])('of a list without an entry is met by a list that has none like it: %j', (value, met) => {
    expect(isMet({ path: 'list', hasNo: { kb: 'b' }, words: '' }, value)).toBe(met);
  });
});
