import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rowsElsewhere } from './rows-elsewhere.ts';

const ALL = Array.from({ length: 74 }, (_, index) => `T${String(index + 1).padStart(2, '0')}`);

/** The rows that a test here bears in its name. */
function tried(): Set<string> {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.test.ts') && file !== 'rows.test.ts');
  const names = files.flatMap((file) => readFileSync(join(import.meta.dirname, file), 'utf8').match(/['"`]T\d\d[^'"`]*['"`]/g) ?? []);
  return new Set(names.flatMap((name) => name.match(/\bT\d\d\b/g) ?? []));
}

it('every row of the threat table is tried here, or it is said why not', () => {
  expect([...tried(), ...Object.keys(rowsElsewhere)].toSorted()).toEqual(ALL);
});
