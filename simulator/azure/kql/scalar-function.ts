import type { Fail } from './fail.ts';
import type { Evaluator } from './plan.ts';
import type { RegexReader } from './regex.ts';
import type { KqlType } from './types.ts';
import type { Datetime, Value } from './values.ts';

/** One place in a query where a function is called. */
export interface CallSite {
  /** Static types of the arguments, as the binder sees them. */
  readonly types: readonly KqlType[];
  readonly fail: Fail;
  readonly regex: RegexReader;
}

export type ScalarFunction = (values: readonly Value[], call: CallSite, now: Datetime) => Value;

/** A function that decides itself which of its arguments are evaluated. */
export type LazyFunction = (values: readonly Evaluator[], call: CallSite) => Evaluator;
