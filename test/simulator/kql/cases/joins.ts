import type { GoldenCase } from '../golden-case.ts';

export const joinsCases: readonly GoldenCase[] = [
  {
    claim: 'innerunique takes one left row per key',
    query: `samples | join (samples | project n, right = name) on n | project name, right`,
    columns: 'name:string, right:string',
    rows: [
      ['alpha', 'alpha'],
      ['Beta', 'Beta'],
      ['Beta', ''],
      ['gamma-delta', 'gamma-delta'],
    ],
  },
  {
    claim: 'inner takes all pairs, and null matches null',
    query: `samples | join kind=inner (samples | project n, right = name) on n | project name, right`,
    columns: 'name:string, right:string',
    rows: [
      ['alpha', 'alpha'],
      ['Beta', 'Beta'],
      ['Beta', ''],
      ['gamma-delta', 'gamma-delta'],
      ['', 'Beta'],
      ['', ''],
    ],
  },
  {
    claim: 'leftouter fills text with empty and the rest with null',
    query: `samples | join kind=leftouter (samples | where n == 1 | project n, right = name, rightAt = at) on n | project name, right, rightAt, n1`,
    columns: 'name:string, right:string, rightAt:datetime, n1:long',
    rows: [
      ['alpha', 'alpha', '2026-01-01T00:00:00Z', 1],
      ['Beta', '', null, null],
      ['gamma-delta', '', null, null],
      ['', '', null, null],
    ],
  },
  {
    claim: 'fullouter keeps both sides',
    query: `samples | where name == 'alpha' | project n, left = name | join kind=fullouter (samples | where n == 2 | project n, right = name) on n`,
    columns: 'n:long, left:string, n1:long, right:string',
    rows: [
      [1, 'alpha', null, ''],
      [null, '', 2, 'Beta'],
      [null, '', 2, ''],
    ],
  },
  {
    claim: 'keys of different names, several at once',
    query: `samples | join kind=inner (samples | project m = n, other = name, flag = b) on $left.n == $right.m, $left.b == $right.flag | project name, other`,
    columns: 'name:string, other:string',
    rows: [
      ['alpha', 'alpha'],
      ['Beta', 'Beta'],
      ['gamma-delta', 'gamma-delta'],
      ['', ''],
    ],
  },
  {
    claim: 'keys match by exact case',
    query: `resources | where type endswith 'machines' | join kind=inner (resources | where type endswith '/extensions' | project id = tostring(split(id, '/extensions/')[0])) on id | project name`,
    columns: 'name:string',
    rows: [['web02']],
  },
  {
    claim: 'three joins are allowed',
    query: `samples | where n == 1 | join (samples | project n) on n | join (samples | project n) on n | join (samples | project n) on n | project name`,
    columns: 'name:string',
    rows: [['alpha']],
  },
  {
    claim: 'columns of the same name get a number',
    query: `samples | where n == 1 | project name, n | join kind=inner (samples | project name, n) on n`,
    columns: 'name:string, n:long, name1:string, n1:long',
    rows: [['alpha', 1, 'alpha', 1]],
  },
  {
    claim: 'union lines columns up by name',
    query: `samples | where n == 1 | project name, n | union (samples | where n == 2 | project name, r)`,
    columns: 'name:string, n:long, r:real',
    rows: [
      ['alpha', 1, null],
      ['Beta', null, -2.5],
      ['', null, 0],
    ],
  },
  {
    claim: 'union splits a name of two types',
    query: `samples | where n == 1 | project v = name | union (samples | where n == 1 | project v = n)`,
    columns: 'v_string:string, v_long:long',
    rows: [
      ['alpha', null],
      ['', 1],
    ],
  },
  {
    claim: 'union kind=inner of equal columns',
    query: `samples | where n == 1 | project name, n | union kind=inner (samples | where name == 'Beta' | project name, n)`,
    columns: 'name:string, n:long',
    rows: [
      ['alpha', 1],
      ['Beta', 2],
    ],
  },
  {
    claim: 'union starts a query',
    query: `union (samples | where n == 1 | project name), (resources | where name == 'web01' | project name)`,
    columns: 'name:string',
    rows: [['alpha'], ['web01']],
  },
  {
    claim: 'tables are named in any casing',
    query: `Samples | where n == 1 | join kind=inner (SAMPLES | project n) on n | count`,
    columns: 'Count:long',
    rows: [[1]],
  },
  {
    claim: 'the sides of a join condition may be swapped',
    query: `samples | where n == 1 | join kind=inner (samples | project m = n, other = name) on $right.m == $left.n | project name, other`,
    columns: 'name:string, other:string',
    rows: [['alpha', 'alpha']],
  },
  {
    claim: 'innerunique written out is the default',
    query: `samples | where n == 2 | project n | join kind=innerunique (samples | where n == 2 | project n, name) on n`,
    columns: 'n:long, n1:long, name:string',
    rows: [
      [2, 2, 'Beta'],
      [2, 2, ''],
    ],
  },
  {
    claim: 'leftouter gives a left row once for each partner',
    query: `samples | where n == 1 or isnull(n) | project n, left = name | extend key = 2 | join kind=leftouter (samples | project key = n, right = name) on key | project left, right`,
    columns: 'left:string, right:string',
    rows: [
      ['alpha', 'Beta'],
      ['alpha', ''],
      ['gamma-delta', 'Beta'],
      ['gamma-delta', ''],
    ],
  },
  {
    claim: 'null keys match in leftouter and fullouter',
    query: `samples | where isnull(n) | project n, left = name | join kind=fullouter (samples | where isnull(n) or n == 1 | project n, right = name) on n | project left, right`,
    columns: 'left:string, right:string',
    rows: [
      ['gamma-delta', 'gamma-delta'],
      ['', 'alpha'],
    ],
  },
  {
    claim: 'conditions joined by and',
    query: `samples | join kind=inner (samples | project m = n, flag = b, other = name) on $left.n == $right.m and $left.b == $right.flag | where n == 2 | project name, other`,
    columns: 'name:string, other:string',
    rows: [
      ['Beta', 'Beta'],
      ['', ''],
    ],
  },
  {
    claim: 'several keys by name',
    query: `samples | join kind=inner (samples | project n, b, other = name) on n, b | project name, other`,
    columns: 'name:string, other:string',
    rows: [
      ['alpha', 'alpha'],
      ['Beta', 'Beta'],
      ['gamma-delta', 'gamma-delta'],
      ['', ''],
    ],
  },
  {
    claim: 'keys that hold the same characters in other places do not match',
    query: `samples | where n == 1 | project a = 'x', b = 'yz' | join kind=inner (samples | where n == 1 | project a = 'xy', b = 'z') on a, b | count`,
    columns: 'Count:long',
    rows: [[0]],
  },
  {
    claim: 'each further column of a name gets the next number',
    query: `samples | where n == 1 | project n | join (samples | project n) on n | join (samples | project n) on n`,
    columns: 'n:long, n1:long, n2:long',
    rows: [[1, 1, 1]],
  },
  {
    claim: 'two other tables may be joined once each',
    query: `resources | where name == 'web01' | extend sub = subscriptionId | join kind=inner (securityresources | where name == 'VirtualMachines' | project sub = subscriptionId, plan = tostring(properties.subPlan)) on sub | join kind=leftouter (policyresources | where name == 'deploy-mde' | project sub = subscriptionId, policy = name) on sub | project name, plan, policy`,
    columns: 'name:string, plan:string, policy:string',
    rows: [['web01', 'P2', 'deploy-mde']],
  },
  {
    claim: 'a summary joins back to its rows',
    query: `samples | join kind=inner (samples | summarize twins = count() by n) on n | where twins > 1 | project name, twins`,
    columns: 'name:string, twins:long',
    rows: [
      ['Beta', 2],
      ['', 2],
    ],
  },
  {
    claim: 'bools and datetimes are keys too',
    query: `samples | where name == 'alpha' | join kind=inner (samples | project at, b, other = name) on at, b | project other`,
    columns: 'other:string',
    rows: [['alpha']],
  },
  {
    claim: 'union of whole tables',
    query: `resources | union securityresources, policyresources | summarize count()`,
    columns: 'count_:long',
    rows: [[11]],
  },
  {
    claim: 'union keeps duplicates',
    query: `samples | where n == 1 | project name | union (samples | where n == 1 | project name)`,
    columns: 'name:string',
    rows: [['alpha'], ['alpha']],
  },
  {
    claim: 'union kind=outer fills with null and empty text',
    query: `samples | where n == 1 | project n, at | union kind=outer (samples | where name == 'Beta' | project name, d)`,
    columns: 'n:long, at:datetime, name:string, d:dynamic',
    rows: [
      [1, '2026-01-01T00:00:00Z', '', null],
      [null, null, 'Beta', { a: 'x', b: null, list: ['p', 'q'] }],
    ],
  },
];
