import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MUTANTS } from './index.ts';
import { mutated } from './mutant.ts';

const home = join(import.meta.dirname, '../..');

describe('the planted faults (npm run mutants plants each and runs its suite)', () => {
  it.each(MUTANTS)('“$name” can still be planted in $file', (mutant) => {
    const text = readFileSync(join(home, mutant.file), 'utf8');
    expect(mutated(text, mutant)).not.toBe(text);
    expect(existsSync(join(home, mutant.suite))).toBe(true);
  });
  it('have names of their own, and are enough', () => {
    expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
    expect(MUTANTS.length).toBeGreaterThanOrEqual(25);
  });
});
