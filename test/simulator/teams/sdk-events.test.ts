import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Activity,
  CardFactory,
  type ConversationParameters,
  type ConversationReference,
  MessageFactory,
  TeamsActivityHandler,
  type TeamsChannelAccount,
  TeamsInfo,
  TurnContext,
} from 'botbuilder';
import { importJWK, type JWK, SignJWT } from 'jose';
import { ANA, APP_ID, asBot, CHANNEL, type Outside, openTeams, page, person, simpleCard, stateOf, TENANT } from './outside.ts';
import { openSdkBot, type SdkBot } from './sdk-bot.ts';

describe('Microsoft’s own bot framework', () => {
  let outside: Outside;
  let bot: SdkBot;
  const start = async (limits: boolean): Promise<void> => {
    outside = await openTeams({ limits });
    bot = await openSdkBot(outside);
  };
  afterEach(async () => {
    await outside.close();
    await bot.close();
  });
  const say = (text: string) => page(outside, 'say', { as: ANA.id, text: `@Greenlight ${text}` });
  test('hands each event of Teams to the handler made for it', async () => {
    await start(false);
    const heard: string[] = [];
    const note = (what: string) => async (_: unknown, next: () => Promise<void>) => {
      heard.push(what);
      await next();
    };
    const noteInfo = (what: string) => async (info: unknown, _team: unknown, _context: TurnContext, next: () => Promise<void>) => {
      heard.push(`${what} ${Array.isArray(info) ? info.length : ((info as { name?: string }).name ?? '')}`);
      await next();
    };
    const handler = new TeamsActivityHandler();
    handler.onTeamsMembersAddedEvent(noteInfo('added'));
    handler.onTeamsMembersRemovedEvent(noteInfo('removed'));
    handler.onTeamsChannelCreatedEvent(noteInfo('created'));
    handler.onTeamsChannelRenamedEvent(noteInfo('renamed'));
    handler.onTeamsChannelDeletedEvent(noteInfo('deleted'));
    handler.onTeamsMessageEditEvent(note('edit'));
    handler.onTeamsMessageSoftDeleteEvent(note('delete'));
    handler.onReactionsAdded(note('reaction'));
    handler.onInstallationUpdateRemove(note('uninstalled'));
    handler.onInstallationUpdateAdd(note('installed'));
    bot.turn = (context) => handler.run(context);

    await page(outside, 'roster', { add: person('Nina Neu', 'e', 'engineer') });
    await page(outside, 'roster', { remove: person('Nina Neu', 'e', 'engineer').id });
    const made = (await page(outside, 'channel', { create: 'Night' })).body['id'];
    await page(outside, 'channel', { rename: made, name: 'Nights' });
    await page(outside, 'channel', { remove: made });
    const { activityId } = (await say('hello')).body;
    await page(outside, 'edit', { as: ANA.id, activityId, text: '@Greenlight hi' });
    await page(outside, 'delete', { as: ANA.id, activityId });
    const sent = await asBot(outside, 'POST', `v3/conversations/${encodeURIComponent(CHANNEL)}/activities`, { type: 'message', text: 'x' });
    await page(outside, 'react', { as: ANA.id, activityId: sent.body['id'], type: 'like' });
    await page(outside, 'install', { action: 'remove' });
    await page(outside, 'install', { action: 'add' });
    expect(heard).toEqual([
      'added 1',
      'removed 1',
      'created Night',
      'renamed Nights',
      'deleted Nights',
      'edit',
      'delete',
      'reaction',
      'uninstalled',
      'removed 1',
      'installed',
      'added 1',
    ]);
  });

  test('refuses what is signed for other channels or for another address', async () => {
    await start(false);
    let turns = 0;
    bot.turn = async () => {
      turns += 1;
    };
    const activity = {
      type: 'message',
      id: '1',
      channelId: 'msteams',
      serviceUrl: outside.url,
      conversation: { id: CHANNEL },
      from: { id: '29:x' },
    };
    const send = async (keyFile: string, serviceurl: string): Promise<number> => {
      const jwk = JSON.parse(readFileSync(keyFile, 'utf8')) as JWK;
      const token = await new SignJWT({ serviceurl })
        .setProtectedHeader({ alg: 'RS256', kid: jwk.kid ?? '' })
        .setIssuer('https://api.botframework.com')
        .setAudience(APP_ID)
        .setExpirationTime('1h')
        .sign(await importJWK(jwk, 'RS256'));
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      return (await fetch(bot.url, { method: 'POST', headers, body: JSON.stringify(activity) })).status;
    };
    const complaints = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const other = join(outside.dataDir, 'other-channels-signing-key.json');
    expect(await send(other, outside.url)).toBe(401);
    expect(await send(outside.teams.signingKeyFile, 'http://127.0.0.1:1/')).toBe(401);
    expect(turns).toBe(0);
    expect(await send(outside.teams.signingKeyFile, outside.url)).toBe(200);
    expect(turns).toBe(1);
    complaints.mockRestore();
  });

  test('opens a channel thread and a personal chat by itself, and writes there', async () => {
    await start(false);
    const open = (parameters: Partial<ConversationParameters>) =>
      bot.adapter.createConversationAsync(
        APP_ID,
        'msteams',
        outside.url,
        'https://api.botframework.com',
        parameters as ConversationParameters,
        async (context) => {
          await context.sendActivity('second');
        },
      );
    const first = MessageFactory.text('first') as Activity;
    await open({ isGroup: true, channelData: { channel: { id: CHANNEL } }, activity: first });
    await open({ isGroup: false, tenantId: TENANT, members: [{ id: ANA.id, name: '' }], activity: first });
    const messages = (await stateOf(outside, ANA.id)).messages;
    expect(messages.map(({ place, text }) => [place, text])).toEqual([
      ['channel', 'first'],
      ['channel', 'second'],
      ['chat', 'first'],
      ['chat', 'second'],
    ]);
    expect(messages[1]?.['threadId']).toBe(messages[0]?.['id']);
  });

  test('reads a large roster page by page', async () => {
    await start(false);
    for (let index = 0; index < 70; index += 1) {
      const id = `${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`;
      await page(outside, 'roster', { add: { ...person(`Person ${index}`, 'e', 'engineer'), id } });
    }
    const pages: number[] = [];
    bot.turn = async (context) => {
      if (context.activity.type !== 'message') return;
      let token: string | undefined;
      do {
        const read: { members: TeamsChannelAccount[]; continuationToken: string } = await TeamsInfo.getPagedMembers(
          context,
          10,
          token as string,
        );
        pages.push(read.members.length);
        token = read.continuationToken;
      } while (token);
    };
    await say('who is here?');
    expect(pages).toEqual([50, 24]);
  }, 30_000);

  test('reads the connector’s errors as its own', async () => {
    await start(false);
    let said: Partial<ConversationReference> = {};
    bot.turn = async (context) => {
      said = TurnContext.getConversationReference(context.activity);
    };
    await say('hello');
    const failure = async (work: (context: TurnContext) => Promise<unknown>): Promise<unknown> => {
      let thrown: unknown;
      await bot.adapter.continueConversationAsync(APP_ID, said, async (context) => {
        await work(context).catch((error: unknown) => {
          thrown = error;
        });
      });
      return thrown;
    };
    const stranger = failure((context) => TeamsInfo.getMember(context, '29:nobody'));
    expect(await stranger).toMatchObject({ statusCode: 404, code: 'MemberNotFoundInConversation' });
    const large = MessageFactory.attachment(CardFactory.adaptiveCard(simpleCard('x'.repeat(30_000))));
    const tooLarge = failure((context) => context.sendActivity(large));
    expect(await tooLarge).toMatchObject({ statusCode: 413, code: 'MessageSizeTooBig' });
    const missing = failure((context) => context.deleteActivity('1700000000000'));
    expect(await missing).toMatchObject({ statusCode: 404, code: 'ActivityNotFoundInConversation' });
    const foreign = failure((context) => context.deleteActivity(said.activityId ?? ''));
    expect(await foreign).toMatchObject({ statusCode: 403, code: 'NotEnoughPermissions' });
    await page(outside, 'install', { action: 'remove' });
    const removed = failure((context) => context.sendActivity('anybody?'));
    expect(await removed).toMatchObject({ statusCode: 403, code: 'BotNotInConversationRoster' });
  });

  test('waits as long as Retry-After says and then gets its messages through', async () => {
    await start(true);
    bot.turn = async (context) => {
      if (context.activity.type !== 'message') return;
      for (let index = 0; index < 10; index += 1) await context.sendActivity(`${index}`);
    };
    await say('ten, please');
    const texts = (await stateOf(outside, ANA.id)).messages.slice(1).map(({ text }) => text);
    expect(texts).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(outside.log.since(0).some(({ status }) => status === 429)).toBe(true);
  }, 20_000);
});
