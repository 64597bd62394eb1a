import { brokenWords, isMet } from '../../core/expectation.ts';

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
    [{ list: [{ name: 'other' }, { name: 'mine', paths: ['b', 'a', 'c'], groups: [{ id: 'g', rule: 'r' }], more: 1 }] }, true],
    [{ list: [{ name: 'mine', paths: ['a'], groups: [{ id: 'g' }] }] }, false],
    [{ list: [{ name: 'mine', paths: ['a', 'b'], groups: [{ id: 'h' }] }] }, false],
    [{ list: [{ name: 'mine', paths: 'a b', groups: [{ id: 'g' }] }] }, false],
    [{ list: [{ name: 'mine' }, { paths: ['a', 'b'], groups: [{ id: 'g' }] }] }, false],
    [{ list: [] }, false],
    [{ list: { name: 'mine', paths: ['a', 'b'], groups: [{ id: 'g' }] } }, false],
    [{}, false],
  ])('of some entry is met by a list with one entry that holds all of it, whatever else there is: %j', (value, met) => {
    const has = { name: 'mine', paths: ['a', 'b'], groups: [{ id: 'g' }] };
    expect(isMet({ path: 'list', has, words: '' }, value)).toBe(met);
  });

  it('that is not met says what was found, and of a list only that none is as expected', () => {
    expect(brokenWords([{ path: 'a', equals: 1, words: 'it is 1' }], { a: 2 })).toBe('expected it is 1, found 2');
    expect(brokenWords([{ path: 'a', equals: 1, words: 'it is 1' }], {})).toBe('expected it is 1, found null');
    const long = { list: Array.from({ length: 500 }, (_, index) => ({ name: `policy ${index}` })) };
    expect(brokenWords([{ path: 'list', has: { name: 'mine' }, words: 'mine is there' }], long).length).toBeLessThan(80);
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
    [{ mode: 'Passive Mode' }, true],
    [{}, true],
    [null, true],
    [{ mode: 'Normal' }, false],
  ])('of none of some is met by whatever is none of them, nothing included: %j', (value, met) => {
    expect(isMet({ path: 'mode', noneOf: ['Normal'], words: '' }, value)).toBe(met);
  });

  it.each([
    [{ list: [{ id: 'a', on: true, more: 1 }] }, true, false],
    [
      {
        list: [
          { id: 'a', on: false },
          { id: 'b', on: true },
        ],
      },
      false,
      true,
    ],
    [{ list: [{ id: 'a' }, null, 'a'] }, false, true],
    [{ list: [] }, false, true],
    [{ list: null }, false, false],
    [{}, false, false],
  ])('of an entry is met by a list that has it, or lacks it, and by nothing that is no list: %j', (value, has, lacks) => {
    expect(isMet({ path: 'list', has: { id: 'a', on: true }, words: '' }, value)).toBe(has);
    expect(isMet({ path: 'list', hasNo: { id: 'a', on: true }, words: '' }, value)).toBe(lacks);
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
