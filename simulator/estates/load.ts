import { existsSync, readFileSync } from 'node:fs';
import { type Estate, EstateError, parseEstate } from './estate.ts';
import { estateFromExport, isExport } from './export/index.ts';
import { generatedEstate } from './generated.ts';
import { sampleEstate } from './sample.ts';

const LARGEST = 100_000;

/** The estate named on the command line: `sample`, a number of machines, or a JSON file (an estate, or rows of Resource Graph). Throws EstateError. */
export function loadEstate(spec: string, seed: number, now: number): Estate {
  if (spec === 'sample') return sampleEstate(seed, now);
  if (/^\d+$/.test(spec)) {
    const size = Number(spec);
    if (size < 1 || size > LARGEST) throw new EstateError('--estate', `must be from 1 to ${LARGEST} machines`);
    return generatedEstate(size, seed, now);
  }
  if (!existsSync(spec)) throw new EstateError('--estate', `there is no file ${spec}`);
  const file = readJson(spec);
  return parseEstate(isExport(file) ? estateFromExport(file) : withoutSchema(file));
}

// Editors want to know the schema of a file; the estate does not.
function withoutSchema(file: unknown): unknown {
  if (typeof file !== 'object' || file === null) return file;
  const { $schema: _, ...estate } = file as Record<string, unknown>;
  return estate;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new EstateError(file, `is not JSON: ${(error as Error).message}`);
  }
}
