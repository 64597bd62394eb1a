/** Values that were used last, by key. */
export interface LastUsed<V> {
  get(key: string): V | null;
  set(key: string, value: V): void;
}

/** Keeps the values used last, as long as they do not weigh more than `most` together; the newest one is kept whatever it weighs. */
export function createLastUsed<V>(most: number, weigh: (value: V) => number): LastUsed<V> {
  const values = new Map<string, V>();
  let weight = 0;

  function take(key: string): V | null {
    const value = values.get(key);
    if (value === undefined) return null;
    values.delete(key);
    weight -= weigh(value);
    return value;
  }

  function put(key: string, value: V): void {
    values.set(key, value);
    weight += weigh(value);
  }

  return {
    get(key) {
      const value = take(key);
      if (value !== null) put(key, value);
      return value;
    },
    set(key, value) {
      take(key);
      put(key, value);
      for (const oldest of values.keys()) {
        if (weight <= most || oldest === key) return;
        take(oldest);
      }
    },
  };
}
