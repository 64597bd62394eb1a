import { existsSync, readFileSync } from 'node:fs';
import { type Estate, EstateError, parseEstate } from './estate.ts';
import { generatedEstate } from './generated.ts';
import { sampleEstate } from './sample.ts';

const LARGEST = 50_000;

/** The estate named on the command line: `sample`, a number of machines, or a JSON file. Throws EstateError. */
export function loadEstate(spec: string, seed: number, now: number): Estate {
  if (spec === 'sample') return sampleEstate(seed, now);
  if (/^\d+$/.test(spec)) {
    const size = Number(spec);
    if (size < 1 || size > LARGEST) throw new EstateError('--estate', `must be from 1 to ${LARGEST} machines`);
    return generatedEstate(size, seed, now);
  }
  if (!existsSync(spec)) throw new EstateError('--estate', `there is no file ${spec}`);
  return parseEstate(readJson(spec));
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new EstateError(file, `is not JSON: ${(error as Error).message}`);
  }
}
