import { implementedCatalogue } from './catalogue.ts';
import { compileQuery } from './check.ts';
import { toJson } from './convert.ts';
import { type QueryLimits, resourceGraphLimits } from './limits.ts';
import { type Language, loadLanguage } from './load.ts';
import type { Execution, Plan } from './plan.ts';
import { readRows } from './rows.ts';
import { type BoundSchema, bindSchema } from './schema.ts';
import { fromInstant } from './time.ts';
import type { KqlEngine, KqlSchema, Row } from './types.ts';
import type { Cells } from './values.ts';

export { KqlError } from './error.ts';
export type { QueryLimits } from './limits.ts';
export { resourceGraphLimits } from './limits.ts';
export type { KqlColumn, KqlEngine, KqlResult, KqlSchema, KqlType, Row } from './types.ts';

/** An engine for one schema. The parser is loaded with the first query, not before: it takes most of a second. */
export function createKqlEngine(schema: KqlSchema, limits: QueryLimits = resourceGraphLimits): KqlEngine {
  let loaded: { language: Language; bound: BoundSchema } | undefined;

  function load(): { language: Language; bound: BoundSchema } {
    const language = loadLanguage();
    return { language, bound: bindSchema(schema, language, implementedCatalogue(language)) };
  }

  function compile(query: string): { plan: Plan; bound: BoundSchema } {
    loaded ??= load();
    return { plan: compileQuery(query, loaded.language, loaded.bound, limits), bound: loaded.bound };
  }

  return {
    check: (query) => compile(query).plan.columns,
    run(query, tables, now) {
      const { plan, bound } = compile(query);
      const rows = plan.run(execution(bound, tables, now));
      return { columns: plan.columns, rows: rows.map((cells) => cells.map(toJson)), ordered: plan.ordered };
    },
  };
}

function execution(bound: BoundSchema, tables: Readonly<Record<string, readonly Row[]>>, now: number): Execution {
  const given = new Map(Object.entries(tables).map(([name, rows]) => [name.toLowerCase(), rows]));
  const read = new Map<string, readonly Cells[]>();
  return {
    now: fromInstant(now),
    rows(table) {
      const cells = read.get(table) ?? readRows(table, bound.table(table) ?? [], given.get(table) ?? []);
      read.set(table, cells);
      return cells;
    },
  };
}
