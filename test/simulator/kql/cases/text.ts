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
];
