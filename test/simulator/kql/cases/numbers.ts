import type { GoldenCase } from '../golden-case.ts';

export const numbersCases: readonly GoldenCase[] = [
  {
    claim: 'whole numbers divide to whole numbers, and by zero to null',
    query: `samples | where n == 1 | project a = 7 / 2, b = -7 / 2, c = 7 % 3, d = -7 % 3, e = 1 / (n - 1), f = 7 / 2.0`,
    columns: 'a:long, b:long, c:long, d:long, e:long, f:real',
    rows: [[3, -3, 1, 2, null, 3.5]],
  },
  {
    claim: 'arithmetic with null is null',
    query: `samples | project name, sum = n + 1, product = r * 2, negative = -n`,
    columns: 'name:string, sum:long, product:real, negative:long',
    rows: [
      ['alpha', 2, 3, -1],
      ['Beta', 3, -5, -2],
      ['gamma-delta', null, null, null],
      ['', 3, 0, -2],
    ],
  },
  {
    claim: 'conversions of text',
    query: `samples | where n == 1 | project a = toint('12'), b = toint('12.5'), c = tolong('x'), d = todouble('1.5e2'), e = tobool('TRUE'), f = tobool('0'), g = tobool('yes'), h = tolong('0x10')`,
    columns: 'a:int, b:int, c:long, d:real, e:bool, f:bool, g:bool, h:long',
    rows: [[12, null, null, 150, true, false, null, 16]],
  },
  {
    claim: 'conversions of numbers and bools',
    query: `samples | project a = toint(r), b = tolong(b), c = tobool(n), d = tostring(r), e = todouble(n)`,
    columns: 'a:int, b:long, c:bool, d:string, e:real',
    rows: [
      [1, 1, true, '1.5', 1],
      [-2, 0, true, '-2.5', 2],
      [null, null, null, '', null],
      [0, 1, true, '0.0', 2],
    ],
  },
  {
    claim: 'rounding takes halves away from zero',
    query: `samples | where n == 1 | project a = round(2.5), b = round(-2.5), c = round(3.25, 1), d = bin(7, 5), e = bin(-2, 5), f = bin(2.7, 0.5), g = ceiling(1.2), h = abs(-3), i = sign(-2.5)`,
    columns: 'a:real, b:real, c:real, d:long, e:long, f:real, g:real, h:long, i:real',
    rows: [[3, -3, 3.3, 5, -5, 2.5, 2, 3, -1]],
  },
  {
    claim: 'min_of and max_of pass over null',
    query: `samples | project low = min_of(n, 5), high = max_of(n, 1)`,
    columns: 'low:long, high:long',
    rows: [
      [1, 1],
      [2, 2],
      [5, 1],
      [2, 2],
    ],
  },
  {
    claim: 'iff and case take null for false',
    query: `samples | project name, a = iff(b, 'yes', 'no'), c = case(n == 1, 'one', n == 2, 'two', 'none')`,
    columns: 'name:string, a:string, c:string',
    rows: [
      ['alpha', 'yes', 'one'],
      ['Beta', 'no', 'two'],
      ['gamma-delta', 'no', 'none'],
      ['', 'yes', 'two'],
    ],
  },
  {
    claim: 'types of values',
    query: `samples | where n == 1 | project a = gettype(n), b = gettype(d), c = gettype(d[0]), e = gettype(name)`,
    columns: 'a:string, b:string, c:string, e:string',
    rows: [['long', 'array', 'long', 'string']],
  },
];
