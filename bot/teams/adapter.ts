import { CloudAdapter, type TurnContext } from 'botbuilder';
import {
  AuthenticationConfiguration,
  BotFrameworkAuthenticationFactory,
  type ServiceClientCredentialsFactory,
} from 'botframework-connector';
import type { Log } from '../../core/ports.ts';
import type { InboundActivity } from './activity.ts';
import { createConnectorHttp } from './connector-http.ts';
import { authorityOf } from './credentials.ts';
import { errorText } from './error-text.ts';
import type { Guard } from './guard.ts';
import { GuardedAuthentication } from './guarded-authentication.ts';
import { ISSUER, serviceSites, type TeamsSettings } from './settings.ts';

/** What goes back to Teams for an activity. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export type Logic = (context: TurnContext) => Promise<void>;

export interface Adapter {
  readonly cloud: CloudAdapter;
  /** Runs one turn for an activity the guard let through. */
  process(activity: InboundActivity, authorization: string, logic: Logic): Promise<Answer>;
}

export function createAdapter(options: {
  settings: TeamsSettings;
  guard: Guard;
  credentials: ServiceClientCredentialsFactory;
  log: Log;
}): Adapter {
  const { settings, guard, credentials, log } = options;
  const { appId, connectorScope, openIdMetadata } = settings;
  const outbound = BotFrameworkAuthenticationFactory.create(
    '',
    !settings.rehearsal,
    authorityOf(settings),
    connectorScope,
    ISSUER,
    ISSUER,
    openIdMetadata,
    openIdMetadata,
    'urn:botframework:azure',
    credentials,
    new AuthenticationConfiguration(),
    undefined,
    { httpClient: createConnectorHttp(serviceSites(settings)) },
  );
  const cloud = new CloudAdapter(new GuardedAuthentication({ outbound, guard, appId, audience: connectorScope }));
  cloud.onTurnError = async (_context, error) => {
    log.error('A turn broke outside its own handling.', { error: errorText(error) });
  };

  return {
    cloud,
    process: async (activity, authorization, logic) => {
      const answer: { status: number; body: unknown } = { status: 500, body: undefined };
      const response = {
        socket: null,
        header: () => undefined,
        status: (code: number) => {
          answer.status = code;
        },
        send: (body: unknown) => {
          answer.body = body;
        },
        end: () => undefined,
      };
      await cloud.process({ method: 'POST', headers: { authorization }, body: activity }, response, logic);
      // What the SDK says about a failure names its insides.
      return answer.status < 400 ? answer : { status: answer.status, body: undefined };
    },
  };
}
