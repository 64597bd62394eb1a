import { existsSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createPretendAzure, DOCUMENTED_LIMITS, type GraphRules, type LimitOptions, type PretendAzure } from './azure/index.ts';
import { ensureCertificates } from './certificates.ts';
import type { VirtualClock } from './clock.ts';
import { openClock } from './clock-file.ts';
import { createDoors } from './doors.ts';
import { loadEstate } from './estates/load.ts';
import { migrationOf, SERVER_LIST } from './estates/migration-of.ts';
import { CHANNEL, PEOPLE } from './estates/people.ts';
import { removalScripts } from './estates/removal-scripts.ts';
import { serverListOf } from './estates/server-list-of.ts';
import { createListener, type ServerBehind } from './exchange.ts';
import { createFaults } from './faults.ts';
import { writeAtomically } from './persistence.ts';
import { createRequestLog, type RequestLog } from './request-log.ts';
import { createPretendTeams, type PretendTeams } from './teams/index.ts';

export interface OutsideOptions {
  /** Port of the pretend Azure; 0 = any free one. The pretend Teams takes the next one. */
  port: number;
  estate: string;
  seed: number;
  dataDir: string;
  bot: string | null;
  start: number | null;
  /** Resource Graph queries an identity may ask in five seconds of real time. */
  queries: number;
  /** How far Resource Graph is always behind, in virtual seconds. */
  lagSeconds?: number;
  /** Rules of Resource Graph that differ from Azure's. */
  graph?: Partial<GraphRules>;
  /** Whether the documented limits of Resource Manager and Compute are enforced (virtual time). */
  limits?: LimitOptions['mode'];
  /** Writes to Arc machines a subscription may take in a virtual minute. */
  arcWrites?: number;
}

/** What a caller has to know to use the pretend outside. */
export interface Ready {
  azure: string;
  teams: string;
  page: string;
  identities: Record<'reader' | 'writer' | 'bot', { tenantId: string; clientId: string; clientSecret: string }>;
  botAppId: string;
  caFile: string;
  teamsSigningKeyFile: string;
  channel: { tenantId: string; teamId: string; channelId: string };
  people: { name: string; id: string; role: string }[];
  migrationFile: string;
  pid: number;
}

