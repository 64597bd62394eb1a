import type { ListedServer } from '../core/facts/server-list.ts';
import { parseCsv } from './csv.ts';

/** Something wrong in the list. Lines count from 1. */
export interface ListMistake {
  readonly line: number;
  /** What should stand there. */
  readonly expected: string;
}

export type ParsedServerList =
  | { readonly kind: 'ok'; readonly servers: readonly ListedServer[] }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly ListMistake[] };

const COLUMNS = ['name', 'fqdn', 'owner', 'os'] as const;
type Column = (typeof COLUMNS)[number];

const MOST_ROWS = 200_000;
const MOST_MISTAKES = 50;
const LONGEST_CELL = 255;

/** Reads the text of a server list; every mistake at once, as far as it can be read at all. What stands in it is data: it is never interpreted. */
export function parseServerList(text: string): ParsedServerList {
  const csv = parseCsv(text);
  if (csv.kind === 'broken') return mistakesIn([{ line: csv.line, expected: csv.expected }]);
  const [heading, ...rows] = csv.rows;
  const columns = heading ? columnsOf(heading.cells) : null;
  if (!heading || columns === null) {
    return mistakesIn([{ line: heading?.line ?? 1, expected: 'the column name, each column once, and none but name, fqdn, owner and os' }]);
  }
  if (rows.length > MOST_ROWS) return mistakesIn([{ line: rows[MOST_ROWS]?.line ?? 1, expected: 'at most 200,000 servers' }]);
  const seen: Seen = { names: new Map(), fqdns: new Set() };
  const mistakes: ListMistake[] = [];
  const servers: ListedServer[] = [];
  for (const { line, cells } of rows) {
    const server = serverOf(columns, cells);
    const expected = wrongWith(server, cells, columns) ?? repeated(server, seen);
    if (expected === null) servers.push(server);
    else if (mistakes.length < MOST_MISTAKES) mistakes.push({ line, expected });
  }
  return mistakes.length === 0 ? { kind: 'ok', servers } : mistakesIn(mistakes);
}

function mistakesIn(mistakes: readonly ListMistake[]): ParsedServerList {
  return { kind: 'mistakes', mistakes };
}

function columnsOf(heading: readonly string[]): readonly Column[] | null {
  const found = heading.map((cell) => COLUMNS.find((column) => column === cell.trim().toLowerCase()));
  const columns = found.filter((column) => column !== undefined);
  const good = columns.length === found.length && columns.includes('name') && new Set(columns).size === columns.length;
  return good ? columns : null;
}

function serverOf(columns: readonly Column[], cells: readonly string[]): ListedServer {
  const at = (column: Column) => cells[columns.indexOf(column)]?.trim() ?? '';
  return { name: at('name'), fqdn: at('fqdn').toLowerCase(), owner: at('owner'), os: at('os') };
}

function wrongWith({ name }: ListedServer, cells: readonly string[], columns: readonly Column[]): string | null {
  if (cells.length !== columns.length) return `${columns.length} cells, and there are ${cells.length}`;
  if (cells.some((cell) => /\p{Cc}/u.test(cell))) return 'text without control characters or line breaks';
  if (cells.some((cell) => cell.length > LONGEST_CELL)) return `cells of at most ${LONGEST_CELL} characters`;
  return name === '' ? 'the name of a server' : null;
}

interface Seen {
  /** What was seen of each name, in lower case: its fully qualified names, empty for a row that says none. */
  readonly names: Map<string, string[]>;
  readonly fqdns: Set<string>;
}

/** Two servers may share a name in two domains; then each must say its own. */
function repeated({ name, fqdn }: ListedServer, { names, fqdns }: Seen): string | null {
  const others = names.get(name.toLowerCase()) ?? [];
  const again = others.length > 0 && (fqdn === '' || others.includes(''));
  if (again || (fqdn !== '' && fqdns.has(fqdn))) return 'each server once; two of one name each need an fqdn of their own';
  names.set(name.toLowerCase(), [...others, fqdn]);
  if (fqdn !== '') fqdns.add(fqdn);
  return null;
}
