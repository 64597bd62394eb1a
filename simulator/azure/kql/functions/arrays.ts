import type { CallSite, ScalarFunction } from '../scalar-function.ts';
import { isArray, order, type Value } from '../values.ts';

/** A function of one array and whole numbers; anything but an array gives null. */
function onArray(compute: (items: readonly Value[], count: number, call: CallSite) => Value): ScalarFunction {
  return ([value = null, count], call) => (isArray(value) ? compute(value, typeof count === 'number' ? count : 0, call) : null);
}

/** Nulls stand at the end either way. */
function sorted(direction: 1 | -1): ScalarFunction {
  return onArray((items, _count, call) => {
    const known = items.filter((item) => item !== null);
    const nulls = items.filter((item) => item === null);
    const compare = (left: Value, right: Value) =>
      (order(left, right) ?? call.fail('Sorting an array of values of several kinds is not implemented.')) * direction;
    return [...known.toSorted(compare), ...nulls];
  });
}

function rotated(items: readonly Value[], count: number): readonly Value[] {
  if (items.length === 0) return items;
  const start = ((count % items.length) + items.length) % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

/** Numbers added up; a null adds nothing, an empty array has no sum. */
const sum = onArray((items, _count, call) => {
  if (items.length === 0) return null;
  return items.reduce<number>((total, item) => {
    if (item === null) return total;
    return typeof item === 'number' ? total + item : call.fail('array_sum() of anything but numbers is not implemented.');
  }, 0);
});

/** The arrays' items side by side, null where one is shorter. */
const zip: ScalarFunction = (values) => {
  const arrays = values.map((value) => (isArray(value) ? value : [value]));
  const length = Math.max(...arrays.map((items) => items.length));
  return Array.from({ length }, (_, index) => arrays.map((items) => items[index] ?? null));
};

export const arrayFunctions: Readonly<Record<string, ScalarFunction>> = {
  array_sort_asc: sorted(1),
  array_sort_desc: sorted(-1),
  array_sum: sum,
  array_rotate_left: onArray(rotated),
  array_rotate_right: onArray((items, count) => rotated(items, -count)),
  zip,
};
