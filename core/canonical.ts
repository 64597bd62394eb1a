import type { Json } from './json.ts';

/**
 * Canonical JSON as RFC 8785 defines it: keys sorted by UTF-16 code units, ECMAScript numbers and strings, no white space.
 * Text is normalised to NFC first, so that two spellings of one name give one hash.
 * Throws on what JSON cannot carry (NaN, infinity, undefined, functions, lone surrogates).
 */
export function canonical(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return canonicalNumber(value);
  if (typeof value === 'string') return canonicalString(value);
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonical(item)).join(',')}]`;
  if (typeof value === 'object') return canonicalObject(value as { readonly [key: string]: Json });
  throw new TypeError(`canonical JSON cannot carry a ${typeof value}`);
}

function canonicalNumber(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError('canonical JSON cannot carry NaN or infinity');
  return JSON.stringify(value);
}

function canonicalString(value: string): string {
  if (!value.isWellFormed()) throw new TypeError('canonical JSON cannot carry a lone surrogate');
  return JSON.stringify(value.normalize('NFC'));
}

function canonicalObject(value: { readonly [key: string]: Json }): string {
  const entries = Object.keys(value).map((key) => [key.normalize('NFC'), value[key]] as const);
  if (new Set(entries.map(([key]) => key)).size !== entries.length) throw new TypeError('two keys are the same text');
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, item]) => `${canonicalString(key)}:${canonical(item as Json)}`).join(',')}}`;
}
