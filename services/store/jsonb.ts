import type { RawBuilder } from 'kysely';
import { sql } from 'kysely';

/** A value as a jsonb parameter. Always handed over as text, so that both drivers treat arrays and strings alike. */
export function jsonb<T>(value: T): RawBuilder<T> {
  return sql<T>`${JSON.stringify(value)}::jsonb`;
}

/** Text PostgreSQL can hold: it knows no U+0000 and no lone surrogates, and machines and people can send both. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD');
}

/** A JSON value whose texts PostgreSQL can hold; see {@link storableText}. Equal to what was given when nothing had to go. */
export function storable<T>(value: T): T {
  if (typeof value === 'string') return storableText(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => storable(item)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [storableText(key), storable(item)])) as T;
}
