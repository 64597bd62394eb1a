import { implementedCatalogue } from './catalogue.ts';
import { compileQuery } from './check.ts';
import { toJson } from './json.ts';
import { type QueryLimits, resourceGraphLimits } from './limits.ts';
import { type Language, loadLanguage } from './load.ts';
import type { Execution } from './plan.ts';
import { createPlanCache } from './plan-cache.ts';
import { createRowReader, ReadRows, readRows } from './rows.ts';
import { type BoundSchema, bindSchema } from './schema.ts';
import { fromInstant } from './time.ts';
import type { KqlColumn, KqlEngine, KqlSchema, KqlType, PreparedRows, Row } from './types.ts';
import type { Cells } from './values.ts';

export { KqlError } from './error.ts';
export type { QueryLimits } from './limits.ts';
export { huntingLimits, resourceGraphLimits } from './limits.ts';
export type { KqlColumn, KqlEngine, KqlResult, KqlSchema, KqlType, PreparedRows, Row } from './types.ts';

/** An engine for one schema. The parser is loaded with the first query, not before: it takes most of a second. */
export function createKqlEngine(schema: KqlSchema, limits: QueryLimits = resourceGraphLimits): KqlEngine {
  const columns = columnsByTable(schema);
  const reader = createRowReader();
  let loaded: { language: Language; bound: BoundSchema } | undefined;

  function load(): { language: Language; bound: BoundSchema } {
    const language = loadLanguage();
    return { language, bound: bindSchema(schema, language, implementedCatalogue(language)) };
  }

  const planOf = createPlanCache((query) => {
    loaded ??= load();
    return compileQuery(query, loaded.language, loaded.bound, limits);
  });

  return {
    check: (query) => planOf(query).columns,
    prepare(table, rows) {
      const key = table.toLowerCase();
      const known = columns.get(key);
      if (!known) throw new Error(`There is no table ${table}.`);
      return reader(key, known, rows);
    },
    run(query, tables, now) {
      const plan = planOf(query);
      const rows = plan.run(execution(columns, tables, now));
      return { columns: plan.columns, rows: resultRows(rows, plan.columns), ordered: plan.ordered };
    },
  };
}

/** Only these hold what is not JSON as it stands. */
const converted: ReadonlySet<KqlType> = new Set(['datetime', 'timespan', 'dynamic']);

function resultRows(rows: readonly Cells[], columns: readonly KqlColumn[]): readonly (readonly unknown[])[] {
  const places = columns.flatMap(({ type }, index) => (converted.has(type) ? [index] : []));
  if (places.length === 0) return rows;
  return rows.map((cells): readonly unknown[] => {
    const result: unknown[] = cells.slice();
    for (const place of places) result[place] = toJson(cells[place] ?? null);
    return result;
  });
}

function columnsByTable(schema: KqlSchema): ColumnsByTable {
  return new Map(
    Object.entries(schema.tables).map(([table, types]) => [
      table.toLowerCase(),
      Object.entries(types).map(([name, type]) => ({ name, type })),
    ]),
  );
}

type ColumnsByTable = ReadonlyMap<string, readonly KqlColumn[]>;

function execution(columns: ColumnsByTable, tables: Readonly<Record<string, readonly Row[] | PreparedRows>>, now: number): Execution {
  const given = new Map(Object.entries(tables).map(([name, rows]) => [name.toLowerCase(), rows]));
  const read = new Map<string, readonly Cells[]>();
  return {
    now: fromInstant(now),
    rows(table) {
      const cells = read.get(table) ?? cellsOf(table, given.get(table) ?? [], columns.get(table) ?? []);
      read.set(table, cells);
      return cells;
    },
  };
}

function cellsOf(table: string, rows: readonly Row[] | PreparedRows, columns: readonly KqlColumn[]): readonly Cells[] {
  if (!(rows instanceof ReadRows)) {
    if (!Array.isArray(rows)) throw new Error(`The rows of ${table} were not prepared by an engine.`);
    return readRows(table, columns, rows);
  }
  if (rows.table !== table) throw new Error(`The rows given for ${table} were prepared for ${rows.table}.`);
  return rows.cells;
}
