import { type IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { effectsOf, holdAnswer, refuseWith } from './fault-effects.ts';
import type { ActiveFault, Faults } from './faults.ts';
import { logWhenAnswered } from './log-answer.ts';
import type { RequestLog, ServerName } from './request-log.ts';

/** A request whose body has been read; the server behind may leave a better `operation` and `identity` for the log. */
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
  /** Application id the request's bearer token was issued to, null without one. */
  identify(req: IncomingMessage): string | null;
  /** What the request log calls a request; null or absent = its method and plain path. */
  operationOf?(method: string, path: string): string | null;
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
  /** reader, writer or bot for an application id; null for another. */
  nameOf?(identity: string | null): string | null;
  /** False = not a door. */
  door(req: Exchange, res: ServerResponse): Promise<boolean>;
}

const DOOR_LIMIT = 64 * 1024 * 1024;
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** The listener of one server: doors first, then faults, then the server behind; everything but the doors is logged. */
export function createListener(behind: ServerBehind, gate: Gate): (req: IncomingMessage, res: ServerResponse) => void {
  return (req, res) => {
    serve(behind, gate, req, res).catch((error: unknown) => {
      if (req.destroyed && !req.complete) return; // whoever asked hung up in the middle of asking
      console.error(`pretend ${behind.name} failed on ${req.method} ${req.url}`, error);
      if (res.headersSent) res.destroy();
      else
        behind.refuse(res, 500, 'InternalServerError', 'The pretend outside failed on this request; its own log says why.', req.url ?? '/');
    });
  };
}

async function serve(behind: ServerBehind, gate: Gate, incoming: IncomingMessage, res: ServerResponse): Promise<void> {
  const path = incoming.url ?? '/';
  const isDoor = path.startsWith('/_');
  const body = await readBody(incoming, isDoor ? DOOR_LIMIT : behind.bodyLimit);
  const req = Object.assign(incoming, { rawBody: body ?? Buffer.alloc(0) }) as Exchange;
  const strange = strangeness(behind, req, body);
  if (isDoor && !strange && (await gate.door(req, res))) return;

  const method = req.method ?? 'GET';
  req.identity = behind.identify(req);
  req.operation = behind.operationOf?.(method, plain(path)) ?? `${method} ${namesOf(path)}`;
  if (strange) {
    logWhenAnswered(behind, gate, req, res, []);
    return behind.refuse(res, ...strange, path);
  }
  const { identity, operation } = req;
  const who = gate.nameOf?.(identity) ?? null;
  const faults = gate.faults.take({ server: behind.name, method, path, body: req.rawBody.toString(), identity, who, operation });
  logWhenAnswered(behind, gate, req, res, faults);
  await carryOut(behind, gate, req, res, faults);
}

/** Why a request gets no further than the door, as status, code and words; null = it may come in. */
function strangeness(behind: ServerBehind, req: Exchange, body: Buffer | null): [number, string, string] | null {
  // A page in somebody's browser must not reach the doors by a name that resolves to loopback.
  if (!LOOPBACK.test(req.headers.host ?? '')) return [421, 'MisdirectedRequest', 'Use localhost or 127.0.0.1.'];
  // `//host/path` and `https://host/path` would be read as another host.
  if (!/^\/(?![/\\])/.test(req.url ?? '')) return [400, 'BadRequest', 'The request URI is not valid.'];
  return body ? null : [413, 'RequestEntityTooLarge', `The request is larger than ${behind.bodyLimit} bytes.`];
}

async function carryOut(
  behind: ServerBehind,
  gate: Gate,
  req: Exchange,
  res: ServerResponse,
  faults: readonly ActiveFault[],
): Promise<void> {
  const effects = effectsOf(faults);
  if (effects.delayMs > 0) await pause(effects.delayMs);
  if (effects.refusal) return refuseWith(behind, effects.refusal, req, res);
  req.lie = effects.lie;
  req.lagMs = effects.lagMs;
  holdAnswer(behind, effects, req, res, ({ id }) => gate.faults.giveBack(id));
  if (!(await behind.handle(req, res))) {
    behind.refuse(res, 404, 'NotFound', `There is nothing at ${req.method} ${plain(req.url ?? '/')}.`, req.url ?? '/');
  } else if (effects.twice) await repeat(behind, gate, req, faults);
}

/** The same request once more; nobody hears its answer but the log. */
async function repeat(behind: ServerBehind, gate: Gate, req: Exchange, faults: readonly ActiveFault[]): Promise<void> {
  const unheard = new ServerResponse(req);
  const again = Object.create(req, {
    operation: { value: req.operation, writable: true },
    identity: { value: req.identity, writable: true },
  });
  logWhenAnswered(behind, gate, again as Exchange, unheard, faults, true);
  await behind.handle(again as Exchange, unheard);
}

function plain(path: string): string {
  return path.split('?')[0] ?? '';
}

/** The path without query and without the parts that look like ids. */
function namesOf(path: string): string {
  const parts = plain(path)
    .split('/')
    .filter((part) => part && !/[\d:@%]{2}/.test(part));
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
