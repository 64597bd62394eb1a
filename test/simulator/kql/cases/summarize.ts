import type { GoldenCase } from '../golden-case.ts';

export const summarizeCases: readonly GoldenCase[] = [
  {
    claim: 'counting by a key groups null and empty text on their own',
    query: `samples | summarize count() by n`,
    columns: 'n:long, count_:long',
    rows: [
      [1, 1],
      [2, 2],
      [null, 1],
    ],
  },
  {
    claim: 'without keys there is one row, even of nothing',
    query: `samples | where name == 'nobody' | summarize count(), sum(n), max(n), make_list(n), dcount(n)`,
    columns: 'count_:long, sum_n:long, max_n:long, list_n:dynamic, dcount_n:long',
    rows: [[0, 0, null, [], 0]],
  },
  {
    claim: 'with keys nothing stays nothing',
    query: `samples | where name == 'nobody' | summarize count() by name`,
    columns: 'name:string, count_:long',
    rows: [],
  },
  {
    claim: 'aggregates pass over null',
    query: `samples | summarize c = count(), ci = countif(n == 2), dc = dcount(n), s = sum(n), a = avg(n), lo = min(n), hi = max(at), si = sumif(n, b)`,
    columns: 'c:long, ci:long, dc:long, s:long, a:real, lo:long, hi:datetime, si:long',
    rows: [[4, 2, 2, 5, 1.6666666666666667, 1, '2026-01-02T03:04:05.1234567Z', 3]],
  },
  {
    claim: 'lists keep repeats, sets do not',
    query: `samples | summarize list = make_list(n), set = make_set(n), names = make_set(tolower(name))`,
    columns: 'list:dynamic, set:dynamic, names:dynamic',
    rows: [
      [
        [1, 2, 2],
        [1, 2],
        ['alpha', 'beta', 'gamma-delta', ''],
      ],
    ],
  },
  {
    claim: 'an array in a list is flattened',
    query: `samples | where name in ('alpha', 'Beta') | summarize make_list(d)`,
    columns: 'list_d:dynamic',
    rows: [[[1, 2, 3, { a: 'x', b: null, list: ['p', 'q'] }]]],
  },
  {
    claim: 'bags keep the first value of a key',
    query: `samples | extend kv = bag_pack(tostring(n), name) | summarize bag = make_bag(kv)`,
    columns: 'bag:dynamic',
    rows: [[{ '1': 'alpha', '2': 'Beta', '': 'gamma-delta' }]],
  },
  {
    claim: 'expressions over aggregates',
    query: `samples | summarize share = 100.0 * countif(n == 2) / count(), text = strcat(tostring(count()), ' rows') by known = isnotnull(n)`,
    columns: 'known:bool, share:real, text:string',
    rows: [
      [true, 66.66666666666667, '3 rows'],
      [false, 0, '1 rows'],
    ],
  },
  {
    claim: 'arg_max picks the row and its other columns',
    query: `samples | summarize arg_max(at, name, n) by b`,
    columns: 'b:bool, at:datetime, name:string, n:long',
    rows: [
      [true, '2026-01-01T00:00:00Z', 'alpha', 1],
      [false, '2026-01-02T03:04:05.1234567Z', 'Beta', 2],
      [null, null, 'gamma-delta', null],
    ],
  },
  {
    claim: 'arg_max with a star gives every column that is no key',
    query: `samples | project b, n, name | summarize arg_max(n, *) by b`,
    columns: 'b:bool, n:long, name:string',
    rows: [
      [true, 2, ''],
      [false, 2, 'Beta'],
      [null, null, 'gamma-delta'],
    ],
  },
  {
    claim: 'arg_min passes over null',
    query: `samples | summarize arg_min(n, name)`,
    columns: 'n:long, name:string',
    rows: [[1, 'alpha']],
  },
  {
    claim: 'take_any of one column prefers a value over null',
    query: `samples | sort by n asc | summarize take_any(n), any(name)`,
    columns: 'n:long, any_name:string',
    rows: [[1, 'gamma-delta']],
  },
  {
    claim: 'keys may be computed, named or derived',
    query: `resources | summarize count() by tolower(tostring(split(type, '/')[0])), kindOfId = iff(id has 'extensions', 'extension', 'machine')`,
    columns: 'Column1:string, kindOfId:string, count_:long',
    rows: [
      ['microsoft.hybridcompute', 'machine', 2],
      ['microsoft.compute', 'machine', 2],
      ['microsoft.hybridcompute', 'extension', 1],
      ['microsoft.compute', 'extension', 2],
    ],
  },
  { claim: 'by alone lists the keys', query: `samples | summarize by b`, columns: 'b:bool', rows: [[true], [false], [null]] },
  { claim: 'count makes one row', query: `samples | where n == 2 | count`, columns: 'Count:long', rows: [[2]] },
  {
    claim: 'distinct over columns',
    query: `samples | distinct n, b`,
    columns: 'n:long, b:bool',
    rows: [
      [1, true],
      [2, false],
      [null, null],
      [2, true],
    ],
  },
];
