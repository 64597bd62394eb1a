import type { Activity, CloudAdapter, ConversationReference as SdkReference, TurnContext } from 'botbuilder';
import type { AppCredentials, ConnectorClient, ServiceClientCredentialsFactory } from 'botframework-connector';
import type { Channel } from '../../core/migration.ts';
import { ConnectorTrouble } from './connector-http.ts';
import type { ConsoleFilter } from './console-filter.ts';
import type { ConversationReference } from './conversation-reference.ts';
import { authorityOf } from './credentials.ts';
import { errorText } from './error-text.ts';
import type { TeamsSettings } from './settings.ts';

/** How a call ended. `sent: false`: it certainly did not happen. */
export type Called<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly sent: boolean;
      readonly status: number | null;
      readonly retryAfterSeconds: number | null;
      readonly because: string;
    };

/** The Bot Connector, reached without anybody having spoken first. */
export interface Connector {
  /** Sends once. A repeat happens only when the answer proves that nothing was done. */
  post(threadId: string | null, activity: Partial<Activity>): Promise<Called<string>>;
  /** Repeated up to twice when it is unclear whether it arrived: the same edit twice is one edit. */
  update(activityId: string, activity: Partial<Activity>): Promise<Called<string>>;
  /** Reads, repeated up to twice. */
  read<T>(work: (client: ConnectorClient) => Promise<T>): Promise<Called<T>>;
}

type Work<T> = (context: TurnContext, client: ConnectorClient) => Promise<T>;

const SIGN_IN_DEADLINE = 10_000;
const REPEATS = 2;
const PAUSE = 250;

export function createConnector(options: {
  settings: TeamsSettings;
  channel: Channel;
  cloud: CloudAdapter;
  credentials: ServiceClientCredentialsFactory;
  reference: ConversationReference;
  quiet: ConsoleFilter;
}): Connector {
  const { settings, channel, cloud, credentials, quiet } = options;
  let signingIn: Promise<void> | null = null;

  // The SDK asks for a token within each request, without limit: asking before keeps "not signed in" apart from "sent".
  async function signIn(renew: boolean): Promise<void> {
    const made = await credentials.createCredentials(settings.appId, settings.connectorScope, authorityOf(settings), !settings.rehearsal);
    await withDeadline((made as AppCredentials).getToken(renew), SIGN_IN_DEADLINE);
  }

  function signedIn(renew: boolean): Promise<void> {
    signingIn ??= signIn(renew).finally(() => {
      signingIn = null;
    });
    return signingIn;
  }

  async function once<T>(threadId: string | null, work: Work<T>, renew: boolean): Promise<Called<T>> {
    const serviceUrl = await options.reference.serviceUrl();
    if (serviceUrl === null) return notSent('the stored address of the Bot Connector is not one of Microsoft');
    try {
      await signedIn(renew);
    } catch (error) {
      return notSent(`the bot could not sign in (${errorText(error)}): check its app id, secret and tenant`);
    }
    let called: Called<T> = notSent('the bot framework did not start the call');
    await cloud.continueConversationAsync(settings.appId, referenceTo(serviceUrl, threadId), async (context) => {
      try {
        const client = context.turnState.get<ConnectorClient>(cloud.ConnectorClientKey);
        called = { ok: true, value: await work(context, client) };
      } catch (error) {
        called = failure(error);
      }
    });
    return called;
  }

  async function call<T>(threadId: string | null, work: Work<T>, repeats: number): Promise<Called<T>> {
    let renewed = false;
    for (let attempt = 0; ; attempt += 1) {
      const called = await quiet.run(() => once(threadId, work, renewed));
      if (called.ok) return called;
      // A refused token did nothing: one new token, one more try.
      if (called.status === 401 && !renewed) {
        renewed = true;
        continue;
      }
      const pause = isUnclear(called) ? PAUSE * 2 ** attempt : shortPause(called);
      if (attempt >= repeats || pause === null) return called;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  function referenceTo(serviceUrl: string, threadId: string | null): Partial<SdkReference> {
    const id = threadId === null ? channel.channelId : `${channel.channelId};messageid=${threadId}`;
    return {
      channelId: 'msteams',
      serviceUrl,
      bot: { id: `28:${settings.appId}`, name: '' },
      conversation: { id, isGroup: true, conversationType: 'channel', tenantId: channel.tenantId, name: '' },
    };
  }

  return {
    // Not through the context: a continued conversation would answer to an activity that never was.
    post: (threadId, activity) =>
      call(
        threadId,
        async (context, client) => {
          const { conversation } = context.activity;
          return (await client.conversations.sendToConversation(conversation.id, addressed(context, activity))).id ?? '';
        },
        0,
      ),
    update: (activityId, activity) =>
      call(
        null,
        async (context, client) => {
          await client.conversations.updateActivity(channel.channelId, activityId, addressed(context, { ...activity, id: activityId }));
          return activityId;
        },
        REPEATS,
      ),
    read: (work) => call(null, (_context, client) => work(client), REPEATS),
  };
}

function addressed(
  { activity: { channelId, serviceUrl, conversation, recipient } }: TurnContext,
  activity: Partial<Activity>,
): Partial<Activity> {
  return { ...activity, channelId, serviceUrl, conversation, from: recipient };
}

function isUnclear(called: { sent: boolean; status: number | null }): boolean {
  return called.status === null ? called.sent : called.status === 408 || called.status >= 500;
}

// A longer pause is for the caller to keep: nobody waits inside a call.
function shortPause(called: { status: number | null; retryAfterSeconds: number | null }): number | null {
  const seconds = called.retryAfterSeconds ?? 1;
  return called.status === 429 && seconds <= 2 ? seconds * 1000 : null;
}

function notSent(because: string): Called<never> {
  return { ok: false, sent: false, status: null, retryAfterSeconds: null, because };
}

const ADVICE: Readonly<Record<number, string>> = {
  401: 'Teams did not accept the sign-in of the bot: check its app id, secret and tenant',
  403: 'Teams does not let the bot speak here: install the app in the team that holds the channel',
  404: 'Teams knows no such channel or message: check the channel in the migration file, and that the app is installed in its team',
  413: 'the message is too large for Teams',
  429: 'Teams asked for fewer messages',
};

function failure(error: unknown): Called<never> {
  if (!(error instanceof ConnectorTrouble)) return notSent(`the message could not be built (${errorText(error)})`);
  const { status, retryAfterSeconds, sent } = error;
  const advice = ADVICE[status ?? 0];
  const because = advice ? `${advice} (${error.message})` : error.message;
  return { ok: false, sent, status, retryAfterSeconds, because };
}

async function withDeadline<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
