import type { GoldenCase } from '../golden-case.ts';

export const filterCases: readonly GoldenCase[] = [
  {
    claim: '== on text is strict about case',
    query: `resources | where name == 'arc-01' | project name`,
    columns: 'name:string',
    rows: [],
  },
  { claim: '=~ is blind to case', query: `resources | where name =~ 'arc-01' | project name`, columns: 'name:string', rows: [['ARC-01']] },
  {
    claim: '!~ keeps everything else',
    query: `resources | where type =~ 'microsoft.hybridcompute/machines' and name !~ 'ARC-02' | project name`,
    columns: 'name:string',
    rows: [['ARC-01']],
  },
  {
    claim: 'a missing property equals nothing',
    query: `resources | where properties.status == 'Connected' | project name`,
    columns: 'name:string',
    rows: [['ARC-01']],
  },
  {
    claim: 'a missing property differs from everything: the row is kept',
    query: `resources | where type endswith 'machines' and properties.status != 'Connected' | project name`,
    columns: 'name:string',
    rows: [['arc-02'], ['web01'], ['web02']],
  },
  {
    claim: 'a missing property is in no list and not in every list',
    query: `resources | where type endswith 'machines' | project name, listed = properties.status in ('Connected'), unlisted = properties.status !in ('Connected')`,
    columns: 'name:string, listed:bool, unlisted:bool',
    rows: [
      ['ARC-01', true, false],
      ['arc-02', false, true],
      ['web01', false, true],
      ['web02', false, true],
    ],
  },
  {
    claim: 'a missing property contains nothing',
    query: `resources | where type endswith 'machines' | project name, yes = properties.status contains 'connect', no = properties.status !contains 'connect'`,
    columns: 'name:string, yes:bool, no:bool',
    rows: [
      ['ARC-01', true, false],
      ['arc-02', true, false],
      ['web01', false, true],
      ['web02', false, true],
    ],
  },
  {
    claim: 'null compared by size is null and drops the row',
    query: `samples | where n < 5 | project name, n`,
    columns: 'name:string, n:long',
    rows: [
      ['alpha', 1],
      ['Beta', 2],
      ['', 2],
    ],
  },
  { claim: 'not of null is null', query: `samples | where not(n < 2) | project name`, columns: 'name:string', rows: [['Beta'], ['']] },
  {
    claim: 'or with a true side wins over null',
    query: `samples | where n > 1 or name startswith 'gamma' | project name`,
    columns: 'name:string',
    rows: [['Beta'], ['gamma-delta'], ['']],
  },
  {
    claim: 'two nulls compared are null, not true',
    query: `samples | where isnull(n) | project same = n == n, differ = n != n`,
    columns: 'same:bool, differ:bool',
    rows: [[null, null]],
  },
  {
    claim: '== null operand is false and its negation true',
    query: `samples | project name, one = n == 1, other = n != 1`,
    columns: 'name:string, one:bool, other:bool',
    rows: [
      ['alpha', true, false],
      ['Beta', false, true],
      ['gamma-delta', false, true],
      ['', false, true],
    ],
  },
  {
    claim: 'has takes whole terms only',
    query: `samples | where name has 'gamma' or name has 'alp' | project name`,
    columns: 'name:string',
    rows: [['gamma-delta']],
  },
  {
    claim: 'has finds a term of several words',
    query: `resources | where id has 'RG-WEB' | summarize count()`,
    columns: 'count_:long',
    rows: [[4]],
  },
  {
    claim: 'has_cs is strict about case',
    query: `resources | project name, strict = name has_cs 'arc', loose = name has 'arc' | where strict or loose`,
    columns: 'name:string, strict:bool, loose:bool',
    rows: [
      ['ARC-01', false, true],
      ['arc-02', true, true],
    ],
  },
  {
    claim: 'hasprefix and hassuffix look at the ends of terms',
    query: `samples | project name, prefix = name hasprefix 'del', suffix = name hassuffix 'mma'`,
    columns: 'name:string, prefix:bool, suffix:bool',
    rows: [
      ['alpha', false, false],
      ['Beta', false, false],
      ['gamma-delta', true, true],
      ['', false, false],
    ],
  },
  {
    claim: 'has_any takes one of the terms',
    query: `samples | where name has_any ('delta', 'nothing', 'ALPHA') | project name`,
    columns: 'name:string',
    rows: [['alpha'], ['gamma-delta']],
  },
  {
    claim: 'has_all takes all of the terms',
    query: `samples | where name has_all ('delta', 'gamma') | project name`,
    columns: 'name:string',
    rows: [['gamma-delta']],
  },
  {
    claim: 'in is strict, in~ is not',
    query: `samples | project name, strict = name in ('beta', 'alpha'), loose = name in~ ('beta', 'ALPHA')`,
    columns: 'name:string, strict:bool, loose:bool',
    rows: [
      ['alpha', true, true],
      ['Beta', false, true],
      ['gamma-delta', false, false],
      ['', false, false],
    ],
  },
  {
    claim: '!in~ negates',
    query: `samples | where name !in~ ('BETA', 'Alpha') | project name`,
    columns: 'name:string',
    rows: [['gamma-delta'], ['']],
  },
  {
    claim: 'in reads the elements of a dynamic array',
    query: `samples | where n in (dynamic([2, 3])) | project name`,
    columns: 'name:string',
    rows: [['Beta'], ['']],
  },
  {
    claim: 'startswith and endswith with their strict and negated forms',
    query: `samples | project name, a = name startswith 'B', b = name startswith_cs 'b', c = name !startswith 'b', d = name endswith 'TA', e = name endswith_cs 'TA', f = name !endswith_cs 'TA'`,
    columns: 'name:string, a:bool, b:bool, c:bool, d:bool, e:bool, f:bool',
    rows: [
      ['alpha', false, false, true, false, false, true],
      ['Beta', true, false, false, true, false, true],
      ['gamma-delta', false, false, true, true, false, true],
      ['', false, false, true, false, false, true],
    ],
  },
  {
    claim: 'contains_cs is strict',
    query: `samples | where name contains_cs 'b' or name !contains 'a' | project name`,
    columns: 'name:string',
    rows: [['']],
  },
  {
    claim: 'matches regex searches anywhere',
    query: `samples | where name matches regex '^[a-z]+(-[a-z]+)?$' | project name`,
    columns: 'name:string',
    rows: [['alpha'], ['gamma-delta']],
  },
  {
    claim: 'a regex may be blind to case from its start',
    query: `samples | where name matches regex '(?i)^b' | project name`,
    columns: 'name:string',
    rows: [['Beta']],
  },
  {
    claim: 'between takes both ends',
    query: `samples | where n between (1 .. 2) | project name`,
    columns: 'name:string',
    rows: [['alpha'], ['Beta'], ['']],
  },
  {
    claim: '!between of null drops the row',
    query: `samples | where n !between (2 .. 9) | project name`,
    columns: 'name:string',
    rows: [['alpha']],
  },
  {
    claim: 'between a datetime and a length',
    query: `samples | where at between (datetime(2026-01-01) .. 2d) | project name`,
    columns: 'name:string',
    rows: [['alpha'], ['Beta']],
  },
  { claim: 'bools compare with bools', query: `samples | where b == false | project name`, columns: 'name:string', rows: [['Beta']] },
  {
    claim: 'dynamic numbers compare with numbers',
    query: `samples | where d[0] == 1 and d[(-1)] >= 3 | project name`,
    columns: 'name:string',
    rows: [['alpha']],
  },
  {
    claim: 'comments and line ends do not matter',
    query: `samples // all of them
| where n == 1 // one
| project name`,
    columns: 'name:string',
    rows: [['alpha']],
  },
];
