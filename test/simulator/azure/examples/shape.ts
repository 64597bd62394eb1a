/** Names whose content belongs to the caller, so that it says nothing about the shape. */
const FREE = new Set(['tags', 'metadata', 'parameters', 'settings', 'protectedSettings']);

/** Places of `official` that `ours` lacks or has with another JSON type; of a list the official first element is compared with the one of ours that comes nearest. */
export function missingShape(official: unknown, ours: unknown, place = ''): string[] {
  if (kindOf(official) !== kindOf(ours)) return [`${place || 'the answer'}: ${kindOf(ours)} instead of ${kindOf(official)}`];
  if (Array.isArray(official)) {
    if (official.length === 0) return [];
    const own = ours as unknown[];
    if (own.length === 0) return [`${place}: the list is empty`];
    return own
      .map((item) => missingShape(official[0], item, `${place}[]`))
      .reduce((best, other) => (other.length < best.length ? other : best));
  }
  if (kindOf(official) !== 'object') return [];
  return Object.entries(official as object).flatMap(([key, value]) => {
    const at = place ? `${place}.${key}` : key;
    const own = (ours as Record<string, unknown>)[key];
    if (own === undefined) return [`${at}: missing`];
    return FREE.has(key) && kindOf(own) === 'object' ? [] : missingShape(value, own, at);
  });
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}
