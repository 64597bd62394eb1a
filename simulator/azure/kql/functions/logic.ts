import type { Evaluator } from '../plan.ts';
import type { LazyFunction, ScalarFunction } from '../scalar-function.ts';
import type { KqlType } from '../types.ts';
import type { Value } from '../values.ts';

function isNull(value: Value | undefined, type: KqlType | undefined): boolean {
  return type !== 'string' && (value ?? null) === null;
}

function isEmpty(value: Value | undefined): boolean {
  return (value ?? null) === null || value === '';
}

export const logicFunctions: Readonly<Record<string, ScalarFunction>> = {
  not: ([value], call) => {
    if ((value ?? null) === null) return null;
    return typeof value === 'boolean' ? !value : call.fail('not() takes a bool; convert with tobool() first.');
  },
  isnull: ([value], call) => isNull(value, call.types[0]),
  isnotnull: ([value], call) => !isNull(value, call.types[0]),
  notnull: ([value], call) => !isNull(value, call.types[0]),
  isempty: ([value]) => isEmpty(value),
  isnotempty: ([value]) => !isEmpty(value),
  notempty: ([value]) => !isEmpty(value),
};

const iff: LazyFunction = ([test, yes, no]) => {
  return (cells, execution) => (test?.(cells, execution) === true ? yes : no)?.(cells, execution) ?? null;
};

/** The first value whose test is true; a null test is not. */
function pick(branches: readonly (readonly [Evaluator | undefined, Evaluator | undefined])[], otherwise: Evaluator | undefined): Evaluator {
  return (cells, execution) => {
    const taken = branches.find(([test]) => test?.(cells, execution) === true);
    return (taken ? taken[1] : otherwise)?.(cells, execution) ?? null;
  };
}

export const lazyLogicFunctions: Readonly<Record<string, LazyFunction>> = {
  iff,
  iif: iff,
  case: (values) => {
    const branches = Array.from(
      { length: Math.floor(values.length / 2) },
      (_, index) => [values[index * 2], values[index * 2 + 1]] as const,
    );
    return pick(branches, values.at(-1));
  },
  /** An empty string counts as absent. */
  coalesce: (values) => (cells, execution) => {
    let last: Value = null;
    for (const value of values) {
      last = value(cells, execution);
      if (last !== null && last !== '') return last;
    }
    return last;
  },
};