export interface Outside {
  ready: Ready;
  clock: VirtualClock;
  log: RequestLog;
  azure: PretendAzure;
  teams: PretendTeams;
  /** Real ms (performance.now) of the last request. */
  lastRequest(): number;
  /** Saves everything and closes both servers. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const TEAMS_BODY_LIMIT = 1024 * 1024;
const ATTEMPTS = 20;

/** Starts the pretend Azure and the pretend Teams on loopback. */
export async function startOutside(options: OutsideOptions): Promise<Outside> {
  const { dataDir, seed } = options;
  const certificates = await ensureCertificates(dataDir);
  const { clock, close: closeClock } = openClock(join(dataDir, 'clock.json'), options.start);
  const log = createRequestLog(clock);
  const faults = createFaults(seed);
  const address = { azure: '', teams: '' };
  const azure = await createPretendAzure({
    clock,
    dataDir,
    seed,
    estate: () => loadEstate(options.estate, seed, clock.now()),
    baseUrl: () => address.azure,
    quota: { queries: options.queries, windowMs: 5_000 },
    lagSeconds: options.lagSeconds ?? 0,
    ...(options.graph && { graph: options.graph }),
    limits: limitsOf(options),
  });
  const teams = createPretendTeams({
    clock,
    log,
    faults,
    dataDir,
    channel: CHANNEL,
    people: PEOPLE,
    bot: { appId: azure.identities.bot.clientId, name: 'Greenlight' },
    seed,
    limits: options.limits !== 'off',
    tokenVerifier: azure.tokenVerifier,
    serviceUrl: () => `${address.teams}/`,
    ...(options.bot === null ? {} : { messagesUrl: options.bot }),
  });
  const door = createDoors({
    clock,
    log,
    faults,
    estate: azure.estate,
    identities: azure.access,
    health: () => ({ ok: true, pid: process.pid, now: clock.now() }),
    setBot: (messagesUrl) => teams.setBot(messagesUrl),
  });
  const names = Object.values(azure.identities);
  const nameOf = (identity: string | null) => names.find(({ clientId }) => clientId === identity)?.name ?? null;
  const gate = { log, faults, door, nameOf };
  const servers = await listen(
    () => createHttpsServer({ key: certificates.key, cert: certificates.cert }, createListener(azure, gate)),
    () => createHttpServer(createListener(teamsBehind(teams, azure), gate)),
    options.port,
  );
  address.azure = `https://localhost:${portOf(servers.azure)}`;
  address.teams = `http://${HOST}:${portOf(servers.teams)}`;
  let last = performance.now();
  for (const server of [servers.azure, servers.teams]) server.on('request', () => (last = performance.now()));

  async function close(): Promise<void> {
    await Promise.all([stop(servers.azure), stop(servers.teams)]);
    azure.close();
    closeClock();
    await teams.save();
    await teams.close();
  }
  return {
    ready: readyOf(address, azure, teams, certificates.caFile, migrationFile(dataDir, azure.estate.whole)),
    clock,
    log,
    azure,
    teams,
    lastRequest: () => last,
    close,
  };
}

function limitsOf({ limits, arcWrites }: OutsideOptions): LimitOptions {
  return { mode: limits ?? DOCUMENTED_LIMITS.mode, arcWritesPerMinute: arcWrites ?? DOCUMENTED_LIMITS.arcWritesPerMinute };
}

function teamsBehind(teams: PretendTeams, azure: PretendAzure): ServerBehind {
  return {
    name: 'teams',
    bodyLimit: TEAMS_BODY_LIMIT,
    identify: (req) => azure.tokenVerifier(req.headers.authorization)?.appId ?? null,
    refuse(res, status, code, message) {
      res.statusCode = status;
      res.setHeader('content-type', 'application/json; charset=utf-8');
      res.end(JSON.stringify({ error: { code, message } }));
    },
    handle: (req, res) => teams.handle(req, res),
  };
}

interface Servers {
  azure: Server;
  teams: Server;
}

// Two neighbouring ports are wanted; with any free port asked for, the neighbour may be taken, so another pair is tried.
async function listen(makeAzure: () => Server, makeTeams: () => Server, port: number): Promise<Servers> {
  for (let attempt = 1; ; attempt += 1) {
    const azure = await bind(makeAzure(), port);
    try {
      return { azure, teams: await bind(makeTeams(), portOf(azure) + 1) };
    } catch (error) {
      await stop(azure);
      if (port !== 0 || attempt === ATTEMPTS) throw error;
    }
  }
}

function bind(server: Server, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function migrationFile(dataDir: string, estate: () => Parameters<typeof migrationOf>[0]): string {
  const file = join(dataDir, 'migration.yaml');
  if (existsSync(file)) return file;
  const list = serverListOf(estate());
  if (list !== null) writeAtomically(join(dataDir, SERVER_LIST), list);
  for (const { name, text } of removalScripts()) writeAtomically(join(dataDir, name), text);
  writeAtomically(file, migrationOf(estate()));
  return file;
}

function readyOf(
  address: { azure: string; teams: string },
  azure: PretendAzure,
  teams: PretendTeams,
  caFile: string,
  migration: string,
): Ready {
  const { reader, writer, bot } = azure.identities;
  const shown = ({ tenantId, clientId, clientSecret }: typeof reader) => ({ tenantId, clientId, clientSecret });
  const { tenantId, teamId, channelId } = CHANNEL;
  return {
    azure: address.azure,
    teams: address.teams,
    page: `${address.teams}/`,
    identities: { reader: shown(reader), writer: shown(writer), bot: shown(bot) },
    botAppId: bot.clientId,
    caFile,
    teamsSigningKeyFile: teams.signingKeyFile,
    channel: { tenantId, teamId, channelId },
    people: PEOPLE.map(({ name, id, role }) => ({ name, id, role })),
    migrationFile: migration,
    pid: process.pid,
  };
}
