import { mkdtempSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVirtualClock } from '../../../simulator/clock.ts';
import { createListener } from '../../../simulator/exchange.ts';
import { createFaults, type Faults } from '../../../simulator/faults.ts';
import { createRequestLog, type RequestLog } from '../../../simulator/request-log.ts';
import { createPretendTeams, type Person, type PretendTeams, type TeamsOptions } from '../../../simulator/teams/index.ts';
import { layKeys } from '../keys-of-a-run.ts';

export type Json = Record<string, unknown>;

export const TENANT = '11111111-1111-4111-8111-111111111111';
export const APP_ID = '22222222-2222-4222-8222-222222222222';
export const CHANNEL = '19:general-of-the-migration@thread.tacv2';
export const START = Date.parse('2026-11-23T07:30:00Z');

export const ANA: Person = person('Ana Diaz', 'a', 'approver');
export const TOM: Person = person('Tom Weber', 'b', 'approver');
export const EVE: Person = person('Eve Okoye', 'c', 'engineer');
export const GUS: Person = { ...person('Gus Guest', 'd', 'guest'), isGuest: true };

export function person(name: string, letter: string, role: string): Person {
  const id = `${letter.repeat(8)}-${letter.repeat(4)}-4${letter.repeat(3)}-8${letter.repeat(3)}-${letter.repeat(12)}`;
  return { name, id, tenantId: TENANT, upn: `${name.replace(' ', '.').toLowerCase()}@contoso.example`, role, isGuest: false };
}

export interface Outside {
  url: string;
  teams: PretendTeams;
  dataDir: string;
  log: RequestLog;
  faults: Faults;
  clock: ReturnType<typeof createVirtualClock>;
  close(): Promise<void>;
}

/**
 * The pretend Teams behind the same listener the simulator uses; the bearer `good` is the bot's. Rate limits are off unless asked for,
 * and a client shows what is true at once.
 */
export async function openTeams(changes: Partial<TeamsOptions> = {}): Promise<Outside> {
  const clock = changes.clock ?? createVirtualClock(START, { rate: 0 });
  const log = createRequestLog(clock);
  const faults = createFaults();
  const dataDir = changes.dataDir ?? mkdtempSync(join(tmpdir(), 'pretend-teams-'));
  if (changes.dataDir === undefined) layKeys(dataDir);
  const known: Record<string, { appId: string }> = { 'Bearer good': { appId: APP_ID }, 'Bearer other': { appId: TENANT } };
  let url = '';
  const teams = createPretendTeams({
    clock,
    log,
    faults,
    dataDir,
    channel: { tenantId: TENANT, teamId: CHANNEL, teamName: 'Defender migration', channelId: CHANNEL, channelName: 'General' },
    people: [ANA, TOM, EVE, GUS],
    bot: { appId: APP_ID, name: 'Greenlight' },
    tokenVerifier: (authorization) => known[authorization ?? ''] ?? null,
    serviceUrl: () => url || undefined,
    limits: false,
    clientLagMs: 0,
    ...changes,
  });
  const listener = createListener(
    {
      name: 'teams',
      identify: (req) => known[req.headers.authorization ?? '']?.appId ?? null,
      bodyLimit: 1024 * 1024,
      refuse: (res, status, code, message) => reply(res, status, { error: { code, message } }),
      handle: (req, res) => teams.handle(req, res),
    },
    {
      log,
      faults,
      nameOf: (identity) => (identity === APP_ID ? 'bot' : null),
      door: async (req, res) => {
        if (req.method !== 'POST' || req.url !== '/_clock') return false;
        reply(res, 200, clock.move(JSON.parse(req.rawBody.toString())));
        return true;
      },
    },
  );
  const server = createServer(listener);
  url = `${await listen(server)}/`;
  return {
    url,
    teams,
    dataDir,
    log,
    faults,
    clock,
    close: async () => {
      await teams.close();
      await stop(server);
    },
  };
}

export interface FakeBot {
  url: string;
  /** What arrived, oldest first. */
  received: { authorization: string; headers: Json; activity: Json }[];
  /** Answers an invoke: HTTP status and body, or a promise of it. */
  onInvoke: (activity: Json) => unknown;
  /** HTTP status of every answer. */
  status: number;
  /** Real milliseconds it takes over anything but an invoke. */
  delayMs: number;
  close(): Promise<void>;
}

export async function openBot(port = 0): Promise<FakeBot> {
  const server = createServer((req, res) => void take(req, res));
  const bot: FakeBot = {
    url: '',
    received: [],
    onInvoke: () => ({ statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'noted' }),
    status: 200,
    delayMs: 0,
    close: () => stop(server),
  };
  async function take(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
    const activity = JSON.parse(Buffer.concat(chunks).toString()) as Json;
    bot.received.push({ authorization: req.headers.authorization ?? '', headers: req.headers, activity });
    if (activity['type'] === 'invoke') return reply(res, bot.status, await bot.onInvoke(activity));
    if (bot.delayMs) await new Promise((resolve) => setTimeout(resolve, bot.delayMs));
    return reply(res, bot.status, {});
  }
  bot.url = `${await listen(server, port)}/api/messages`;
  return bot;
}

export async function call(
  method: string,
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Json }> {
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Json };
}

/** A request to one of the page's doors. */
export function page(outside: Outside, door: string, body: Json): Promise<{ status: number; body: Json }> {
  return call('POST', `${outside.url}_page/${door}`, body);
}

/** What a person sees, by the client they use. */
export async function stateOf(outside: Outside, as: string, client = 'web'): Promise<Json & { messages: Json[] }> {
  return (await call('GET', `${outside.url}_page/state?as=${as}&client=${client}`)).body as Json & { messages: Json[] };
}

/** A connector call with the bot's own token. */
export function asBot(outside: Outside, method: string, path: string, body?: unknown): Promise<{ status: number; body: Json }> {
  return call(method, `${outside.url}${path}`, body, { authorization: 'Bearer good' });
}

export function cardMessage(card: Json, more: Json = {}): Json {
  return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }], ...more };
}

export function simpleCard(text: string, more: Json = {}): Json {
  return { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text, wrap: true }], ...more };
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('what was waited for did not happen');
}

function reply(res: ServerResponse, status: number, body: unknown): void {
  res.statusCode = status;
  res.setHeader('content-type', 'application/json');
  res.end(JSON.stringify(body));
}

async function listen(server: Server, port = 0): Promise<string> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
