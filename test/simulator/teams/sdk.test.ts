import { CardFactory, MessageFactory, type TeamsChannelAccount, TeamsInfo } from 'botbuilder';
import { ANA, call, EVE, type Json, type Outside, openTeams, simpleCard } from './outside.ts';
import { openSdkBot, type SdkBot } from './sdk-bot.ts';

describe('the pretend Teams towards Microsoft’s own bot framework', () => {
  let outside: Outside;
  let bot: SdkBot;

  beforeAll(async () => {
    outside = await openTeams();
    bot = await openSdkBot(outside);
  });
  afterAll(async () => {
    await outside.close();
    await bot.close();
  });

  const messages = async (): Promise<Json[]> => (await call('GET', `${outside.url}_page/state?as=${ANA.id}`)).body['messages'] as Json[];
  const say = async (text: string) => (await call('POST', `${outside.url}_page/say`, { as: ANA.id, text: `@Greenlight ${text}` })).body;

  test('passes its authentication', () => {
    expect(bot.statuses).toEqual([200, 200]);
  });

  test('lets a bot answer in the thread, edit its card in place and delete', async () => {
    bot.turn = async (context) => {
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
    bot.turn = async (context) => {
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
    bot.turn = async (context) => {
      const card = simpleCard('press me', { actions: [{ type: 'Action.Execute', title: 'Go', verb: 'go', data: {} }] });
      await context.sendActivity(MessageFactory.attachment(CardFactory.adaptiveCard(card)));
    };
    await say('a card, please');
    const card = (await messages()).at(-1);
    const value = simpleCard('pressed');
    bot.turn = async (context) => {
      const body = { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value };
      await context.sendActivity({ type: 'invokeResponse', value: { status: 200, body } });
    };
    const action = { type: 'Action.Execute', verb: 'go', data: {} };
    const { body } = await call('POST', `${outside.url}_page/press`, { as: ANA.id, activityId: card?.['id'], action, inputs: {} });
    expect(body).toEqual({ status: 200, type: 'application/vnd.microsoft.card.adaptive', value });
  });
});
