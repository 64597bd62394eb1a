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

export interface KqlEngine {
  /** Columns of the result; throws KqlError for anything that can be refused without looking at a row. */
  check(query: string): readonly KqlColumn[];
  /** Rows of the tables the query names, read at `now` (ms since the Unix epoch); throws KqlError. */
  run(query: string, tables: Readonly<Record<string, readonly Row[]>>, now: number): KqlResult;
}
