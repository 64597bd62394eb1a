import type { GoldenCase } from '../golden-case.ts';

export const dynamicCases: readonly GoldenCase[] = [
  {
    claim: 'paths through missing parts are null',
    query: `samples | project name, a = d.a, deep = d.a.b.c, item = d[0], key = d['a'], none = d['constructor']`,
    columns: 'name:string, a:dynamic, deep:dynamic, item:dynamic, key:dynamic, none:dynamic',
    rows: [
      ['alpha', null, null, 1, null, null],
      ['Beta', 'x', null, null, 'x', null],
      ['gamma-delta', null, null, null, null, null],
      ['', null, null, null, null, null],
    ],
  },
  {
    claim: 'negative indexes count from the end',
    query: `samples | project name, tail = d[-1], list = d.list[(-1)], beyond = d[9]`,
    columns: 'name:string, tail:dynamic, list:dynamic, beyond:dynamic',
    rows: [
      ['alpha', 3, null, null],
      ['Beta', null, 'q', null],
      ['gamma-delta', null, null, null],
      ['', null, null, null],
    ],
  },
  {
    claim: 'array_length of anything but an array is null',
    query: `samples | project name, length = array_length(d)`,
    columns: 'name:string, length:long',
    rows: [
      ['alpha', 3],
      ['Beta', null],
      ['gamma-delta', null],
      ['', 0],
    ],
  },
  {
    claim: 'bag_keys of anything but a bag is null',
    query: `samples | project name, keys = bag_keys(d)`,
    columns: 'name:string, keys:dynamic',
    rows: [
      ['alpha', null],
      ['Beta', ['a', 'b', 'list']],
      ['gamma-delta', null],
      ['', null],
    ],
  },
  {
    claim: 'isnull and isempty of dynamic values',
    query: `samples | project name, nul = isnull(d), a = isempty(d.a), b = isnotempty(d.b)`,
    columns: 'name:string, nul:bool, a:bool, b:bool',
    rows: [
      ['alpha', false, true, false],
      ['Beta', false, false, false],
      ['gamma-delta', true, true, false],
      ['', false, true, false],
    ],
  },
  {
    claim: 'tostring of arrays and bags is JSON without blanks',
    query: `samples | project name, text = tostring(d)`,
    columns: 'name:string, text:string',
    rows: [
      ['alpha', '[1,2,3]'],
      ['Beta', '{"a":"x","b":null,"list":["p","q"]}'],
      ['gamma-delta', ''],
      ['', '[]'],
    ],
  },
  {
    claim: 'tostring of a bool is True, inside a dynamic it is true',
    query: `patchassessmentresources | where name == 'latest' | project inside = tostring(properties.rebootPending), own = tostring(tobool(properties.rebootPending)), joined = strcat(properties.rebootPending, true)`,
    columns: 'inside:string, own:string, joined:string',
    rows: [['true', 'True', 'trueTrue']],
  },
  {
    claim: 'parse_json reads JSON and leaves other text as text',
    query: `samples | where name == 'alpha' | project object = parse_json('{"a":[1,{"b":null}]}').a[0], text = todynamic('not json'), empty = isnull(parse_json(''))`,
    columns: 'object:dynamic, text:dynamic, empty:bool',
    rows: [[1, 'not json', true]],
  },
  {
    claim: 'packing bags and arrays keeps types',
    query: `samples | where n == 1 | project bag = bag_pack('n', n, 'at', at, 'b', b), array = pack_array(n, name, d)`,
    columns: 'bag:dynamic, array:dynamic',
    rows: [[{ n: 1, at: '2026-01-01T00:00:00.0000000Z', b: true }, [1, 'alpha', [1, 2, 3]]]],
  },
  {
    claim: 'keys that name prototype members are only data',
    query: `samples | where n == 1 | extend bag = bag_pack('__proto__', 'x', 'constructor', 1) | project keys = bag_keys(bag), a = bag.__proto__, b = bag['constructor'], c = bag.toString`,
    columns: 'keys:dynamic, a:dynamic, b:dynamic, c:dynamic',
    rows: [[['__proto__', 'constructor'], 'x', 1, null]],
  },
  {
    claim: 'sets and membership',
    query: `samples | where name == 'Beta' | project has = set_has_element(d.list, 'q'), at = array_index_of(d.list, 'q'), miss = array_index_of(d.list, 'z'), merged = set_union(d.list, dynamic(['q', 'r'])), both = set_intersect(d.list, dynamic(['q'])), rest = set_difference(d.list, dynamic(['q']))`,
    columns: 'has:bool, at:long, miss:long, merged:dynamic, both:dynamic, rest:dynamic',
    rows: [[true, 1, -1, ['p', 'q', 'r'], ['q'], ['p']]],
  },
  {
    claim: 'bag_merge keeps the first value of a key',
    query: `samples | where name == 'Beta' | project merged = bag_merge(d, dynamic({'a': 'y', 'z': 1})), without = bag_remove_keys(d, dynamic(['list'])), has = bag_has_key(d, 'b')`,
    columns: 'merged:dynamic, without:dynamic, has:bool',
    rows: [[{ a: 'x', b: null, list: ['p', 'q'], z: 1 }, { a: 'x', b: null }, true]],
  },
  {
    claim: 'slices and concatenation',
    query: `samples | where name == 'alpha' | project slice = array_slice(d, 1, -1), joined = array_concat(d, dynamic(['x'])), back = array_reverse(d), text = strcat_array(d, '+')`,
    columns: 'slice:dynamic, joined:dynamic, back:dynamic, text:string',
    rows: [[[2, 3], [1, 2, 3, 'x'], [3, 2, 1], '1+2+3']],
  },
  {
    claim: 'mv-expand drops an empty array and keeps one row of null',
    query: `samples | mv-expand item = d | project name, item`,
    columns: 'name:string, item:dynamic',
    rows: [
      ['alpha', 1],
      ['alpha', 2],
      ['alpha', 3],
      ['Beta', { a: 'x' }],
      ['Beta', { b: null }],
      ['Beta', { list: ['p', 'q'] }],
      ['gamma-delta', null],
    ],
  },
  {
    claim: 'mv-expand of a bag gives one bag per key',
    query: `resources | where name == 'ARC-01' | mv-expand tag = tags | project tag`,
    columns: 'tag:dynamic',
    rows: [[{ ring: 'canary' }], [{ Owner: 'Ada' }]],
  },
  {
    claim: 'mv-expand of a bag as arrays gives pairs',
    query: `resources | where name == 'ARC-01' | mv-expand kind=array tag = tags | project key = tostring(tag[0]), value = tostring(tag[1])`,
    columns: 'key:string, value:string',
    rows: [
      ['ring', 'canary'],
      ['Owner', 'Ada'],
    ],
  },
  {
    claim: 'mv-expand side by side fills the shorter one with null',
    query: `samples | where name in ('alpha') | mv-expand a = d, b = dynamic(['x']) | project a, b`,
    columns: 'a:dynamic, b:dynamic',
    rows: [
      [1, 'x'],
      [2, null],
      [3, null],
    ],
  },
  {
    claim: 'mv-expand to a type converts each element',
    query: `samples | where name == 'alpha' | mv-expand item = d to typeof(string) | project item`,
    columns: 'item:string',
    rows: [['1'], ['2'], ['3']],
  },
  {
    claim: 'mv-expand in place replaces the column and numbers the items',
    query: `samples | where name == 'alpha' | mv-expand with_itemindex=i d | project i, d`,
    columns: 'i:long, d:dynamic',
    rows: [
      [0, 1],
      [1, 2],
      [2, 3],
    ],
  },
  {
    claim: 'mv-expand keeps only as many rows as its limit',
    query: `samples | where name == 'alpha' | mv-expand item = d limit 2 | project item`,
    columns: 'item:dynamic',
    rows: [[1], [2]],
  },
  {
    claim: 'a path expanded without a name takes the derived one',
    query: `resources | where name == 'web01' | mv-expand properties.storageProfile.dataDisks | project lun = toint(properties_storageProfile_dataDisks.lun)`,
    columns: 'lun:int',
    rows: [[0], [1]],
  },
];
