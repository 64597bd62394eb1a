type Json = Record<string, unknown>;

/**
 * `next` as a copy that no later change of the estate reaches, built of the parts of `previous` that are equal; `previous` itself when
 * all of them are. So an index that remembers what was costs only what changed.
 */
export function shared(previous: unknown, next: unknown): unknown {
  if (!isObject(next)) return next;
  if (previous !== undefined && isEqual(previous, next)) return previous;
  if (Array.isArray(next)) return next.map((item, index) => shared(Array.isArray(previous) ? previous[index] : undefined, item));
  const before = isObject(previous) ? previous : {};
  const result: Json = { ...next };
  for (const key of Object.keys(result)) {
    const value = result[key];
    if (value === undefined) delete result[key];
    else if (isObject(value)) result[key] = shared(Object.hasOwn(before, key) ? before[key] : undefined, value);
  }
  return result;
}

/** A property that is undefined counts as none. */
function isEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (!isObject(left) || !isObject(right) || Array.isArray(left) !== Array.isArray(right)) return false;
  if (Array.isArray(left)) return left.length === right['length'] && left.every((item, index) => isEqual(item, right[index]));
  let size = 0;
  for (const key in right) {
    const value = right[key];
    if (value === undefined) continue;
    size += 1;
    if (!Object.hasOwn(left, key) || !isEqual(left[key], value)) return false;
  }
  return Object.keys(left).length === size;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}
