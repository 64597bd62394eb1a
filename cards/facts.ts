import type { JsonObject } from '../core/json.ts';
import { exactRun, run } from './text-run.ts';

/** A row of the part `fact-rows`: a FactSet would read markdown in its values. */
export function fact(title: string, value: string): JsonObject {
  return { title: [run(title, { bold: true })], value: [run(value)] };
}

/** The same for what is copied from the card, such as an address: nothing is inserted to break it. */
export function exactFact(title: string, value: string): JsonObject {
  return { title: [run(title, { bold: true })], value: [exactRun(value, { size: 'small' })] };
}
