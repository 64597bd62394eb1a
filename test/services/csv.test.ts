import { parseCsv } from '../../services/csv.ts';

const cells = (text: string) => {
  const parsed = parseCsv(text);
  return parsed.kind === 'ok' ? parsed.rows.map((row) => row.cells) : parsed;
};

test.each<[string, string, string[][]]>([
  [
    'commas',
    'a,b\nc,d\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'semicolons, with commas as text',
    'a;b\n1,5;2\n',
    [
      ['a', 'b'],
      ['1,5', '2'],
    ],
  ],
  [
    'CRLF, and no line end at the end',
    'a,b\r\nc,d',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['quotes around separators, line ends and quotes', '"a,""b""","c\r\nd"\n', [['a,"b"', 'c\r\nd']]],
  [
    'empty cells',
    'a,,\n,"",b\n',
    [
      ['a', '', ''],
      ['', '', 'b'],
    ],
  ],
  [
    'blank lines, which are no rows',
    '\na,b\n\n , \n\nc,d\n\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['nothing', '', []],
])('reads %s', (_name, text, expected) => {
  expect(cells(text)).toEqual(expected);
});

test.each<[string, string, number, string]>([
  ['a quote that is never closed', 'a,b\n1,2\n3,"4\n5,6\n', 3, 'a quote that is closed again'],
  ['a quote in the middle of a cell', 'a,b\n1,2"3\n', 2, 'a quote only around a whole cell, and doubled inside one'],
  ['text behind a closing quote', 'a,b\n"1"2,3\n', 2, 'nothing but “,” or the end of the line behind a closing quote'],
  ['text behind a quote that spans lines', 'a,b\n"1\n\n2"3,4\n', 4, 'nothing but “,” or the end of the line behind a closing quote'],
  ['line ends of an old Mac', 'a,b\r1,2\r', 1, 'lines that end with LF or CRLF'],
])('refuses %s, with its line', (_name, text, line, expected) => {
  expect(parseCsv(text)).toEqual({ kind: 'broken', line, expected });
});

test('knows the line each row begins on', () => {
  const parsed = parseCsv('a\n"b\nb"\n\nc\n');
  expect(parsed.kind === 'ok' && parsed.rows.map(({ line }) => line)).toEqual([1, 2, 5]);
});

test('millions of quotes are read, not recursed into', () => {
  expect(cells(`"${'""'.repeat(2_000_000)}"`)).toEqual([['"'.repeat(2_000_000)]]);
});
