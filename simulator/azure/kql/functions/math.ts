import type { ScalarFunction } from '../scalar-function.ts';
import type { Value } from '../values.ts';

/** A result that is no finite number is refused: nothing here stands for NaN or infinity. */
function real(compute: (...numbers: number[]) => number): ScalarFunction {
  return (values, call) => {
    if (values.includes(null)) return null;
    const numbers = values.map((value: Value) =>
      typeof value === 'number' ? value : call.fail('A number is expected here; convert it first.'),
    );
    const result = compute(...numbers);
    return Number.isFinite(result) ? result : call.fail('The result is not a finite number, which is not implemented.');
  };
}

export const mathFunctions: Readonly<Record<string, ScalarFunction>> = {
  exp: real(Math.exp),
  exp2: real((exponent) => 2 ** exponent),
  exp10: real((exponent) => 10 ** exponent),
  log: real(Math.log),
  log2: real(Math.log2),
  log10: real(Math.log10),
  pow: real((base, exponent) => base ** exponent),
  sqrt: real(Math.sqrt),
};
