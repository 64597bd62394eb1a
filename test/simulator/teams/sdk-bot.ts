import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudAdapter, ConfigurationBotFrameworkAuthentication, type TurnContext } from 'botbuilder';
import { type AppCredentials, MicrosoftAppCredentials, type ServiceClientCredentialsFactory } from 'botframework-connector';
import { APP_ID, type Json, type Outside, TENANT, until } from './outside.ts';

class FixedCredentials extends MicrosoftAppCredentials {
  override async getToken(): Promise<string> {
    return 'good';
  }
}

const credentials: ServiceClientCredentialsFactory = {
  isValidAppId: async (appId) => appId === APP_ID,
  isAuthenticationDisabled: async () => false,
  createCredentials: async () => new FixedCredentials(APP_ID, 'unused', TENANT) as unknown as AppCredentials,
};

/** A bot on Microsoft's own adapter, with its authentication on, that does in each turn what a test wants. */
export interface SdkBot {
  url: string;
  adapter: CloudAdapter;
  turn: (context: TurnContext) => Promise<unknown>;
  /** What it answered to Teams, in order. */
  statuses: number[];
  close(): Promise<void>;
}

export async function openSdkBot(outside: Outside): Promise<SdkBot> {
  const metadata = `${outside.url}v1/.well-known/openidconfiguration`;
  const adapter = new CloudAdapter(
    new ConfigurationBotFrameworkAuthentication(
      {
        MicrosoftAppId: APP_ID,
        MicrosoftAppType: 'SingleTenant',
        MicrosoftAppTenantId: TENANT,
        ToChannelFromBotLoginUrl: `http://127.0.0.1/${TENANT}`,
        ToChannelFromBotOAuthScope: 'https://api.botframework.com',
        ToBotFromChannelTokenIssuer: 'https://api.botframework.com',
        OAuthUrl: 'https://api.botframework.com',
        ToBotFromChannelOpenIdMetadataUrl: metadata,
        ToBotFromEmulatorOpenIdMetadataUrl: metadata,
        ValidateAuthority: false,
        CallerId: 'urn:botframework:azure',
      } as unknown as Record<string, string>,
      credentials,
    ),
  );
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const request = { body: JSON.parse(Buffer.concat(chunks).toString()) as Json, headers: req.headers, method: req.method ?? '' };
      const response = {
        socket: res.socket,
        header: (name: string, value: unknown) => res.setHeader(name, String(value)),
        status: (status: number) => {
          res.statusCode = status;
          bot.statuses.push(status);
        },
        send: (body: unknown) => res.write(JSON.stringify(body)),
        end: () => res.end(),
      };
      void adapter.process(request, response, async (context) => {
        await bot.turn(context);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bot: SdkBot = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/messages`,
    adapter,
    turn: async () => undefined,
    statuses: [],
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  outside.teams.setBot(bot.url);
  await until(() => bot.statuses.length === 2);
  return bot;
}
