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
  {
    claim: 'powers, roots and logarithms',
    query: `samples | where n == 1 | project a = exp2(3), b = pow(2, 10), c = sqrt(16), d = log10(1000), e = log2(8), f = log(1), g = exp(0), h = exp10(2), i = pow(n, r)`,
    columns: 'a:real, b:real, c:real, d:real, e:real, f:real, g:real, h:real, i:real',
    rows: [[8, 1024, 4, 3, 3, 0, 1, 100, 1]],
  },
  {
    claim: 'powers of null are null',
    query: `samples | where isnull(n) | project a = pow(n, 2), b = sqrt(r)`,
    columns: 'a:real, b:real',
    rows: [[null, null]],
  },
  {
    claim: 'fractions are cut off towards zero, not rounded',
    query: `samples | where n == 1 | project a = toint(2.9), b = tolong(-2.9), c = toint('0x1F'), d = tolong(''), e = tolong(' 7 ')`,
    columns: 'a:int, b:long, c:int, d:long, e:long',
    rows: [[2, -2, 31, null, 7]],
  },
  {
    claim: 'tostring of a whole real keeps one decimal, of a long none',
    query: `samples | where n == 1 | project a = tostring(2.0), b = tostring(2), c = tostring(-0.5), d = tostring(toint('7')), e = tostring(todouble(n))`,
    columns: 'a:string, b:string, c:string, d:string, e:string',
    rows: [['2.0', '2', '-0.5', '7', '1.0']],
  },
  {
    claim: 'an int with a long gives a long, a long with a real a real',
    query: `samples | where n == 1 | project a = toint('7') + 1, b = toint('7') + toint('1'), c = n + 0.5, d = n * r`,
    columns: 'a:long, b:long, c:real, d:real',
    rows: [[8, 8, 1.5, 1.5]],
  },
  {
    claim: 'bin of null is null',
    query: `samples | project name, binned = bin(n, 2), floored = floor(r, 1.0)`,
    columns: 'name:string, binned:long, floored:real',
    rows: [
      ['alpha', 0, 1],
      ['Beta', 2, -3],
      ['gamma-delta', null, null],
      ['', 2, 0],
    ],
  },
  {
    claim: 'round to places',
    query: `samples | where n == 1 | project a = round(3.14159, 2), b = round(2.675, 1), c = round(0.5), d = round(-0.4)`,
    columns: 'a:real, b:real, c:real, d:real',
    rows: [[3.14, 2.7, 1, 0]],
  },
  {
    claim: 'whole numbers up to 2^53 are exact',
    query: `samples | where n == 1 | project a = 9007199254740991 - 1, b = tolong('9007199254740991'), c = tostring(-9007199254740991)`,
    columns: 'a:long, b:long, c:string',
    rows: [[9007199254740990, 9007199254740991, '-9007199254740991']],
  },
  {
    claim: 'bools from text and numbers',
    query: `samples | where n == 1 | project a = tobool(2), b = tobool('FALSE'), c = tobool('2'), d = tobool(''), e = tobool(d[0])`,
    columns: 'a:bool, b:bool, c:bool, d:bool, e:bool',
    rows: [[true, false, true, null, true]],
  },
  {
    claim: 'case gives the last value when nothing fits, and takes any type',
    query: `samples | project name, since = case(n == 1, at, n == 2, datetime(2026-02-01), datetime(null)), iif(isnull(n), 'none', 'some')`,
    columns: 'name:string, since:datetime, Column1:string',
    rows: [
      ['alpha', '2026-01-01T00:00:00Z', 'some'],
      ['Beta', '2026-02-01T00:00:00Z', 'some'],
      ['gamma-delta', null, 'none'],
      ['', '2026-02-01T00:00:00Z', 'some'],
    ],
  },
  {
    claim: 'coalesce of numbers takes the first that is there',
    query: `samples | project name, c = coalesce(n, 9)`,
    columns: 'name:string, c:long',
    rows: [
      ['alpha', 1],
      ['Beta', 2],
      ['gamma-delta', 9],
      ['', 2],
    ],
  },
  {
    claim: 'min_of and max_of of reals and datetimes',
    query: `samples | where n == 1 | project a = min_of(r, 0.5, 2.0), b = max_of(at, datetime(2025-01-01))`,
    columns: 'a:real, b:datetime',
    rows: [[0.5, '2026-01-01T00:00:00Z']],
  },
];
