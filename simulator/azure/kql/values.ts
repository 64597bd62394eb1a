/** 100-nanosecond ticks since 0001-01-01T00:00:00Z, the resolution of the engine this one stands in for. */
export class Datetime {
  readonly ticks: bigint;
  constructor(ticks: bigint) {
    this.ticks = ticks;
  }
}

/** A length of time in 100-nanosecond ticks. */
export class Timespan {
  readonly ticks: bigint;
  constructor(ticks: bigint) {
    this.ticks = ticks;
  }
}

export interface Bag {
  readonly [key: string]: Value;
}

/** null stands for the null of every type but string, which has none: an absent string is ''. */
export type Value = null | string | number | boolean | Datetime | Timespan | readonly Value[] | Bag;

export type Cells = readonly Value[];

export function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isBag(value: Value): value is Bag {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Datetime) && !(value instanceof Timespan)
  );
}

/** Own properties only: a key such as `constructor` is data. */
export function property(value: Value, key: string): Value {
  return isBag(value) && Object.hasOwn(value, key) ? (value[key] ?? null) : null;
}

/** property() of one key, which for most keys needs no look at what is inherited. */
export function propertyReader(key: string): (value: Value) => Value {
  if (key in Object.prototype || key in Datetime.prototype || key === 'ticks') return (value) => property(value, key);
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    return (value as Bag)[key] ?? null;
  };
}

/** Builds a bag without ever touching a prototype, whatever the keys are called. */
export function bagOf(entries: Iterable<readonly [string, Value]>): Bag {
  return Object.fromEntries(entries);
}

/** Order of two values of one scalar type, neither of them null; undefined when they have none. */
export function order(left: Value, right: Value): number | undefined {
  if (typeof left === 'string') return typeof right === 'string' ? sign(left, right) : undefined;
  if (typeof left === 'number') return typeof right === 'number' ? sign(left, right) : undefined;
  if (typeof left === 'boolean') return typeof right === 'boolean' ? sign(Number(left), Number(right)) : undefined;
  if (left instanceof Datetime && right instanceof Datetime) return sign(left.ticks, right.ticks);
  if (left instanceof Timespan && right instanceof Timespan) return sign(left.ticks, right.ticks);
  return undefined;
}

function sign<T extends string | number | bigint>(left: T, right: T): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** One text per distinct value, for grouping, joining and sets: every text says where it ends, so none is the start of another. */
export function keyOf(value: Value): string {
  if (typeof value === 'string') return `${value.length}:${value}`;
  if (typeof value !== 'object' || value === null) return `${value};`;
  if (value instanceof Datetime) return `d${value.ticks};`;
  if (value instanceof Timespan) return `t${value.ticks};`;
  if (isArray(value)) return `[${value.map(keyOf).join('')}]`;
  const entries = Object.entries(value as Bag);
  return `{${entries.map(([key, item]) => `${keyOf(key)}${keyOf(item)}`).join('')}}`;
}

/** The key of a row that has the values at these places, or of all its values. */
export function rowKey(cells: Cells, places?: readonly number[]): string {
  if (!places) return cells.map(keyOf).join('');
  const [only = 0] = places;
  if (places.length === 1) return keyOf(cells[only] ?? null);
  return places.map((place) => keyOf(cells[place] ?? null)).join('');
}
