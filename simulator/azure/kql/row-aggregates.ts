import type { Fail } from './fail.ts';
import { type Cells, order } from './values.ts';

/** Picks one row of a group and gives several of its values. */
export interface RowAccumulator {
  add(values: Cells): void;
  result(): Cells;
}

/** Keeps the row whose first value is the largest (or smallest); a null is beaten by any value, the first of equals stays. */
function extreme(direction: 1 | -1) {
  return (fail: Fail, nothing: Cells): RowAccumulator => {
    let best: Cells | undefined;
    return {
      add(values) {
        const value = values[0] ?? null;
        const current = best?.[0] ?? null;
        if (!best || (current === null && value !== null)) best = values;
        else if (value !== null && (order(value, current) ?? fail('Values of different kinds have no order.')) * direction > 0)
          best = values;
      },
      result: () => best ?? nothing,
    };
  };
}

function first(_fail: Fail, nothing: Cells): RowAccumulator {
  let found: Cells | undefined;
  return {
    add(values) {
      found ??= values;
    },
    result: () => found ?? nothing,
  };
}

export const rowAggregates: ReadonlyMap<string, (fail: Fail, nothing: Cells) => RowAccumulator> = new Map([
  ['arg_max', extreme(1)],
  ['arg_min', extreme(-1)],
  ['any', first],
  ['take_any', first],
]);
