import fc from 'fast-check';
import { canonical } from '../../core/canonical.ts';
import { taggedHash } from '../../core/hash.ts';
import type { Json } from '../../core/json.ts';

const wellFormed = fc.string({ unit: 'grapheme' }).map((text) => text.normalize('NFC'));
const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    wellFormed,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(wellFormed, tie('value'), { maxKeys: 4 }),
  ),
})).value;

const shuffled = (value: Json): Json => {
  if (Array.isArray(value)) return value.map((item: Json) => shuffled(item));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, item]) => [key, shuffled(item as Json)]),
  );
};

describe('canonical JSON', () => {
  it('writes the example of RFC 8785', () => {
    const value = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '€$\u000f\nA\'B"\\\\"/',
      literals: [null, true, false],
    };
    expect(canonical(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts keys by UTF-16 code units', () => {
    expect(canonical({ '\u20ac': 1, '\r': 2, '\ufb01': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, ö: 7 })).toBe(
      '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"ﬁ":3}',
    );
  });

  it('gives the same text whatever the order of keys', () => {
    fc.assert(fc.property(json, (value) => canonical(shuffled(value)) === canonical(value)));
  });

  it('parses back to the same value', () => {
    fc.assert(fc.property(json, (value) => canonical(JSON.parse(canonical(value)) as Json) === canonical(value)));
  });

  it('refuses what JSON cannot carry', () => {
    expect(() => canonical(Number.NaN)).toThrow('NaN');
    expect(() => canonical('\ud800')).toThrow('surrogate');
    expect(() => canonical({ a: undefined as unknown as Json })).toThrow('undefined');
  });

  it('gives one spelling of a name one hash, and one value under two domains two', () => {
    expect(taggedHash('a', { name: 'e\u0301' })).toBe(taggedHash('a', { name: '\u00e9' }));
    expect(taggedHash('a', { name: 'x' })).not.toBe(taggedHash('b', { name: 'x' }));
  });
});
