import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CardFactory,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  MessageFactory,
  type TeamsChannelAccount,
  TeamsInfo,
  type TurnContext,
} from 'botbuilder';
import { type AppCredentials, MicrosoftAppCredentials, type ServiceClientCredentialsFactory } from 'botframework-connector';
import { ANA, APP_ID, call, EVE, type Json, type Outside, openTeams, simpleCard, TENANT, until } from './outside.ts';

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

describe('the pretend Teams towards Microsoft’s own bot framework', () => {
  let outside: Outside;
  let server: Server;
  let statuses: number[];
  let turn: (context: TurnContext) => Promise<void>;

  beforeAll(async () => {
    outside = await openTeams();
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
          ToBotFromChannelOpenIdMetadataUrl: `${outside.url}v1/.well-known/openidconfiguration`,
          ToBotFromEmulatorOpenIdMetadataUrl: `${outside.url}v1/.well-known/openidconfiguration`,
          ValidateAuthority: false,
          CallerId: 'urn:botframework:azure',
        } as unknown as Record<string, string>,
        credentials,
      ),
    );
    statuses = [];
    turn = async () => undefined;
    server = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk: Buffer) => chunks.push(chunk));
      req.on('end', () => {
        const request = { body: JSON.parse(Buffer.concat(chunks).toString()) as Json, headers: req.headers, method: req.method ?? '' };
        const response = {
          socket: res.socket,
          header: (name: string, value: unknown) => res.setHeader(name, String(value)),
          status: (status: number) => {
            res.statusCode = status;
            statuses.push(status);
          },
          send: (body: unknown) => res.write(JSON.stringify(body)),
          end: () => res.end(),
        };
        void adapter.process(request, response, (context) => turn(context));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    outside.teams.setBot(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/messages`);
    await until(() => statuses.length === 2);
  });
  afterAll(async () => {
    await outside.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const messages = async (): Promise<Json[]> => (await call('GET', `${outside.url}_page/state?as=${ANA.id}`)).body['messages'] as Json[];
  const say = async (text: string) => (await call('POST', `${outside.url}_page/say`, { as: ANA.id, text: `@Greenlight ${text}` })).body;

  test('passes its authentication', () => {
    expect(statuses).toEqual([200, 200]);
  });

  test('lets a bot answer in the thread, edit its card in place and delete', async () => {
    turn = async (context) => {
      const sent = await context.sendActivity(MessageFactory.attachment(CardFactory.adaptiveCard(simpleCard('first'))));
      const card = MessageFactory.attachment(CardFactory.adaptiveCard(simpleCard('second')));
      await context.updateActivity({ ...card, id: sent?.id ?? '' });
      await context.deleteActivity((await context.sendActivity('gone soon'))?.id ?? '');
    };
    const { activityId, delivered } = await say('hello');
    expect(delivered).toBe(true);
    expect((await messages()).filter(({ threadId }) => threadId === activityId)).toMatchObject([
      { id: activityId },
      { edited: true, cards: [{ body: [{ text: 'second' }] }] },
      { deleted: true },
    ]);
  });

  test('answers the member and team questions of TeamsInfo', async () => {
    let found: { paged: TeamsChannelAccount[]; one: TeamsChannelAccount; team: string | undefined } | undefined;
    turn = async (context) => {
      const paged: TeamsChannelAccount[] = [];
      let token: string | undefined;
      do {
        const page = await TeamsInfo.getPagedMembers(context, 2, token as string);
        paged.push(...page.members);
        token = page.continuationToken;
      } while (token);
      found = { paged, one: await TeamsInfo.getMember(context, EVE.id), team: (await TeamsInfo.getTeamDetails(context)).name };
    };
    await say('who is here?');
    expect(found?.paged.map(({ name }) => name)).toEqual(['Ana Diaz', 'Tom Weber', 'Eve Okoye', 'Gus Guest']);
    expect(found).toMatchObject({ one: { aadObjectId: EVE.id, userPrincipalName: EVE.upn }, team: 'Defender migration' });
  });

  test('takes the reply to a card action from the turn', async () => {
    turn = async (context) => {
      await context.sendActivity(MessageFactory.attachment(CardFactory.adaptiveCard(simpleCard('press me'))));
    };
    await say('a card, please');
    const card = (await messages()).at(-1);
    const value = simpleCard('pressed');
    turn = async (context) => {
      const body = { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value };
      await context.sendActivity({ type: 'invokeResponse', value: { status: 200, body } });
    };
    const action = { type: 'Action.Execute', verb: 'go', data: {} };
    const { body } = await call('POST', `${outside.url}_page/press`, { as: ANA.id, activityId: card?.['id'], action, inputs: {} });
    expect(body).toEqual({ status: 200, type: 'application/vnd.microsoft.card.adaptive', value });
  });
});
