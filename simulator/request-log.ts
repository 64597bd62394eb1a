import { createHash } from 'node:crypto';
import type { VirtualClock } from './clock.ts';

export type ServerName = 'azure' | 'teams';

/** What a server knows of a request it has answered; `body` is the request's text as received. */
export interface LogInput {
  server: ServerName;
  identity: string | null;
  method: string;
  path: string;
  status: number;
  body: string | Buffer;
  operation: string;
  /** Id of the fault that hit the request. */
  fault?: string;
}

/** One answered request: `at` in virtual ms, `body` parsed and without secrets, `bodySha256` of the bytes as received ('' when empty). */
export interface LogEntry extends Omit<LogInput, 'body'> {
  seq: number;
  at: number;
  bodySha256: string;
  body: unknown;
}

export interface RequestLog {
  add(input: LogInput): LogEntry;
  /** Every entry with a sequence number above `seq`, oldest first. */
  since(seq: number): LogEntry[];
}

const KEPT = 100_000;
const SECRET =
  /^(client_secret|client_assertion|assertion|access_token|refresh_token|id_token|token|authorization|password|runaspassword|protectedsettings)$/i;
const REMOVED = '(removed)';

/** The list behind the log door. Secrets never get in: they are taken out before an entry is kept. */
export function createRequestLog(clock: VirtualClock): RequestLog {
  let entries: LogEntry[] = [];
  let seq = 0;
  function add(input: LogInput): LogEntry {
    const text = input.body.toString();
    seq += 1;
    const entry: LogEntry = {
      seq,
      at: clock.now(),
      server: input.server,
      identity: input.identity,
      method: input.method,
      path: input.path,
      status: input.status,
      bodySha256: input.body.length === 0 ? '' : createHash('sha256').update(input.body).digest('hex'),
      body: withoutSecrets(parse(text)),
      operation: input.operation,
    };
    if (input.fault !== undefined) entry.fault = input.fault;
    entries.push(entry);
    if (entries.length > KEPT * 1.1) entries = entries.slice(-KEPT);
    return entry;
  }
  return { add, since: (after) => entries.filter((entry) => entry.seq > after) };
}

function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return /^[\w.%-]+=/.test(text) ? Object.fromEntries(new URLSearchParams(text)) : text.slice(0, 2_000);
  }
}

function withoutSecrets(value: unknown, name = ''): unknown {
  if (SECRET.test(name)) return REMOVED;
  if (name.toLowerCase() === 'protectedparameters' && Array.isArray(value)) {
    return value.map((parameter) => ({ ...(parameter as object), value: REMOVED }));
  }
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item, key)]));
}
