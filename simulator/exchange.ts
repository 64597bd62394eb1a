import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ActiveFault, Fault, Faults } from './faults.ts';
import type { RequestLog, ServerName } from './request-log.ts';

/** A request whose body has been read; the server behind leaves `operation` (and Azure `identity`) for the log. */
export interface Exchange extends IncomingMessage {
  rawBody: Buffer;
  identity?: string | null;
  operation?: string;
  /** A fault wants the machine to claim success without doing anything. */
  lie?: boolean;
  /** A fault wants the index of Resource Graph to be this many virtual ms behind. */
  lagMs?: number;
}

export interface ServerBehind {
  name: ServerName;
  /** Application id the request's bearer token was issued to, null without a valid token. */
  identify(req: IncomingMessage): string | null;
  /** Bytes a request body may have. */
  bodyLimit: number;
  /** Answers an error in the server's own shape. */
  refuse(res: ServerResponse, status: number, code: string, message: string, path: string): void;
  /** False = not one of its routes. */
  handle(req: Exchange, res: ServerResponse): Promise<boolean>;
}

export interface Gate {
  log: RequestLog;
  faults: Faults;
  /** False = not a door. */
  door(req: Exchange, res: ServerResponse): Promise<boolean>;
}

const DOOR_LIMIT = 64 * 1024 * 1024;
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** The listener of one server: doors first, then faults, then the server behind; everything but the doors is logged. */
export function createListener(behind: ServerBehind, gate: Gate): (req: IncomingMessage, res: ServerResponse) => void {
  return (req, res) => {
    serve(behind, gate, req, res).catch((error: unknown) => {
      console.error(`pretend ${behind.name} failed on ${req.method} ${req.url}`, error);
      if (res.headersSent) res.destroy();
      else
        behind.refuse(res, 500, 'InternalServerError', 'The pretend outside failed on this request; its own log says why.', req.url ?? '/');
    });
  };
}

async function serve(behind: ServerBehind, gate: Gate, incoming: IncomingMessage, res: ServerResponse): Promise<void> {
  const path = incoming.url ?? '/';
  // A page in somebody's browser must not reach the doors by a name that resolves to loopback.
  if (!LOOPBACK.test(incoming.headers.host ?? ''))
    return behind.refuse(res, 421, 'MisdirectedRequest', 'Use localhost or 127.0.0.1.', path);
  const isDoor = path.startsWith('/_');
  const body = await readBody(incoming, isDoor ? DOOR_LIMIT : behind.bodyLimit);
  const req = Object.assign(incoming, { rawBody: body ?? Buffer.alloc(0) }) as Exchange;
  if (isDoor && body && (await gate.door(req, res))) return;

  req.identity = behind.identify(req);
  const method = req.method ?? 'GET';
  const hit = gate.faults.take({ server: behind.name, method, path, body: req.rawBody.toString(), identity: req.identity });
  logWhenAnswered(behind, gate.log, req, res, hit);
  if (!body) return behind.refuse(res, 413, 'RequestEntityTooLarge', `The request is larger than ${behind.bodyLimit} bytes.`, path);
  if (hit && (await applyFault(behind, hit.fault, req, res))) return;
  if (await behind.handle(req, res)) return;
  behind.refuse(res, 404, 'NotFound', `There is nothing at ${method} ${path.split('?')[0]}.`, path);
}

async function applyFault(behind: ServerBehind, fault: Fault, req: Exchange, res: ServerResponse): Promise<boolean> {
  if ('slowMs' in fault) {
    await new Promise((resolve) => setTimeout(resolve, fault.slowMs));
    return false;
  }
  if ('lagSeconds' in fault) {
    req.lagMs = fault.lagSeconds * 1000;
    return false;
  }
  if ('lie' in fault) {
    req.lie = true;
    return false;
  }
  if (!fault.after) {
    answerWith(behind, fault, req, res);
    return true;
  }
  const end = res.end.bind(res);
  res.end = () => {
    res.end = end;
    for (const name of res.getHeaderNames()) res.removeHeader(name);
    answerWith(behind, fault, req, res);
    return res;
  };
  return false;
}

function answerWith(
  behind: ServerBehind,
  fault: Exclude<Fault, { slowMs: number } | { lie: true } | { lagSeconds: number }>,
  req: Exchange,
  res: ServerResponse,
): void {
  if ('reset' in fault) {
    req.socket.destroy();
    return;
  }
  if (fault.retryAfter !== undefined) res.setHeader('retry-after', String(fault.retryAfter));
  behind.refuse(
    res,
    fault.status,
    fault.code ?? DEFAULT_CODES[fault.status] ?? 'InternalServerError',
    fault.message ?? 'Injected fault.',
    req.url ?? '/',
  );
}

const DEFAULT_CODES: Record<number, string> = {
  401: 'AuthenticationFailed',
  403: 'AuthorizationFailed',
  404: 'ResourceNotFound',
  409: 'Conflict',
  429: 'TooManyRequests',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
};

function logWhenAnswered(behind: ServerBehind, log: RequestLog, req: Exchange, res: ServerResponse, hit: ActiveFault | null): void {
  const operation = `${req.method} ${plainPath(req.url ?? '/')}`;
  let written = false;
  function write(status: number): void {
    if (written) return;
    written = true;
    const entry = {
      server: behind.name,
      identity: req.identity ?? null,
      method: req.method ?? 'GET',
      path: req.url ?? '/',
      status,
      body: req.rawBody,
      operation: req.operation ?? operation,
    };
    log.add(hit ? { ...entry, fault: hit.id } : entry);
  }
  // Written before the answer leaves, so that whoever has the answer finds the entry.
  const end = res.end.bind(res);
  res.end = ((...args: Parameters<typeof end>) => {
    write(res.statusCode);
    return end(...args);
  }) as typeof end;
  res.on('close', () => write(0));
}

/** The path without query and without the parts that look like ids. */
function plainPath(path: string): string {
  const parts = (path.split('?')[0] ?? '').split('/').filter((part) => part && !/[\d:@%]{2}/.test(part));
  return `/${parts.join('/')}`;
}

/** Null when the body is larger than `limit`. The rest of it is read and dropped, so that the answer can still be sent. */
async function readBody(req: IncomingMessage, limit: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
  }
  return size > limit ? null : Buffer.concat(chunks);
}
