import type { Fail } from './fail.ts';
import type { Cells, Value } from './values.ts';

export interface Accumulator {
  add(values: Cells): void;
  result(): Value;
}

export interface Aggregate {
  /** How many arguments it reads; one more is refused. */
  readonly arguments: number;
  /** `dynamic` says whether the first argument is one: only then can null be an element. */
  create(fail: Fail, dynamic: boolean): Accumulator;
}
