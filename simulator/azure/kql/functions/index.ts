import type { LazyFunction, ScalarFunction } from '../scalar-function.ts';
import { conversionFunctions } from './conversion.ts';
import { datetimeFunctions } from './datetime.ts';
import { dynamicFunctions } from './dynamic.ts';
import { lazyLogicFunctions, logicFunctions } from './logic.ts';
import { numericFunctions } from './numeric.ts';
import { stringFunctions } from './string.ts';

export const scalarFunctions: ReadonlyMap<string, ScalarFunction> = new Map(
  Object.entries({
    ...conversionFunctions,
    ...datetimeFunctions,
    ...dynamicFunctions,
    ...logicFunctions,
    ...numericFunctions,
    ...stringFunctions,
  }),
);

export const lazyFunctions: ReadonlyMap<string, LazyFunction> = new Map(Object.entries(lazyLogicFunctions));

/** Every scalar function the engine implements; the binder is told of no other. */
export const functionNames: ReadonlySet<string> = new Set([...scalarFunctions.keys(), ...lazyFunctions.keys()]);
