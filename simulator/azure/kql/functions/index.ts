import type { LazyFunction, ScalarFunction } from '../scalar-function.ts';
import { arrayFunctions } from './arrays.ts';
import { conversionFunctions } from './conversion.ts';
import { datetimeFunctions } from './datetime.ts';
import { dynamicFunctions } from './dynamic.ts';
import { encodingFunctions } from './encoding.ts';
import { lazyLogicFunctions, logicFunctions } from './logic.ts';
import { mathFunctions } from './math.ts';
import { numericFunctions } from './numeric.ts';
import { stringFunctions } from './string.ts';

export const scalarFunctions: ReadonlyMap<string, ScalarFunction> = new Map(
  Object.entries({
    ...arrayFunctions,
    ...conversionFunctions,
    ...datetimeFunctions,
    ...dynamicFunctions,
    ...encodingFunctions,
    ...logicFunctions,
    ...mathFunctions,
    ...numericFunctions,
    ...stringFunctions,
  }),
);

export const lazyFunctions: ReadonlyMap<string, LazyFunction> = new Map(Object.entries(lazyLogicFunctions));

/** A function of the whole row, which the arguments do not show. */
export const packAll = 'pack_all';

/** Every scalar function the engine implements; the binder is told of no other. */
export const functionNames: ReadonlySet<string> = new Set([...scalarFunctions.keys(), ...lazyFunctions.keys(), packAll]);

/** Arguments a function is implemented for, where the language has more of them. */
export const argumentLimits: Readonly<Partial<Record<string, number>>> = {
  array_index_of: 2,
  array_sort_asc: 1,
  array_sort_desc: 1,
  extract_all: 2,
  pack_all: 0,
};
