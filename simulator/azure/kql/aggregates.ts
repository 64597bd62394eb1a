import type { Fail } from './convert.ts';
import { bagOf, type Cells, isArray, isBag, keyOf, order, type Value } from './values.ts';

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

/** An array as an element is flattened; the null of a dynamic is an element, the null of any other type is not. */
const list: Aggregate = {
  arguments: 1,
  create(_fail, dynamic) {
    const items: Value[] = [];
    return {
      add([value = null]) {
        if (isArray(value)) items.push(...value);
        else if (value !== null || dynamic) items.push(value);
      },
      result: () => items,
    };
  },
};

const set: Aggregate = {
  arguments: 1,
  create(fail) {
    const items = new Map<string, Value>();
    return {
      add([value = null]) {
        if (isArray(value)) fail('make_set() of arrays is not implemented; expand them first.');
        if (value !== null && !items.has(keyOf(value))) items.set(keyOf(value), value);
      },
      result: () => [...items.values()],
    };
  },
};

/** The first value of a key stays; what is no bag is left out. */
const bag: Aggregate = {
  arguments: 1,
  create() {
    const entries = new Map<string, Value>();
    return {
      add([value = null]) {
        if (!isBag(value)) return;
        for (const [key, item] of Object.entries(value)) if (!entries.has(key)) entries.set(key, item);
      },
      result: () => bagOf(entries),
    };
  },
};

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
  min: extreme(-1),
  max: extreme(1),
  make_list: list,
  make_set: set,
  make_bag: bag,
  any,
  take_any: any,
  arg_max: rowPicking,
  arg_min: rowPicking,
};
