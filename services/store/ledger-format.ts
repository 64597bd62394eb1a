import type { Json, JsonObject } from '../../core/json.ts';
import { isJsonObject } from '../../core/json.ts';
import type { LedgerEntry } from '../../core/ledger.ts';

/** Names the format of an exported ledger; docs/ledger-format.md describes it. */
export const LEDGER_FORMAT = 'greenlight/ledger-export/v1';

/** What an export says of itself in its last line: the head as the database keeps it, and how many cards the file holds. */
export interface LedgerEnd {
  readonly entries: number;
  readonly head: string;
  readonly cards: number;
}

/** What a line of an exported ledger holds. */
export type LedgerLine =
  | { readonly kind: 'begin'; readonly format: string }
  | { readonly kind: 'card'; readonly sha256: string; readonly text: string }
  | { readonly kind: 'entry'; readonly entry: LedgerEntry }
  | { readonly kind: 'end'; readonly end: LedgerEnd };

/** A line with its line feed. There is one way to write each, so that a line that reads back differently was not written by this. */
export function writeLine(line: LedgerLine): string {
  return `${JSON.stringify(shapes[line.kind](line as never))}\n`;
}

type Shapes = { readonly [K in LedgerLine['kind']]: (line: Extract<LedgerLine, { kind: K }>) => JsonObject };

const shapes: Shapes = {
  begin: ({ format }) => ({ format }),
  card: ({ sha256, text }) => ({ card: sha256, text }),
  entry: ({ entry: { seq, prev, at, kind, actor, subject, data, hash } }) => ({
    seq,
    prev,
    at,
    kind,
    actor: actor && { id: actor.id, name: actor.name, ...(actor.upn === undefined ? {} : { upn: actor.upn }) },
    subject,
    data: inOrder(data) as JsonObject,
    hash,
  }),
  end: ({ end: { entries, head, cards } }) => ({ end: { entries, head, cards } }),
};

/** Reads a line without its line feed; null when it is none, has a field too many or too few, or is written in another way. */
export function readLine(text: string): LedgerLine | null {
  const line = lineOf(parsed(text));
  return line !== null && writeLine(line) === `${text}\n` ? line : null;
}

/** Keys by code units: a database gives them back in an order of its own. */
function inOrder(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => inOrder(item));
  if (!isJsonObject(value)) return value;
  const keys = Object.keys(value).toSorted((a, b) => (a < b ? -1 : 1));
  return Object.fromEntries(keys.map((key) => [key, inOrder(value[key] as Json)]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function lineOf(value: unknown): LedgerLine | null {
  if (!isJsonObject(value)) return null;
  if (isText(value['format'])) return { kind: 'begin', format: value['format'] };
  if (isHash(value['card']) && isText(value['text'])) return { kind: 'card', sha256: value['card'], text: value['text'] };
  if (isEnd(value['end'])) return { kind: 'end', end: value['end'] };
  return isEntry(value) ? { kind: 'entry', entry: value } : null;
}

function isEntry(value: JsonObject): value is JsonObject & LedgerEntry {
  const { seq, prev, at, kind, actor, subject, data, hash } = value;
  return (
    isCount(seq) && isCount(at) && isText(prev) && isText(hash) && isText(kind) && isText(subject) && isJsonObject(data) && isActor(actor)
  );
}

function isActor(value: Json | undefined): boolean {
  if (value === null) return true;
  return isJsonObject(value) && isText(value['id']) && isText(value['name']) && (value['upn'] === undefined || isText(value['upn']));
}

function isEnd(value: Json | undefined): value is JsonObject & LedgerEnd {
  return isJsonObject(value) && isCount(value['entries']) && isCount(value['cards']) && isHash(value['head']);
}

const isText = (value: Json | undefined): value is string => typeof value === 'string';
const isCount = (value: Json | undefined): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isHash = (value: Json | undefined): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
