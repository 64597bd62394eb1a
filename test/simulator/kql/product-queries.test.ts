import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { queries } from '../../../services/azure/queries.ts';
import { COLUMNS, TABLES } from '../../../simulator/azure/graph-tables.ts';
import { createKqlEngine } from '../../../simulator/azure/kql/index.ts';
import { productQueryCases } from './cases/product-queries.ts';
import { productRows } from './cases/product-rows.ts';
import { tables } from './tables.ts';

const now = Date.UTC(2026, 0, 10, 12);
const engine = createKqlEngine({ tables: Object.fromEntries(TABLES.map((name) => [name, COLUMNS])) });
const root = join(__dirname, '../../..');

/** Every source file of the parts that ship. */
function sources(): string[] {
  return ['bot', 'cards', 'core', 'playbook', 'services'].flatMap((part) =>
    readdirSync(join(root, part), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(root, part, name)),
  );
}

describe('every query the product sends', () => {
  test('has a case, and every case a query', () => {
    expect(Object.keys(productQueryCases).toSorted()).toEqual(Object.keys(queries).toSorted());
  });

  test('stands in the file of its source: no other holds query text', () => {
    const holders = sources().filter((path) => /\|\s*(where|project|extend|summarize|join|order by)\s+\S/.test(readFileSync(path, 'utf8')));
    expect(holders.map((path) => relative(root, path)).toSorted()).toEqual(['services/azure/queries.ts', 'services/defender/queries.ts']);
  });

  test.each(Object.entries(queries))('%s is taken by the declared tables and shows an id', (_name, query) => {
    expect(engine.check(query).map(({ name }) => name)).toContain('id');
  });

  test.each(Object.entries(productQueryCases))('%s: $claim', (name, { columns, ordered, rows }) => {
    const result = engine.run(queries[name as keyof typeof queries], tablesOfSchema(), now);
    expect(result.columns.map((column) => `${column.name}:${column.type}`).join(', ')).toBe(columns);
    expect(result.ordered).toBe(ordered === true);
    expect(result.rows).toEqual(rows);
  });
});

/** The seeded rows of the tables Resource Graph has, and those of the product's own tests. */
function tablesOfSchema() {
  return Object.fromEntries(TABLES.map((name) => [name, [...(tables[name] ?? []), ...(productRows[name] ?? [])]]));
}
