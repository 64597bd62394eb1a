import type { ServerResponse } from 'node:http';
import type { ActiveFault } from './faults.ts';

const LISTS = ['data', 'value', 'results'];
const LINKS = ['$skipToken', 'nextLink', '@odata.nextLink'];
const LINK_HEADERS = ['location', 'azure-asyncoperation', 'operation-location'];
const ELSEWHERE = 'https://evil.example';

type Json = Record<string, unknown>;

/** Takes the rows or the links out of a page; false when it has none. */
function losePage(page: Json, what: 'rows' | 'link'): boolean {
  if (what === 'link') {
    const links = LINKS.filter((name) => typeof page[name] === 'string');
    for (const name of links) delete page[name];
    return links.length > 0;
  }
  const name = LISTS.find((candidate) => rowsOf(page[candidate]).length > 0);
  if (name === undefined) return false;
  const list = page[name];
  page[name] = Array.isArray(list) ? [] : { ...(list as Json), rows: [] };
  if (typeof page['count'] === 'number') page['count'] = 0;
  return true;
}

function rowsOf(list: unknown): unknown[] {
  if (Array.isArray(list)) return list;
  const rows = (list as { rows?: unknown } | null | undefined)?.rows;
  return Array.isArray(rows) ? rows : [];
}

function elsewhere(address: string, origin: string): string {
  return URL.canParse(address) ? address.replace(new URL(address).origin, new URL(origin).origin) : address;
}

function leadAway(res: ServerResponse, page: Json | null, origin: string): boolean {
  let led = false;
  for (const name of LINK_HEADERS) {
    const value = res.getHeader(name);
    if (typeof value !== 'string') continue;
    res.setHeader(name, elsewhere(value, origin));
    led = true;
  }
  for (const name of LINKS) {
    const value = page?.[name];
    if (!page || typeof value !== 'string' || !URL.canParse(value)) continue;
    page[name] = elsewhere(value, origin);
    led = true;
  }
  return led;
}

/** What a body becomes under the faults that spoil answers, in this order: lost page, off-origin links, cut text. */
export interface Spoiled {
  body: string;
  /** The connection dies after half of the body. */
  cut: boolean;
  /** Faults that found nothing to spoil. */
  idle: ActiveFault[];
}

export function spoil(res: ServerResponse, body: string, faults: readonly ActiveFault[]): Spoiled {
  const page = pageOf(body);
  const spoiled: Spoiled = { body, cut: false, idle: [] };
  for (const active of faults) {
    const { fault } = active;
    const changed =
      ('lostPage' in fault && page !== null && losePage(page, fault.lostPage)) ||
      ('offOrigin' in fault && leadAway(res, page, fault.offOrigin === true ? ELSEWHERE : fault.offOrigin));
    if (!changed && ('lostPage' in fault || 'offOrigin' in fault)) spoiled.idle.push(active);
    if (changed && page) spoiled.body = JSON.stringify(page);
  }
  const cuts = faults.filter(({ fault }) => 'truncated' in fault || 'reset' in fault);
  if (spoiled.body === '') spoiled.idle.push(...cuts);
  else if (cuts.some(({ fault }) => 'reset' in fault)) spoiled.cut = true;
  else if (cuts.length > 0) spoiled.body = spoiled.body.slice(0, Math.floor(spoiled.body.length / 2));
  return spoiled;
}

function pageOf(body: string): Json | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
  } catch {
    return null;
  }
}
