import { toDatetime, toTimespan } from './convert.ts';
import type { Fail } from './fail.ts';
import { fromJson } from './json.ts';
import type { KqlColumn, KqlType, PreparedRows, Row } from './types.ts';
import type { Cells, Value } from './values.ts';

const readers: Readonly<Record<KqlType, (value: unknown, fail: Fail) => Value>> = {
  string: (value, fail) => (typeof value === 'string' ? value : fail('is not text')),
  long: (value, fail) => (Number.isSafeInteger(value) ? Number(value) : fail('is not a whole number')),
  int: (value, fail) => (Number.isSafeInteger(value) ? Number(value) : fail('is not a whole number')),
  real: (value, fail) => (typeof value === 'number' ? value : fail('is not a number')),
  bool: (value, fail) => (typeof value === 'boolean' ? value : fail('is not a bool')),
  datetime: (value, fail) => (typeof value === 'string' ? toDatetime(value, fail) : fail('is not ISO text')),
  timespan: (value, fail) => (typeof value === 'string' ? toTimespan(value, fail) : fail('is not timespan text')),
  dynamic: fromJson,
};

/** Rows and, side by side, the cells read from them. */
export class ReadRows implements PreparedRows {
  readonly table: string;
  readonly cells: readonly Cells[];
  readonly #rows: readonly Row[];

  constructor(table: string, rows: readonly Row[], cells: readonly Cells[]) {
    this.table = table;
    this.cells = cells;
    this.#rows = rows;
  }

  get length(): number {
    return this.cells.length;
  }

  filter(test: (row: Row) => boolean): ReadRows {
    const kept = this.#rows.flatMap((row, index) => (test(row) ? [index] : []));
    return new ReadRows(
      this.table,
      kept.map((index) => this.#rows[index] as Row),
      kept.map((index) => this.cells[index] as Cells),
    );
  }
}

export type RowReader = (table: string, columns: readonly KqlColumn[], rows: readonly Row[]) => ReadRows;

/** Turns rows of an estate into cells of the declared types, each row object once; a row that does not fit is a mistake of the estate. */
export function createRowReader(): RowReader {
  const known = new Map<string, WeakMap<Row, Cells>>();

  return (table, columns, rows) => {
    const read = known.get(table) ?? new WeakMap<Row, Cells>();
    known.set(table, read);
    const cells = rows.map((row, index) => {
      const found = read.get(row);
      if (found) return found;
      const fresh = readRow(table, columns, row, index);
      read.set(row, fresh);
      return fresh;
    });
    return new ReadRows(table, rows, cells);
  };
}

/** The cells of rows nobody keeps. */
export function readRows(table: string, columns: readonly KqlColumn[], rows: readonly Row[]): readonly Cells[] {
  return rows.map((row, index) => readRow(table, columns, row, index));
}

function readRow(table: string, columns: readonly KqlColumn[], row: Row, index: number): Cells {
  return columns.map(({ name, type }) => {
    const value = Object.hasOwn(row, name) ? row[name] : undefined;
    if (value === null || value === undefined) return type === 'string' ? '' : null;
    return readers[type](value, (message) => {
      throw new Error(`Row ${index} of table ${table}: the ${type} column ${name} ${message}.`);
    });
  });
}
