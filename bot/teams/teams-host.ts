import type { Json } from '../../core/json.ts';
import type { Channel } from '../../core/migration.ts';
import type { Clock, Ids, Log, Messenger } from '../../core/ports.ts';
import type { Inbox } from '../flows/inbox.ts';
import { createAdapter } from './adapter.ts';
import { createBackground } from './background.ts';
import { createConnector } from './connector.ts';
import { createConsoleFilter } from './console-filter.ts';
import { createConversationReference } from './conversation-reference.ts';
import { createCounters } from './counters.ts';
import { createCredentials } from './credentials.ts';
import { createGuard } from './guard.ts';
import { createMessenger } from './messenger.ts';
import { createMetricsServer } from './metrics.ts';
import { createPeople } from './people.ts';
import { createReadiness, type Ready } from './readiness.ts';
import { createServer } from './server.ts';
import { checkSettings, type TeamsSettings } from './settings.ts';
import { createSigningKeys } from './signing-keys.ts';
import { createTokenBucket } from './token-bucket.ts';
import { createTurn } from './turn.ts';

export interface TeamsHostOptions {
  settings: TeamsSettings;
  channel: Channel;
  /** A function when the inbox needs the messenger first; it is asked at the first activity. */
  inbox: Inbox | (() => Inbox);
  clock: Clock;
  ids: Ids;
  log: Log;
  /** What was stored about the conversation, null when nothing was. */
  loadReference(): Promise<Json | null>;
  saveReference(reference: Json): Promise<void>;
  ready(): Promise<Ready>;
  /** Milliseconds after which Teams is answered and the work goes on by itself; 8,000 when left out. */
  patience?: number;
}

/** Everything that knows Teams, behind what the flows and the process need of it. */
export interface TeamsHost {
  /** Base address; the messages endpoint is `/api/messages` under it. Blank before `listen`. */
  readonly url: string;
  /** Address of the counters, null when there are none. */
  readonly metricsUrl: string | null;
  readonly messenger: Messenger;
  listen(): Promise<void>;
  /** Takes no more requests and finishes what was accepted, for up to 20 s. */
  close(): Promise<void>;
}

const DRAIN = 20_000;

/** Throws when the settings would leave the bot without authentication. */
export async function createTeamsHost(options: TeamsHostOptions): Promise<TeamsHost> {
  const { settings, channel, clock, ids, log } = options;
  checkSettings(settings);
  const inbox = typeof options.inbox === 'function' ? options.inbox : () => options.inbox as Inbox;
  const counters = createCounters();
  const background = createBackground();
  const keys = createSigningKeys({ metadataUrl: settings.openIdMetadata, log });
  const guard = createGuard({ settings, tenantId: channel.tenantId, keys });
  const credentials = createCredentials(settings);
  const adapter = createAdapter({ settings, guard, credentials, log });
  const quiet = createConsoleFilter(log);
  const reference = createConversationReference({
    settings,
    load: () => options.loadReference(),
    save: (ref) => options.saveReference(ref),
    log,
  });
  const connector = createConnector({ settings, channel, cloud: adapter.cloud, credentials, reference, quiet });
  const people = createPeople({ connector, channel, clock, log });
  const messenger = createMessenger({ connector, people, bucket: createTokenBucket() });
  const turn = createTurn({
    channel,
    appId: settings.appId,
    inbox,
    people,
    messenger,
    reference,
    background,
    counters,
    ids,
    log,
    ...(options.patience === undefined ? {} : { patience: options.patience }),
  });
  const server = createServer({
    host: settings.host,
    port: settings.port,
    guard,
    deliver: (activity, authorization) => quiet.run(() => adapter.process(activity, authorization, turn(activity))),
    pending: () => background.pending(),
    readiness: createReadiness({ ready: () => options.ready(), keysReady: () => keys.ready(), log }),
    counters,
    ids,
    log,
  });
  const metrics = settings.metricsPort === null ? null : createMetricsServer(counters, settings.metricsPort);
  let url = '';
  let metricsUrl: string | null = null;

  return {
    get url() {
      return url;
    },
    get metricsUrl() {
      return metricsUrl;
    },
    messenger,
    listen: async () => {
      keys.start();
      url = await server.listen();
      metricsUrl = (await metrics?.listen()) ?? null;
    },
    close: async () => {
      await server.close();
      if (!(await background.drain(DRAIN))) log.warn('Some work was not finished before the end.', { left: background.pending() });
      keys.stop();
      await metrics?.close();
      quiet.restore();
    },
  };
}
