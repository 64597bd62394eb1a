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
  {
    claim: 'conditional aggregates read rows whose test is true',
    query: `samples | summarize l = make_list_if(n, b), s = make_set_if(n, n > 1), a = avgif(n, n > 1), lo = minif(r, b), hi = maxif(n, b), bag = make_bag_if(bag_pack(name, n), n == 1)`,
    columns: 'l:dynamic, s:dynamic, a:real, lo:real, hi:long, bag:dynamic',
    rows: [[[1, 2], [2], 2, 0, 2, { alpha: 1 }]],
  },
  {
    claim: 'make_list leaves out null, make_list_with_nulls keeps it',
    query: `samples | summarize a = make_list(n), b = make_list_with_nulls(n)`,
    columns: 'a:dynamic, b:dynamic',
    rows: [
      [
        [1, 2, 2],
        [1, 2, null, 2],
      ],
    ],
  },
  {
    claim: 'the old spellings of lists and sets',
    query: `samples | summarize makeset(n), makelist(b)`,
    columns: 'set_n:dynamic, list_b:dynamic',
    rows: [
      [
        [1, 2],
        [true, false, true],
      ],
    ],
  },
  {
    claim: 'count of a value counts rows, null or not',
    query: `samples | summarize rows = count(n), text = count(name)`,
    columns: 'rows:long, text:long',
    rows: [[4, 4]],
  },
  {
    claim: 'default names of aggregates',
    query: `samples | summarize count(), countif(b), dcount(n), sum(n), avg(r), min(n), max(at), make_list(b), make_set(b), sum(n) + 1`,
    columns:
      'count_:long, countif_b:long, dcount_n:long, sum_n:long, avg_r:real, min_n:long, max_at:datetime, list_b:dynamic, set_b:dynamic, Column1:long',
    rows: [[4, 2, 2, 5, -0.3333333333333333, 1, '2026-01-02T03:04:05.1234567Z', [true, false, true], [true, false], 6]],
  },
  {
    claim: 'a key that is a path takes the path for its name',
    query: `resources | where type endswith 'machines' | summarize count() by tostring(properties.osType)`,
    columns: 'properties_osType:string, count_:long',
    rows: [
      ['Windows', 1],
      ['linux', 1],
      ['', 2],
    ],
  },
  {
    claim: 'a binned key keeps its name',
    query: `samples | summarize count() by bin(at, 1d)`,
    columns: 'at:datetime, count_:long',
    rows: [
      ['2026-01-01T00:00:00Z', 1],
      ['2026-01-02T00:00:00Z', 1],
      [null, 1],
      ['2025-12-31T00:00:00Z', 1],
    ],
  },
  {
    claim: 'a group of nulls sums to 0 and has no least',
    query: `samples | summarize s = sum(n), lo = min(n), hi = max(r), c = count(), d = dcount(n), l = make_list(n) by known = isnotnull(n)`,
    columns: 'known:bool, s:long, lo:long, hi:real, c:long, d:long, l:dynamic',
    rows: [
      [true, 5, 1, 1.5, 3, 2, [1, 2, 2]],
      [false, 0, null, null, 1, 0, []],
    ],
  },
  {
    claim: 'keys of text are strict about case, tolower joins them',
    query: `resources | where tostring(properties.publisher) has 'azuredefenderforservers' | summarize strict = dcount(tostring(properties.publisher)), loose = dcount(tolower(tostring(properties.publisher)))`,
    columns: 'strict:long, loose:long',
    rows: [[2, 1]],
  },
  {
    claim: 'max of text is the last in order, small letters after capitals',
    query: `samples | summarize max(name)`,
    columns: 'max_name:string',
    rows: [['gamma-delta']],
  },
  {
    claim: 'arg_max without keys gives one row, even of nothing',
    query: `samples | where name == 'nobody' | summarize arg_max(n, name, at)`,
    columns: 'n:long, name:string, at:datetime',
    rows: [[null, '', null]],
  },
  {
    claim: 'arg_max with a star renames nothing and gives keys first',
    query: `samples | project at, name, n | summarize arg_max(at, *) by n`,
    columns: 'n:long, at:datetime, name:string',
    rows: [
      [1, '2026-01-01T00:00:00Z', 'alpha'],
      [2, '2026-01-02T03:04:05.1234567Z', 'Beta'],
      [null, null, 'gamma-delta'],
    ],
  },
  {
    claim: 'arg_max may be named',
    query: `samples | summarize latest = arg_max(at, name) by b | where b == true`,
    columns: 'b:bool, latest:datetime, name:string',
    rows: [[true, '2026-01-01T00:00:00Z', 'alpha']],
  },
  {
    claim: 'distinct over a star',
    query: `samples | project n | distinct *`,
    columns: 'n:long',
    rows: [[1], [2], [null]],
  },
  {
    claim: 'distinct is strict about case',
    query: `policyresources | distinct type`,
    columns: 'type:string',
    rows: [['microsoft.authorization/policyassignments'], ['Microsoft.Authorization/policyAssignments']],
  },
  {
    claim: 'the schema of bags names the type of every key',
    query: `resources | summarize buildschema(tags)`,
    columns: 'schema_tags:dynamic',
    rows: [[{ ring: 'string', Owner: 'string' }]],
  },
  {
    claim: 'a list of whole rows',
    query: `samples | where n == 2 | project name, r | summarize rows = make_list(pack_all())`,
    columns: 'rows:dynamic',
    rows: [
      [
        [
          { name: 'Beta', r: -2.5 },
          { name: '', r: 0 },
        ],
      ],
    ],
  },
  {
    claim: 'elements counted after mv-expand',
    query: `samples | mv-expand d | summarize elements = countif(isnotnull(d)), rows = count() by name`,
    columns: 'name:string, elements:long, rows:long',
    rows: [
      ['alpha', 3, 3],
      ['Beta', 3, 3],
      ['gamma-delta', 0, 1],
    ],
  },
  {
    claim: 'shares of a whole',
    query: `samples | summarize total = count(), known = countif(isnotnull(n)) | extend share = round(100.0 * known / total, 1)`,
    columns: 'total:long, known:long, share:real',
    rows: [[4, 3, 75]],
  },
  {
    claim: 'count of nothing is 0',
    query: `samples | where n > 99 | count`,
    columns: 'Count:long',
    rows: [[0]],
  },
];
