import { createKqlEngine, huntingLimits, type KqlResult } from '../../../simulator/azure/kql/index.ts';
import { dynamicCases } from './cases/dynamic.ts';
import { filterCases } from './cases/filter.ts';
import { huntingCases } from './cases/hunting.ts';
import { joinsCases } from './cases/joins.ts';
import { numbersCases } from './cases/numbers.ts';
import { productCases } from './cases/product.ts';
import { shapeCases } from './cases/shape.ts';
import { summarizeCases } from './cases/summarize.ts';
import { textCases } from './cases/text.ts';
import { timeCases } from './cases/time.ts';
import type { GoldenCase } from './golden-case.ts';
import { huntingSchema, huntingTables } from './hunting-tables.ts';
import { schema, tables } from './tables.ts';

const now = Date.UTC(2026, 0, 10, 12);
const engine = createKqlEngine(schema);
const huntingEngine = createKqlEngine(huntingSchema, huntingLimits);

const themes: Readonly<Record<string, readonly GoldenCase[]>> = {
  'queries as the product asks them': productCases,
  'where and its operators': filterCases,
  'dynamic values and mv-expand': dynamicCases,
  text: textCases,
  numbers: numbersCases,
  time: timeCases,
  'summarize, count and distinct': summarizeCases,
  'join and union': joinsCases,
  'columns and order': shapeCases,
};

function sorted(rows: readonly (readonly unknown[])[]): string[] {
  return rows.map((row) => JSON.stringify(row)).toSorted();
}

function prove(result: KqlResult, { columns, ordered, rows }: GoldenCase): void {
  expect(result.columns.map(({ name, type }) => `${name}:${type}`).join(', ')).toBe(columns);
  expect(result.ordered).toBe(ordered === true);
  if (ordered) expect(JSON.stringify(result.rows)).toBe(JSON.stringify(rows));
  else expect(sorted(result.rows)).toEqual(sorted(rows));
}

describe.each(Object.entries(themes))('%s', (_theme, cases) => {
  test.each(cases)('$claim', (golden) => prove(engine.run(golden.query, tables, now), golden));
});

describe('advanced hunting', () => {
  test.each(huntingCases)('$claim', (golden) => prove(huntingEngine.run(golden.query, huntingTables, now), golden));
});

test('there are at least 200 golden cases, no two with one claim or one query', () => {
  const all = [...Object.values(themes).flat(), ...huntingCases];
  expect(all.length).toBeGreaterThanOrEqual(200);
  expect(new Set(all.map(({ claim }) => claim)).size).toBe(all.length);
  expect(new Set(all.map(({ query }) => query)).size).toBe(all.length);
});

test('the same query on the same rows gives the same bytes twice', () => {
  const query = 'resources | summarize count() by type | join (resources | project type, name) on type';
  expect(JSON.stringify(engine.run(query, tables, now))).toBe(JSON.stringify(engine.run(query, tables, now)));
});

test('a table of the schema without rows reads as empty', () => {
  expect(engine.run('resources | count', {}, now).rows).toEqual([[0]]);
});

test('mv-expand keeps 128 elements of a row unless told otherwise, and 400 at most', () => {
  const long = { resources: [{ id: 'a', properties: { items: Array.from({ length: 500 }, (_, index) => index) } }] };
  expect(engine.run('resources | mv-expand i = properties.items | count', long, now).rows).toEqual([[128]]);
  expect(engine.run('resources | mv-expand i = properties.items limit 400 | count', long, now).rows).toEqual([[400]]);
});

test('a row that does not fit its column names the table, the row and the column', () => {
  expect(() => engine.run('resources | count', { resources: [{ name: 7 }] }, now)).toThrow(
    'Row 0 of table resources: the string column name is not text.',
  );
});
