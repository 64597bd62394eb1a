import type { KqlResult } from '../kql/index.ts';
import { refused } from './graph-error.ts';
import type { GraphRequest } from './request.ts';
import type { GraphRules } from './rules.ts';

/** A page of a result and whether more follows. */
export interface Page {
  from: number;
  rows: KqlResult['rows'];
  more: boolean;
  /** Paging goes on by token only when every row can be told from the others. */
  pageable: boolean;
}

export function pageOf({ columns, rows }: KqlResult, from: number, top: number): Page {
  const shown = rows.slice(from, from + top);
  const more = from + shown.length < rows.length;
  return { from, rows: shown, more, pageable: more && columns.some(({ name }) => name.toLowerCase() === 'id') };
}

/** The body Resource Graph answers, without a token. */
export function answerOf(result: KqlResult, page: Page, { format }: GraphRequest, rules: GraphRules): Record<string, unknown> {
  const data = format === 'table' ? asTable(result, page.rows) : asObjects(result, page.rows);
  requireFits(data, rules.answerBytes);
  return {
    totalRecords: result.rows.length,
    count: page.rows.length,
    data,
    facets: [],
    resultTruncated: String(page.more && !page.pageable),
  };
}

function requireFits(data: unknown, limit: number): void {
  const size = Buffer.byteLength(JSON.stringify(data));
  if (size <= limit) return;
  throw refused(
    'ResponsePayloadTooLarge',
    `Response payload size is ${size}, and has exceeded the limit of ${limit}. Please consider querying less data at a time and make paginated call if needed.`,
  );
}

const TABLE_TYPES: Record<string, string> = { long: 'integer', int: 'integer', real: 'number', bool: 'boolean', dynamic: 'object' };

function asTable({ columns }: KqlResult, rows: KqlResult['rows']): unknown {
  return { columns: columns.map(({ name, type }) => ({ name, type: TABLE_TYPES[type] ?? 'string' })), rows };
}

function asObjects({ columns }: KqlResult, rows: KqlResult['rows']): unknown {
  const names = columns.map(({ name }) => name);
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])));
}
