import type { Aggregate } from './aggregate.ts';
import { bag, list, listWithNulls, schemaOfBags, set } from './collecting-aggregates.ts';
import type { Fail } from './fail.ts';
import { type Cells, keyOf, order, type Value } from './values.ts';

function number(value: Value, fail: Fail): number {
  return typeof value === 'number' ? value : fail('This aggregate takes numbers; convert with tolong() or todouble() first.');
}

function counting(counts: (values: Cells) => boolean, argumentCount: number): Aggregate {
  return {
    arguments: argumentCount,
    create() {
      let count = 0;
      return {
        add(values) {
          if (counts(values)) count += 1;
        },
        result: () => count,
      };
    },
  };
}

function distinctCount(counts: (values: Cells) => boolean, argumentCount: number): Aggregate {
  return {
    arguments: argumentCount,
    create() {
      const keys = new Set<string>();
      return {
        add(values) {
          const value = values[0] ?? null;
          if (value !== null && counts(values)) keys.add(keyOf(value));
        },
        result: () => keys.size,
      };
    },
  };
}

/** Sums what is not null; nothing sums to 0. */
function sum(counts: (values: Cells) => boolean, argumentCount: number): Aggregate {
  return {
    arguments: argumentCount,
    create(fail) {
      let total = 0;
      return {
        add(values) {
          const value = values[0] ?? null;
          if (value !== null && counts(values)) total += number(value, fail);
        },
        result: () => total,
      };
    },
  };
}

const average: Aggregate = {
  arguments: 1,
  create(fail) {
    let total = 0;
    let count = 0;
    return {
      add([value = null]) {
        if (value === null) return;
        total += number(value, fail);
        count += 1;
      },
      result: () => (count === 0 ? fail('avg() of nothing is not a number, which is not implemented; filter first.') : total / count),
    };
  },
};

function extreme(direction: 1 | -1): Aggregate {
  return {
    arguments: 1,
    create(fail) {
      let best: Value = null;
      return {
        add([value = null]) {
          if (value === null) return;
          const compared = best === null ? direction : (order(value, best) ?? fail('Values of different kinds have no order.'));
          if (compared * direction > 0) best = value;
        },
        result: () => best,
      };
    },
  };
}

/** The first value that is not null. */
const any: Aggregate = {
  arguments: 1,
  create() {
    let found: Value = null;
    return {
      add([value = null]) {
        found ??= value;
      },
      result: () => found,
    };
  },
};

/** Reads only rows whose last argument is true. */
function onlyIf(aggregate: Aggregate): Aggregate {
  const test = aggregate.arguments;
  return {
    arguments: test + 1,
    create(fail, dynamic) {
      const accumulator = aggregate.create(fail, dynamic);
      return {
        add(values) {
          if (values[test] === true) accumulator.add(values);
        },
        result: () => accumulator.result(),
      };
    },
  };
}

/** A row-picking aggregate: its result is a whole row of values, see row-aggregates.ts. */
const rowPicking: Aggregate = {
  arguments: 0,
  create: (fail) => fail('This aggregate gives several columns and cannot stand inside an expression.'),
};

export const aggregates: Readonly<Record<string, Aggregate>> = {
  count: counting(() => true, 0),
  countif: counting(([test]) => test === true, 1),
  dcount: distinctCount(() => true, 1),
  dcountif: distinctCount(([, test]) => test === true, 2),
  count_distinct: distinctCount(() => true, 1),
  sum: sum(() => true, 1),
  sumif: sum(([, test]) => test === true, 2),
  avg: average,
  avgif: onlyIf(average),
  min: extreme(-1),
  minif: onlyIf(extreme(-1)),
  max: extreme(1),
  maxif: onlyIf(extreme(1)),
  make_list: list,
  makelist: list,
  make_list_if: onlyIf(list),
  make_list_with_nulls: listWithNulls,
  make_set: set,
  makeset: set,
  make_set_if: onlyIf(set),
  buildschema: schemaOfBags,
  make_bag: bag,
  make_bag_if: onlyIf(bag),
  any,
  take_any: any,
  arg_max: rowPicking,
  arg_min: rowPicking,
};
