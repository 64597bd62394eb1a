import { createHash } from 'node:crypto';
import type { VirtualClock } from './clock.ts';
import { readJson } from './json.ts';
import { withoutSecrets, withoutSecretText } from './secrets.ts';

export type ServerName = 'azure' | 'teams';

/** What a server knows of a request it has answered; `body` is the request's text as received. */
export interface LogInput {
  server: ServerName;
  /** Application id of the caller. */
  identity: string | null;
  /** reader, writer or bot, when it is one of them. */
  who?: string | null;
  method: string;
  path: string;
  /** 0 = the caller got no answer. */
  status: number;
  body: string | Buffer;
  operation: string;
  /** Id of the oldest fault that hit the request. */
  fault?: string;
  /** All of them. */
  faults?: { id: string; kind: string }[];
  /** A fault had the request carried out once more: this is the second time. */
  repeated?: true;
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

export interface LogBounds {
  entries: number;
  /** Of the bodies of all entries together. */
  bytes: number;
}

const BOUNDS: LogBounds = { entries: 100_000, bytes: 256 * 1024 * 1024 };
const LONGEST_BODY = 512 * 1024;

/**
 * The list behind the log door: what happened since this process started. It is not kept on disk, so that a restart begins at 1 with
 * another process id at the health door; when it is full the oldest entries go. Secrets never get in.
 */
export function createRequestLog(clock: VirtualClock, bounds: LogBounds = BOUNDS): RequestLog {
  let entries: LogEntry[] = [];
  let sizes: number[] = [];
  let bytes = 0;
  let seq = 0;
  function forget(): void {
    let drop = Math.max(0, entries.length - bounds.entries);
    let left = bytes - sizes.slice(0, drop).reduce((sum, size) => sum + size, 0);
    while (left > bounds.bytes && drop < entries.length - 1) {
      left -= sizes[drop] ?? 0;
      drop += 1;
    }
    entries = entries.slice(drop);
    sizes = sizes.slice(drop);
    bytes = left;
  }
  function add({ body, path, ...input }: LogInput): LogEntry {
    seq += 1;
    const entry: LogEntry = {
      seq,
      at: clock.now(),
      ...input,
      path: withoutSecretText(path),
      bodySha256: body.length === 0 ? '' : createHash('sha256').update(body).digest('hex'),
      body: kept(body),
    };
    entries.push(entry);
    sizes.push(path.length + Math.min(body.length, LONGEST_BODY));
    bytes += sizes.at(-1) ?? 0;
    // In larger portions, since each of them copies the list.
    if (entries.length > bounds.entries * 1.1 || bytes > bounds.bytes * 1.1) forget();
    return entry;
  }
  return { add, since: (after) => entries.filter((entry) => entry.seq > after) };
}

function kept(body: string | Buffer): unknown {
  if (body.length === 0) return null;
  if (body.length > LONGEST_BODY) return `(${body.length} bytes)`;
  const text = body.toString();
  try {
    return withoutSecrets(readJson(text));
  } catch {
    // What cannot be read cannot be searched for secrets either.
    return /^[\w.%-]+=/.test(text)
      ? withoutSecrets(Object.fromEntries(new URLSearchParams(text)))
      : `(${body.length} bytes that are no JSON)`;
  }
}
