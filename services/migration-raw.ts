import { isJsonObject } from '../core/json.ts';

/** Something that only shows when two places of the file are seen together. */
export interface CrossIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** True when the key itself is wrong, not its value. */
  readonly atKey?: boolean;
}

/** What stands at a path of the file as it was read; undefined where the path ends early. Keys may hold dots; an entry of a list goes by its index. */
export function valueAt(file: unknown, path: readonly string[]): unknown {
  let here = file;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[key];
  }
  return here;
}

/** The entries of a list; none where there is no list. */
export function entriesAt(file: unknown, path: readonly string[]): readonly unknown[] {
  const list = valueAt(file, path);
  return Array.isArray(list) ? list : [];
}

/** The keys of a mapping; none where there is no mapping. */
export function keysAt(file: unknown, path: readonly string[]): readonly string[] {
  const found = valueAt(file, path);
  return isJsonObject(found) ? Object.keys(found) : [];
}

/** How text is compared: trimmed, without case; null for blank and for what is no text. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim().toLowerCase() : null;
}

/** How a person is compared; one person in two tenants is two people. */
export function personOf(entry: unknown, file: unknown): string | null {
  const id = textOf(valueAt(entry, ['id']));
  const tenant = textOf(valueAt(entry, ['tenantId'])) ?? textOf(valueAt(file, ['channel', 'tenantId'])) ?? '';
  return id === null ? null : `${tenant}/${id}`;
}
