import type { GoldenCase } from '../golden-case.ts';

export const textCases: readonly GoldenCase[] = [
  {
    claim: 'case, length and joining',
    query: `samples | project lower = tolower(name), upper = toupper(name), length = strlen(name), joined = strcat(name, '/', n, '/', b, '/', r)`,
    columns: 'lower:string, upper:string, length:long, joined:string',
    rows: [
      ['alpha', 'ALPHA', 5, 'alpha/1/True/1.5'],
      ['beta', 'BETA', 4, 'Beta/2/False/-2.5'],
      ['gamma-delta', 'GAMMA-DELTA', 11, 'gamma-delta///'],
      ['', '', 0, '/2/True/0.0'],
    ],
  },
  {
    claim: 'substring counts from the end when negative and stops at the end',
    query: `samples | where name == 'alpha' | project a = substring(name, 1, 3), b = substring(name, -2), c = substring(name, 3, 99), d = substring(name, 9, 1)`,
    columns: 'a:string, b:string, c:string, d:string',
    rows: [['lph', 'ha', 'ha', '']],
  },
  {
    claim: 'split gives an array, and one part when asked',
    query: `samples | where name startswith 'gamma' | project parts = split(name, '-'), second = split(name, '-', 1), none = split(name, '-', 5), empty = split('', '-')`,
    columns: 'parts:dynamic, second:dynamic, none:dynamic, empty:dynamic',
    rows: [[['gamma', 'delta'], ['delta'], null, ['']]],
  },
  {
    claim: 'replace_string takes the text literally, replace_regex rewrites groups',
    query: `samples | where name startswith 'gamma' | project a = replace_string(name, 'a', '$&'), b = replace_regex(name, '([a-z])m+', '<\\\\1>')`,
    columns: 'a:string, b:string',
    rows: [['g$&mm$&-delt$&', 'g<a>a-delta']],
  },
  {
    claim: 'extract gives a group, nothing, or a typed value',
    query: `samples | where n == 1 | project a = extract('([a-z])ph', 1, name), b = extract('x(.)', 1, name), c = extract('v(\\\\d+)', 1, 'v42', typeof(long)), all = extract_all('([aeiou])', name)`,
    columns: 'a:string, b:string, c:long, all:dynamic',
    rows: [['l', '', 42, ['a', 'a']]],
  },
  {
    claim: 'trim takes the pattern off once on each side',
    query: `samples | where n == 1 | project both = trim('-', '--x--'), start = trim_start('[-]+', '--x--'), end = trim_end('-', '--x--'), space = trim('\\\\s+', '  x ')`,
    columns: 'both:string, start:string, end:string, space:string',
    rows: [['-x-', 'x--', '--x-', 'x']],
  },
  {
    claim: 'countof counts overlaps, a regex does not',
    query: `samples | where n == 1 | project plain = countof('aaaa', 'aa'), regex = countof('aaaa', 'aa', 'regex')`,
    columns: 'plain:long, regex:long',
    rows: [[3, 2]],
  },
  {
    claim: 'indexof is -1 when absent',
    query: `samples | project name, at = indexof(name, 'a'), later = indexof(name, 'a', 2)`,
    columns: 'name:string, at:long, later:long',
    rows: [
      ['alpha', 0, 4],
      ['Beta', 3, 3],
      ['gamma-delta', 1, 4],
      ['', -1, -1],
    ],
  },
  {
    claim: 'isempty and isnull of text',
    query: `samples | project name, empty = isempty(name), filled = isnotempty(name), isnull = isnull(name)`,
    columns: 'name:string, empty:bool, filled:bool, isnull:bool',
    rows: [
      ['alpha', false, true, false],
      ['Beta', false, true, false],
      ['gamma-delta', false, true, false],
      ['', true, false, false],
    ],
  },
  {
    claim: 'coalesce passes over empty text',
    query: `samples | project text = coalesce(name, tostring(n), 'none')`,
    columns: 'text:string',
    rows: [['alpha'], ['Beta'], ['gamma-delta'], ['2']],
  },
  {
    claim: 'other text functions',
    query: `samples | where n == 1 | project back = reverse(name), delimited = strcat_delim('|', name, n), compared = strcmp('a', 'b')`,
    columns: 'back:string, delimited:string, compared:long',
    rows: [['ahpla', 'alpha|1', -1]],
  },
  {
    claim: 'a verbatim pattern keeps its backslashes',
    query: `samples | where n == 1 | project found = extract(@'(\\d+)\\.(\\d+)', 2, '10.25')`,
    columns: 'found:string',
    rows: [['25']],
  },
  {
    claim: 'strlen counts characters, string_size bytes',
    query: `samples | where n == 1 | project a = strlen('naïve'), b = string_size('naïve'), c = strlen('😀'), d = string_size('😀'), e = string_size(''), f = string_size(d)`,
    columns: 'a:long, b:long, c:long, d:long, e:long, f:long',
    rows: [[5, 6, 1, 4, 0, 7]],
  },
  {
    claim: 'indexof counts occurrences from a start',
    query: `samples | where n == 1 | project a = indexof('banana', 'an'), b = indexof('banana', 'an', 2), c = indexof('banana', 'an', 0, -1, 2), d = indexof('banana', 'an', 0, -1, 3), e = indexof('Banana', 'b')`,
    columns: 'a:long, b:long, c:long, d:long, e:long',
    rows: [[1, 3, 3, -1, -1]],
  },
  {
    claim: 'translate replaces character by character, its last replacement repeats',
    query: `samples | where n == 1 | project a = translate('krasp', 'otsku', 'spark'), b = translate('abc', 'x', 'aabbc-d'), c = translate('ab', '', 'abc')`,
    columns: 'a:string, b:string, c:string',
    rows: [['kusto', 'xxxxx-d', 'c']],
  },
  {
    claim: 'strrep repeats, with something between if asked',
    query: `samples | where n == 1 | project a = strrep('ab', 3), b = strrep('a', 2, '-'), c = strrep('a', 0)`,
    columns: 'a:string, b:string, c:string',
    rows: [['ababab', 'a-a', '']],
  },
  {
    claim: 'split keeps empty parts',
    query: `samples | where n == 1 | project a = split('a,,b', ','), b = split('abc', 'x'), c = split('a::b', '::'), d = tostring(split('/subscriptions/1/resourceGroups/rg', '/')[4])`,
    columns: 'a:dynamic, b:dynamic, c:dynamic, d:string',
    rows: [[['a', '', 'b'], ['abc'], ['a', 'b'], 'rg']],
  },
  {
    claim: 'replace_string replaces every occurrence, replace_regex every match',
    query: `samples | where n == 1 | project a = replace_string('a.b.c', '.', ''), b = replace_regex('a1b22', '[0-9]+', '#'), c = replace_regex('x', 'y', 'z')`,
    columns: 'a:string, b:string, c:string',
    rows: [['abc', 'a#b#', 'x']],
  },
  {
    claim: 'extract gives the whole match as group 0 and empty text without one',
    query: `samples | where n == 1 | project a = extract('l(p)h', 0, name), b = extract('l(p)h', 1, name), c = extract('(z)', 1, name), d = extract('(\\\\d+)', 1, 'none', typeof(long))`,
    columns: 'a:string, b:string, c:string, d:long',
    rows: [['lph', 'p', '', null]],
  },
  {
    claim: 'extract_all of several groups gives an array for each match',
    query: `samples | where n == 1 | project a = extract_all('([a-z])([0-9])', 'a1b2'), b = extract_all('(x)', 'abc')`,
    columns: 'a:dynamic, b:dynamic',
    rows: [
      [
        [
          ['a', '1'],
          ['b', '2'],
        ],
        null,
      ],
    ],
  },
  {
    claim: 'substring of nothing and beyond the end is empty',
    query: `samples | where n == 1 | project a = substring('', 0, 3), b = substring(name, 5), c = substring(name, 0, 0), d = substring(tostring(d.absent), 1)`,
    columns: 'a:string, b:string, c:string, d:string',
    rows: [['', '', '', '']],
  },
  {
    claim: 'joining bools, times and nothing into text',
    query: `samples | project text = strcat(b, '|', at, '|', span)`,
    columns: 'text:string',
    rows: [
      ['True|2026-01-01T00:00:00.0000000Z|01:00:00'],
      ['False|2026-01-02T03:04:05.1234567Z|1.00:00:00'],
      ['||'],
      ['True|2025-12-31T23:59:59.0000000Z|-00:30:00'],
    ],
  },
  {
    claim: 'case functions on a property that is missing give empty text',
    query: `samples | where n == 1 | project a = tolower(d.absent), b = toupper(tostring(d.absent)), c = strlen(tostring(d.absent)), d = trim(' ', tostring(d.absent))`,
    columns: 'a:string, b:string, c:long, d:string',
    rows: [['', '', 0, '']],
  },
  {
    claim: 'a blank is not empty, and text is never null',
    query: `samples | where n == 1 | project a = isempty(' '), b = isnull(''), c = isnotnull(''), d = isnotempty(tostring(dynamic(null)))`,
    columns: 'a:bool, b:bool, c:bool, d:bool',
    rows: [[false, false, true, false]],
  },
];
