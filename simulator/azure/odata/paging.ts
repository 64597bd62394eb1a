import { ODataError } from './tokens.ts';

export interface Slice<T> {
  items: T[];
  /** Query of the next page, null when there is none. */
  next: URLSearchParams | null;
}

/** A whole number of a query option; throws ODataError. */
export function countOption(query: URLSearchParams, name: string, least = 0): number | null {
  const text = query.get(name);
  if (text === null) return null;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && Number.isSafeInteger(value)) return value;
  throw new ODataError(
    `Invalid value '${text}' for ${name} query option found. The ${name} query option requires a non-negative integer value.`,
  );
}

/** One page behind an opaque $skiptoken; $top is the size of a page, as for the objects of a directory. Throws ODataError. */
export function pageByToken<T>(items: readonly T[], query: URLSearchParams, size: { usual: number; largest: number }): Slice<T> {
  const top = countOption(query, '$top', 1) ?? size.usual;
  if (top > size.largest) throw new ODataError(`Invalid page size specified: '${top}'. Must be between 1 and ${size.largest} inclusive.`);
  const from = readToken(query.get('$skiptoken'));
  const shown = items.slice(from, from + top);
  if (from + shown.length >= items.length) return { items: shown, next: null };
  const next = new URLSearchParams(query);
  next.set('$skiptoken', writeToken(from + shown.length));
  return { items: shown, next };
}

/** $skip and $top count over the whole answer; only what a page cannot hold is left to a next link. Throws ODataError. */
export function pageBySkip<T>(items: readonly T[], query: URLSearchParams, page: number, largestTop: number): Slice<T> {
  const top = countOption(query, '$top');
  const skip = countOption(query, '$skip') ?? 0;
  if (top !== null && top > largestTop) {
    throw new ODataError(`The limit of '${largestTop}' for Top query has been exceeded. The value from the incoming request is '${top}'.`);
  }
  const wanted = items.slice(skip, top === null ? undefined : skip + top);
  const shown = wanted.slice(0, page);
  if (shown.length === wanted.length) return { items: shown, next: null };
  const next = new URLSearchParams(query);
  next.set('$skip', String(skip + shown.length));
  if (top !== null) next.set('$top', String(top - shown.length));
  return { items: shown, next };
}

function writeToken(offset: number): string {
  return Buffer.from(`offset:${offset}`).toString('base64url');
}

function readToken(text: string | null): number {
  if (text === null) return 0;
  const [, offset] = /^offset:(\d+)$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (offset === undefined) throw new ODataError('The specified skip token is not valid.');
  return Number(offset);
}
