import type { ServerResponse } from 'node:http';
import { IdentityInputError } from './azure/index.ts';
import { type ClockChange, ClockError, type VirtualClock } from './clock.ts';
import { EstateError } from './estates/estate.ts';
import type { Exchange } from './exchange.ts';
import { FaultInputError, type Faults } from './faults.ts';
import { readJson } from './json.ts';
import type { RequestLog } from './request-log.ts';

export interface DoorOptions {
  clock: VirtualClock;
  log: RequestLog;
  faults: Faults;
  estate: {
    /** The whole truth, as JSON. */
    truth(): unknown;
    /** Throws EstateError and changes nothing when the change makes no sense. */
    change(input: unknown): unknown;
  };
  /** Roles, permissions and sign-ins of the applications. */
  identities: {
    list(): unknown;
    /** Throws IdentityInputError. */
    change(input: unknown): unknown;
  };
  health: () => unknown;
  /** Tells the pretend Teams where the bot listens. */
  setBot: (messagesUrl: string) => void;
}

const LONGEST_WAIT = 25_000;

interface Asked {
  body: unknown;
  query: URLSearchParams;
  /** What follows the door's name in the path. */
  rest: string;
  signal: AbortSignal;
}
type Answer = { status: number; body: unknown };
type Door = (asked: Asked) => Answer | Promise<Answer>;

/** Handler of the paths that steer the pretend outside; false when the path is none of them. */
export function createDoors(options: DoorOptions): (req: Exchange, res: ServerResponse) => Promise<boolean> {
  const doors = doorTable(options);
  return async (req, res) => {
    const url = new URL(req.url ?? '/', 'http://localhost');
    const [, name = '', rest = ''] = /^\/(_[a-z]+)(?:\/(.*))?$/.exec(url.pathname) ?? [];
    const door = doors[`${req.method} ${name}`];
    if (!door) return false;
    const gone = new AbortController();
    res.on('close', () => gone.abort());
    const answer = await answerOf(door, req, url.searchParams, rest, gone.signal);
    if (res.destroyed) return true;
    res.statusCode = answer.status;
    res.setHeader('content-type', 'application/json; charset=utf-8');
    res.setHeader('cache-control', 'no-store');
    res.end(JSON.stringify(answer.body));
    return true;
  };
}

const REFUSALS = [ClockError, FaultInputError, IdentityInputError, SyntaxError];

async function answerOf(door: Door, req: Exchange, query: URLSearchParams, rest: string, signal: AbortSignal): Promise<Answer> {
  try {
    return await door({ body: parse(req.rawBody), query, rest, signal });
  } catch (error) {
    if (error instanceof EstateError) return refused(error.reason, error.path);
    if (REFUSALS.some((kind) => error instanceof kind)) return refused((error as Error).message);
    throw error;
  }
}

function refused(reason: string, path?: string): Answer {
  return { status: 400, body: { error: path === undefined ? { reason } : { path, reason } } };
}

function parse(body: Buffer): unknown {
  return body.length === 0 ? null : readJson(body.toString());
}

function doorTable({ clock, log, faults, estate, identities, health, setBot }: DoorOptions): Record<string, Door> {
  const ok = (body: unknown): Answer => ({ status: 200, body });
  return {
    'GET _health': () => ok(health()),
    'GET _log': ({ query }) => ok(log.since(numberOf(query.get('since')) ?? 0)),
    'GET _faults': () => ok(faults.list()),
    'POST _faults': ({ body }) => ok(faults.add(body)),
    'DELETE _faults': ({ rest }) => {
      const removed = faults.clear(rest === '' ? undefined : rest);
      return rest !== '' && !removed ? { status: 404, body: { error: { reason: `there is no fault ${rest}` } } } : ok({ removed });
    },
    'GET _estate': () => ok(estate.truth()),
    'POST _estate': ({ body }) => ok(estate.change(body)),
    'GET _identities': () => ok(identities.list()),
    'POST _identities': ({ body }) => ok(identities.change(body)),
    'GET _clock': async ({ query, signal }) => {
      const since = numberOf(query.get('since'));
      if (since === null) return ok(clock.read());
      return ok(await clock.changed(since, AbortSignal.any([signal, AbortSignal.timeout(LONGEST_WAIT)])));
    },
    'POST _clock': ({ body }) => ok(clock.move(clockChange(body))),
    'POST _bot': ({ body }) => {
      setBot(messagesUrl(body));
      return ok({});
    },
  };
}

function numberOf(text: string | null): number | null {
  if (text === null) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : 0;
}

function clockChange(body: unknown): ClockChange {
  const keys = typeof body === 'object' && body !== null ? Object.keys(body) : [];
  const value = (body as Record<string, unknown> | null)?.[keys[0] ?? ''];
  if (keys.length === 1 && keys[0] === 'advanceSeconds' && typeof value === 'number') return { advanceSeconds: value };
  if (keys.length === 1 && keys[0] === 'to' && typeof value === 'string') return { to: value };
  if (keys.length === 1 && keys[0] === 'rate' && typeof value === 'number') return { rate: value };
  throw new ClockError('send exactly one of {"advanceSeconds": number}, {"to": "ISO date-time"}, {"rate": number}');
}

function messagesUrl(body: unknown): string {
  const url = (body as { messages?: unknown } | null)?.messages;
  if (typeof url === 'string' && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
  throw new SyntaxError('send {"messages": "http://127.0.0.1:PORT/api/messages"}');
}
