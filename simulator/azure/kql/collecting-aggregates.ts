import type { Aggregate } from './aggregate.ts';
import { bagOf, isArray, isBag, keyOf, type Value } from './values.ts';

/** An array as an element is flattened; the null of a dynamic is an element, the null of any other type is not. */
export const list: Aggregate = {
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

export const listWithNulls: Aggregate = { arguments: 1, create: (fail) => list.create(fail, true) };

export const set: Aggregate = {
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
export const bag: Aggregate = {
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

const schemaTypes: Readonly<Record<string, string>> = { string: 'string', boolean: 'bool' };

/** The type of each key over all bags. Keys of several types, and types within types, are refused. */
export const schemaOfBags: Aggregate = {
  arguments: 1,
  create(fail) {
    const types = new Map<string, Value>();
    return {
      add([value = null]) {
        if (value === null) return;
        if (!isBag(value)) fail('buildschema() of anything but bags is not implemented.');
        for (const [key, item] of Object.entries(value)) {
          const type = typeof item === 'number' ? (Number.isInteger(item) ? 'long' : 'double') : schemaTypes[typeof item];
          if (type === undefined || (types.get(key) ?? type) !== type) fail(`buildschema() of the key ${key} is not implemented.`);
          types.set(key, type ?? null);
        }
      },
      result: () => bagOf(types),
    };
  },
};
