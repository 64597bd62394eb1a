import type { JsonObject } from '../core/json.ts';
import { run } from './text-run.ts';

/** A row of the part `fact-rows`: a FactSet would read markdown in its values. */
export function fact(title: string, value: string): JsonObject {
  return { title: [run(title, { bold: true })], value: [run(value)] };
}
