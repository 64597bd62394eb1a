import { createKqlEngine } from '../../../simulator/azure/kql/index.ts';
import { schema, tables } from './tables.ts';

const engine = createKqlEngine(schema);
const query = 'samples | where n == 2 | project name, d, at | order by name asc';

describe('prepared rows', () => {
  test('answer as the rows they were made of', () => {
    const prepared = engine.prepare('samples', tables['samples'] ?? []);
    expect(prepared).toMatchObject({ table: 'samples', length: 4 });
    expect(engine.run(query, { samples: prepared }, 0)).toEqual(engine.run(query, tables, 0));
  });

  test('can be given beside rows that are not', () => {
    const prepared = engine.prepare('Resources', tables['resources'] ?? []);
    const joined = 'resources | where name == "web01" | union (samples | where n == 1 | project name) | count';
    expect(engine.run(joined, { resources: prepared, samples: tables['samples'] ?? [] }, 0).rows).toEqual([[2]]);
  });

  test('are filtered by what stands in the rows, whatever columns the query reads', () => {
    const prepared = engine.prepare('resources', tables['resources'] ?? []);
    const readable = prepared.filter((row) => String(row['type']).endsWith('/extensions'));
    expect(readable.length).toBe(3);
    expect(engine.run('resources | count', { resources: readable }, 0).rows).toEqual([[3]]);
    expect(engine.run('resources | count', { resources: prepared }, 0).rows).toEqual([[7]]);
    expect(readable.filter(() => false).length).toBe(0);
  });

  test('a row object is read once', () => {
    let reads = 0;
    const row = {
      id: 'a',
      get name() {
        reads += 1;
        return 'counted';
      },
    };
    engine.prepare('resources', [row]);
    engine.prepare('resources', [row, { id: 'b', name: 'new' }]);
    expect(reads).toBe(1);
  });

  test('rows that do not fit are found when they are prepared', () => {
    expect(() => engine.prepare('resources', [{ name: 7 }])).toThrow('Row 0 of table resources: the string column name is not text.');
    expect(() => engine.prepare('resources', [{ properties: { at: new Date(0) } }])).toThrow(
      'Row 0 of table resources: the dynamic column properties A Date is not JSON.',
    );
    expect(() => engine.prepare('resources', [{ properties: { list: [2 ** 60] } }])).toThrow('beyond 2^53');
  });

  test('stay with their table', () => {
    const prepared = engine.prepare('samples', []);
    expect(() => engine.run('resources | count', { resources: prepared }, 0)).toThrow('were prepared for samples');
    expect(() => engine.prepare('nosuch', [])).toThrow('There is no table nosuch.');
  });

  test('a property that is undefined is absent, and dynamic values come out as they went in', () => {
    const properties = { a: undefined, b: { c: [1, null] } };
    const result = engine.run('resources | project properties, has = bag_has_key(properties, "a")', { resources: [{ properties }] }, 0);
    expect(result.rows).toStrictEqual([[{ b: { c: [1, null] } }, false]]);
  });
});
