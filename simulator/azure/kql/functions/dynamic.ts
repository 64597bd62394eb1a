import type { CallSite, ScalarFunction } from '../scalar-function.ts';
import { toText } from '../text.ts';
import { bagOf, isArray, isBag, keyOf, property, type Value } from '../values.ts';

function array(value: Value | undefined): readonly Value[] | null {
  const given = value ?? null;
  return isArray(given) ? given : null;
}

function pairs(values: readonly Value[], call: CallSite): Value {
  if (values.length % 2 !== 0) return call.fail('A bag is packed from pairs of key and value.');
  const entries = Array.from({ length: values.length / 2 }, (_, index) => {
    return [toText(values[index * 2] ?? null, call.types[index * 2] ?? 'dynamic', call.fail), values[index * 2 + 1] ?? null] as const;
  });
  return bagOf(entries);
}

/** The first bag that has a key decides its value. */
function merge(values: readonly Value[]): Value {
  const bags = values.filter(isBag);
  const merged = new Map<string, Value>();
  for (const bag of bags) for (const [key, value] of Object.entries(bag)) if (!merged.has(key)) merged.set(key, value);
  return bags.length === 0 ? null : bagOf(merged);
}

function distinct(values: readonly Value[]): Value[] {
  return [...new Map(values.map((value) => [keyOf(value), value])).values()];
}

/** Sets out of arrays; anything that is no array makes the result null. */
function onSets(combine: (first: readonly Value[], rest: readonly ReadonlySet<string>[], all: readonly Value[]) => Value): ScalarFunction {
  return (values) => {
    const arrays = values.map(array);
    if (arrays.some((items) => items === null)) return null;
    const known = arrays.map((items) => items ?? []);
    return combine(
      known[0] ?? [],
      known.slice(1).map((items) => new Set(items.map(keyOf))),
      known.flat(),
    );
  };
}

const arrayIndexOf: ScalarFunction = (values) => {
  const wanted = keyOf(values[1] ?? null);
  return array(values[0])?.findIndex((item) => keyOf(item) === wanted) ?? null;
};

const arraySlice: ScalarFunction = ([value, start, end]) => {
  const items = array(value);
  if (!items || typeof start !== 'number' || typeof end !== 'number') return null;
  const last = end < 0 ? items.length + end : end;
  return items.slice(start, last + 1);
};

export const dynamicFunctions: Readonly<Record<string, ScalarFunction>> = {
  array_length: ([value]) => array(value)?.length ?? null,
  arraylength: ([value]) => array(value)?.length ?? null,
  array_concat: (values) => {
    const arrays = values.map(array).filter((items) => items !== null);
    return arrays.length === 0 ? null : arrays.flat();
  },
  array_index_of: arrayIndexOf,
  array_slice: arraySlice,
  array_reverse: ([value]) => array(value)?.toReversed() ?? null,
  set_has_element: ([value, wanted]) => array(value)?.some((item) => keyOf(item) === keyOf(wanted ?? null)) ?? null,
  set_union: onSets((_first, _rest, all) => distinct(all)),
  set_intersect: onSets((first, rest) => distinct(first).filter((item) => rest.every((set) => set.has(keyOf(item))))),
  set_difference: onSets((first, rest) => distinct(first).filter((item) => !rest.some((set) => set.has(keyOf(item))))),
  bag_keys: ([value]) => (isBag(value ?? null) ? Object.keys(value as object) : null),
  bag_has_key: ([value, key]) => (isBag(value ?? null) && typeof key === 'string' ? Object.hasOwn(value as object, key) : null),
  bag_merge: merge,
  bag_remove_keys: ([value, keys]) => {
    const given = value ?? null;
    const removed = new Set(array(keys) ?? []);
    return isBag(given)
      ? bagOf(
          Object.keys(given)
            .filter((key) => !removed.has(key))
            .map((key) => [key, property(given, key)] as const),
        )
      : null;
  },
  pack: pairs,
  bag_pack: pairs,
  pack_dictionary: pairs,
  pack_array: (values) => [...values],
};
