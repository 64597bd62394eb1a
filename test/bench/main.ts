import { parseArgs } from 'node:util';
import type { Bench } from './bench.ts';
import { graph } from './graph.ts';
import { readiness } from './readiness.ts';
import { run, runWithFaults } from './run.ts';
import { HEADING, lineOf, missed } from './table.ts';

const BENCHES: Readonly<Record<string, Bench>> = { graph, readiness, run, 'run-faults': runWithFaults };

const { values } = parseArgs({ options: { only: { type: 'string' }, sizes: { type: 'string' }, strict: { type: 'boolean' } } });
const names = values.only?.split(',') ?? Object.keys(BENCHES);
const unknown = names.find((name) => !BENCHES[name]);
const sizes = values.sizes?.split(',').map(Number);

if (unknown !== undefined || sizes?.some((size) => !Number.isInteger(size) || size < 1)) {
  console.error(`usage: npm run bench -- [--only ${Object.keys(BENCHES).join(',')}] [--sizes 60,5000,100000] [--strict]`);
  process.exit(2);
}
console.log(HEADING);
let misses = 0;
for (const name of names) {
  const bench = BENCHES[name]!;
  for (const size of sizes ?? bench.sizes) {
    for await (const row of bench.rows(size)) {
      console.log(lineOf(name, row));
      if (missed(row)) misses += 1;
    }
  }
}
console.log(misses === 0 ? '\nEvery target was met.' : `\n${misses} of the targets were missed.`);
if (values.strict && misses > 0) process.exitCode = 1;
