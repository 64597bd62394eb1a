import { type Fail, fromJson, toDatetime, toTimespan } from './convert.ts';
import type { KqlColumn, KqlType, Row } from './types.ts';
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

/** Turns rows of an estate into cells of the declared types; a row that does not fit its table is a mistake of the estate. */
export function readRows(table: string, columns: readonly KqlColumn[], rows: readonly Row[]): readonly Cells[] {
  return rows.map((row, index) =>
    columns.map(({ name, type }) => {
      const value = Object.hasOwn(row, name) ? row[name] : undefined;
      if (value === null || value === undefined) return type === 'string' ? '' : null;
      return readers[type](value, (message) => {
        throw new Error(`Row ${index} of table ${table}: the ${type} column ${name} ${message}.`);
      });
    }),
  );
}
