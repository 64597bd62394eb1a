import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MUTANTS } from './index.ts';
import { type Mutant, mutated } from './mutant.ts';

const HOME = join(import.meta.dirname, '../..');
const LEFT_OUT = new Set(['node_modules', '.git', 'data', 'dist']);
const LONGEST_MS = 5 * 60_000;

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const wanted = MUTANTS.filter(({ name, file }) => values.only === undefined || `${name} ${file}`.includes(values.only));
if (wanted.length === 0) {
  console.error(`usage: npm run mutants [-- --only TEXT]: no mutant has '${values.only}' in its name or file`);
  process.exit(2);
}

// A copy takes the faults: an interrupted run must leave none in the working tree.
const copy = mkdtempSync(join(tmpdir(), 'mutants-'));
process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
for (const name of readdirSync(HOME)) if (!LEFT_OUT.has(name)) cpSync(join(HOME, name), join(copy, name), { recursive: true });
symlinkSync(join(HOME, 'node_modules'), join(copy, 'node_modules'));

let missed = 0;
for (const mutant of wanted) {
  const noticed = noticedBy(mutant);
  if (noticed === null) missed += 1;
  console.log(
    `${noticed === null ? 'MISSED' : 'caught'}  ${mutant.file}: ${mutant.name}\n        ${noticed ?? `by nothing in ${mutant.suite}`}`,
  );
}
console.log(missed === 0 ? `\nAll ${wanted.length} were caught.` : `\n${missed} of ${wanted.length} were missed.`);
process.exitCode = missed === 0 ? 0 : 1;

/** The first test that fails with the fault in place, and why; null when none does. */
function noticedBy(mutant: Mutant): string | null {
  const file = join(copy, mutant.file);
  const good = readFileSync(file, 'utf8');
  writeFileSync(file, mutated(good, mutant));
  try {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['node_modules/jest/bin/jest.js', '-w', '1', '--bail', mutant.suite], {
      cwd: copy,
      encoding: 'utf8',
      timeout: LONGEST_MS,
      env: { HISTORIES: '4000', ...process.env },
    });
    if (status === 0) return null;
    const said = `${stdout}${stderr}`;
    const claim = /^\s*● (.*)$/m.exec(said)?.[1] ?? 'the suite did not run';
    const invariant = /invariant \d[^\n]*/.exec(said)?.[0];
    return invariant ? `${claim}: ${invariant}` : claim;
  } finally {
    writeFileSync(file, good);
  }
}
