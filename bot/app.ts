import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { Migration } from '../core/migration.ts';
import type { Person } from '../core/person.ts';
import type { Clock, Log } from '../core/ports.ts';
import type { Understood } from '../core/question.ts';
import { actions } from '../playbook/actions/index.ts';
import { steps } from '../playbook/index.ts';
import { phrases, questions } from '../playbook/questions/index.ts';
import { connectAzure } from '../services/azure/index.ts';
import { followClock, systemClock } from '../services/clock.ts';
import { systemIds } from '../services/ids.ts';
import { createServerListCollector } from '../services/server-list.ts';
import type { Settings } from '../services/settings.ts';
import type { Place } from '../services/store/open-engine.ts';
import { openStore } from '../services/store/open-store.ts';
import type { Answer } from './flows/answers/answer-question.ts';
import { answerQuestion, explain } from './flows/answers/answer-question.ts';
import { createCollecting } from './flows/collect-evidence.ts';
import type { Context } from './flows/context.ts';
import { deliver } from './flows/deliver.ts';
import { startDuties } from './flows/duties.ts';
import { followFile } from './flows/file/accept-file.ts';
import type { Inbox } from './flows/inbox.ts';
import { createInbox } from './flows/receive.ts';
import { createRunWorker } from './flows/runs/run-plan.ts';
import { NoMigration, openMigrationInForce } from './migration-in-force.ts';
import { rulesVersion } from './rules.ts';
import { schedules } from './schedules.ts';
import { createTeamsHost } from './teams/teams-host.ts';
import { verbs } from './verbs.ts';

export interface App {
  /** The messages endpoint. */
  readonly url: string;
  readonly migration: Migration;
  readonly context: Context;
  /** The ledger as the lines of its export. */
  readonly exportLedger: () => AsyncIterable<string>;
  /** Answers a question on the same path as the channel. */
  answer(text: string, person: Person): Promise<Answer>;
  /** What a sentence is understood as. */
  explain(text: string): Promise<Understood>;
  close(): Promise<void>;
}

/** A start that cannot succeed until somebody mends something; every line is one thing to mend. */
export class StartRefused extends Error {
  readonly lines: readonly string[];
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

/** Wires every port to its implementation and starts the bot. The only place that does. */
export async function startApp(settings: Settings, makeLog: (clock: Clock) => Log): Promise<App> {
  if (settings.rehearsal) trust(settings.rehearsal.caFile);
  const ending = new AbortController();
  const clock = settings.rehearsal ? await followClock(settings.rehearsal.clockUrl, ending.signal) : systemClock();
  const log = makeLog(clock);
  const { store, jobs, engine, halted, exportLedger } = await openStore({ ...placeOf(settings), log, clock });
  const inForce = await openMigrationInForce(settings.migrationFile, store, steps).catch(async (error: unknown) => {
    ending.abort();
    await store.close();
    throw error instanceof NoMigration ? new StartRefused(error.lines) : error;
  });
  const azure = connectAzure({
    settings,
    clock,
    log,
    get subscriptions() {
      return inForce.migration.subscriptions;
    },
  });

  let inbox: Inbox | null = null;
  const host = await createTeamsHost({
    settings: teamsSettings(settings),
    channel: inForce.migration.channel,
    inbox: () => inbox as Inbox,
    clock,
    ids: systemIds(),
    log,
    loadReference: () => store.transact((tx) => tx.note('conversation')),
    saveReference: (reference) => store.transact((tx) => tx.saveNote('conversation', reference)),
    ready: async () => ({ ok: halted === null, detail: { store: engine.name, durable: engine.durable, ledgerHalted: halted !== null } }),
  });
  const context: Context = {
    get migration() {
      return inForce.migration;
    },
    inForce,
    rehearsal: settings.rehearsal !== null,
    get zone() {
      return inForce.zone;
    },
    rules: rulesVersion(),
    steps,
    actions,
    questions,
    phrases,
    clock,
    ids: systemIds(),
    log,
    store,
    collectors: {
      ...azure.collectors,
      'server-list': createServerListCollector({ source: () => inForce.migration.serverList, clock, log }),
    },
    readMachine: azure.machine,
    targets: azure.targets,
    writer: azure.writer,
    rights: azure.rights,
    probes: azure.probes,
    messenger: host.messenger,
  };
  const collecting = createCollecting(context, randomUUID());
  inbox = createInbox(context, collecting, async ({ verb, data, person, automatic }) => {
    const row = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    return row ? row({ context, collecting, person, data, automatic }) : null;
  });
  // A bot whose ledger is not the one it wrote last answers questions, and does nothing by itself.
  if (!halted) await jobs.start((outboxId) => deliver(context, collecting, outboxId));
  // A file that changed while nobody ran is put to the approvers before anything that was signed can begin.
  if (!halted) await followFile(context).catch((error: unknown) => log.error('following the migration file', { error: String(error) }));
  await host.listen();
  const duties = halted ? null : startDuties(context, collecting, createRunWorker(context, collecting, randomUUID()), schedules);
  return {
    url: `${host.url}/api/messages`,
    get migration() {
      return inForce.migration;
    },
    context,
    exportLedger,
    answer: (text, person) => answerQuestion(context, collecting, text, person),
    explain: (text) => explain(context, collecting.readiness, text),
    async close() {
      await host.close();
      await duties?.stop();
      await jobs.stop();
      ending.abort();
      await store.close();
    },
  };
}

function trust(caFile: string): void {
  setDefaultCACertificates([...getCACertificates('bundled'), readFileSync(caFile, 'utf8')]);
}

function placeOf({ databaseUrl, dataDir, witnessFile }: Settings): Place {
  return { databaseUrl, dataDir, ...(witnessFile === null ? {} : { witnessFile }) };
}

function teamsSettings({ bot, rehearsal, host, port, metricsPort }: Settings) {
  return {
    appId: bot.appId,
    appTenantId: bot.tenantId,
    appPassword: bot.password,
    rehearsal: rehearsal !== null,
    openIdMetadata: rehearsal?.teamsOpenidMetadata ?? 'https://login.botframework.com/v1/.well-known/openidconfiguration',
    loginUrl: rehearsal?.teamsLogin ?? `https://login.microsoftonline.com/${bot.tenantId}`,
    connectorScope: 'https://api.botframework.com',
    serviceUrl: rehearsal?.teamsServiceUrl ?? 'https://smba.trafficmanager.net/teams/',
    host,
    port,
    metricsPort,
  };
}
