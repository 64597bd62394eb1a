/** The column types Resource Graph tables and results use. */
export type KqlType = 'string' | 'long' | 'int' | 'real' | 'bool' | 'datetime' | 'timespan' | 'dynamic';

export interface KqlColumn {
  readonly name: string;
  readonly type: KqlType;
}

/** Every table a query may name, with its columns in order. */
export interface KqlSchema {
  readonly tables: Readonly<Record<string, Readonly<Record<string, KqlType>>>>;
}

/** A row as the estate keeps it: plain JSON, a missing property is null. */
export type Row = Record<string, unknown>;

/** Cells are plain JSON: a datetime is ISO text in UTC, a timespan is `d.hh:mm:ss`. */
export interface KqlResult {
  readonly columns: readonly KqlColumn[];
  readonly rows: readonly (readonly unknown[])[];
  /** true when a sort or top still decides the order of the rows; otherwise the order means nothing. */
  readonly ordered: boolean;
}

/** Rows of one table read once for many runs, for the engine that prepared them. A prepared row must not be changed afterwards. */
export interface PreparedRows {
  readonly table: string;
  readonly length: number;
  /** The rows that pass the test, in the same order; none is read again. */
  filter(test: (row: Row) => boolean): PreparedRows;
}

export interface KqlEngine {
  /** Columns of the result; throws KqlError for anything that can be refused without looking at a row. */
  check(query: string): readonly KqlColumn[];
  /** Reads rows against the columns of their table. A row object seen before for the same table is not read again. */
  prepare(table: string, rows: readonly Row[]): PreparedRows;
  /** Rows of the tables the query names, read at `now` (ms since the Unix epoch); throws KqlError. Cells may be parts of the given rows. */
  run(query: string, tables: Readonly<Record<string, readonly Row[] | PreparedRows>>, now: number): KqlResult;
}
