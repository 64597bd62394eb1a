/** One row of a CSV text. `line` is where it begins, counted from 1. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

export type ParsedCsv =
  | { readonly kind: 'ok'; readonly rows: readonly CsvRow[] }
  /** The first place that cannot be read, and what should stand there. */
  | { readonly kind: 'broken'; readonly line: number; readonly expected: string };

/** Thrown where the text cannot be read, and caught again here. */
class Broken extends Error {
  readonly at: number;
  constructor(at: number, expected: string) {
    super(expected);
    this.at = at;
  }
}

/**
 * Reads CSV as RFC 4180 has it, and strictly: a quote only around a whole cell, doubled inside one; lines end with LF or CRLF. The separator is
 * the semicolon where the first line holds one, else the comma. Rows without anything in them are left out.
 */
export function parseCsv(text: string): ParsedCsv {
  const separator = text.split('\n', 1)[0]?.includes(';') ? ';' : ',';
  const rows: CsvRow[] = [];
  let [at, line] = [0, 1];
  try {
    while (at < text.length) {
      const { cells, end } = readRow(text, at, separator);
      if (cells.some((cell) => cell.trim() !== '')) rows.push({ line, cells });
      line += lineEnds(text, at, end);
      at = end;
    }
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    return { kind: 'broken', line: line + lineEnds(text, at, error.at), expected: error.message };
  }
  return { kind: 'ok', rows };
}

function readRow(text: string, start: number, separator: string): { cells: string[]; end: number } {
  const cells: string[] = [];
  for (let at = start; ; at += 1) {
    const cell = text[at] === '"' ? quoted(text, at) : bare(text, at, separator);
    cells.push(cell.value);
    at = cell.end;
    if (at === text.length) return { cells, end: at };
    if (text[at] === '\n') return { cells, end: at + 1 };
    if (text[at] === '\r' && text[at + 1] === '\n') return { cells, end: at + 2 };
    if (text[at] === '\r') throw new Broken(at, 'lines that end with LF or CRLF');
    if (text[at] !== separator) throw new Broken(at, `nothing but “${separator}” or the end of the line behind a closing quote`);
  }
}

function quoted(text: string, start: number): { value: string; end: number } {
  let value = '';
  for (let at = start + 1; ; ) {
    const quote = text.indexOf('"', at);
    if (quote < 0) throw new Broken(start, 'a quote that is closed again');
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') return { value, end: quote + 1 };
    value += '"';
    at = quote + 2;
  }
}

function bare(text: string, start: number, separator: string): { value: string; end: number } {
  let end = start;
  while (end < text.length && text[end] !== separator && text[end] !== '\n' && text[end] !== '\r') {
    if (text[end] === '"') throw new Broken(end, 'a quote only around a whole cell, and doubled inside one');
    end += 1;
  }
  return { value: text.slice(start, end), end };
}

function lineEnds(text: string, from: number, to: number): number {
  let found = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) found += 1;
  return found;
}
