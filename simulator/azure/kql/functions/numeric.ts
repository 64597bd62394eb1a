import type { CallSite, ScalarFunction } from '../scalar-function.ts';
import { datetime, modulo } from '../time.ts';
import { Datetime, order, Timespan, type Value } from '../values.ts';

function numeric(compute: (value: number) => number): ScalarFunction {
  return ([value], call) => ((value ?? null) === null ? null : compute(number(value, call)));
}

function number(value: Value | undefined, call: CallSite): number {
  return typeof value === 'number' ? value : call.fail('A number is expected here; convert it first.');
}

/** Halves go away from zero. */
const round: ScalarFunction = ([value, digits], call) => {
  if ((value ?? null) === null) return null;
  const places = typeof digits === 'number' ? digits : 0;
  const magnitude = Math.abs(number(value, call));
  const shifted = Math.round(Number(`${magnitude}e${places}`));
  const result = Number(`${shifted}e${-places}`);
  return Number.isFinite(result) ? Math.sign(Number(value)) * result + 0 : call.fail('Rounding this number is not implemented.');
};

const bin: ScalarFunction = ([value, size], call) => {
  if ((value ?? null) === null || (size ?? null) === null) return null;
  if (typeof value === 'number' && typeof size === 'number') return size > 0 ? Math.floor(value / size) * size : null;
  if (!(size instanceof Timespan) || size.ticks <= 0n) return call.fail('bin() of this kind is not implemented.');
  if (value instanceof Timespan) return new Timespan(value.ticks - modulo(value.ticks, size.ticks));
  return value instanceof Datetime
    ? (datetime(value.ticks - (value.ticks % size.ticks)) ?? null)
    : call.fail('bin() of this kind is not implemented.');
};

/** Nulls are left out; all null is null. */
function extreme(direction: 1 | -1): ScalarFunction {
  return (values, call) => {
    let best: Value = null;
    for (const value of values) {
      if (value === null) continue;
      const compared = best === null ? direction : (order(value, best) ?? call.fail('Values of different kinds have no order.'));
      if (compared * direction > 0) best = value;
    }
    return best;
  };
}

export const numericFunctions: Readonly<Record<string, ScalarFunction>> = {
  abs: numeric(Math.abs),
  ceiling: numeric((value) => Math.ceil(value) + 0),
  sign: numeric((value) => Math.sign(value) + 0),
  round,
  bin,
  floor: bin,
  min_of: extreme(-1),
  max_of: extreme(1),
};
