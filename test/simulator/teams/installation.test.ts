import {
  ANA,
  asBot,
  CHANNEL,
  cardMessage,
  type FakeBot,
  type Json,
  type Outside,
  openBot,
  openTeams,
  page,
  simpleCard,
  stateOf,
  TENANT,
  TOM,
  until,
} from './outside.ts';

const OTHER = '19:another-channel@thread.tacv2';
const channel = `v3/conversations/${encodeURIComponent(CHANNEL)}`;
const EXECUTE = { type: 'Action.Execute', verb: 'v' };
const NOT_THERE = { status: 403, body: { error: { code: 'BotNotInConversationRoster' } } };

describe('where the app is', () => {
  let outside: Outside;
  let bot: FakeBot;
  beforeEach(async () => {
    bot = await openBot();
    outside = await openTeams({
      channel: {
        tenantId: TENANT,
        teamId: '19:team@thread.tacv2',
        teamName: 'Server platform',
        channelId: CHANNEL,
        channelName: 'Migration',
        others: [{ id: OTHER, name: 'Patch nights' }],
      },
    });
    outside.teams.setBot(bot.url);
    await until(() => bot.received.length === 2);
    bot.received.length = 0;
  });
  afterEach(async () => {
    await outside.close();
    await bot.close();
  });

  const told = () => bot.received.map(({ activity }) => activity);
  const chatOf = (activity?: Json): string => (activity?.['conversation'] as { id: string } | undefined)?.id ?? '';
  const send = (conversation: string, text = 'x') =>
    asBot(outside, 'POST', `v3/conversations/${encodeURIComponent(conversation)}/activities`, { type: 'message', text });
  const open = (body: Json) => asBot(outside, 'POST', 'v3/conversations', body);
  const mriOf = async (id: string): Promise<string> => (await asBot(outside, 'GET', `${channel}/members/${id}`)).body['id'] as string;

  describe('in the team', () => {
    test('taken out: two events, then 403 for every send, edit and question', async () => {
      const id = (await asBot(outside, 'POST', `${channel}/activities`, cardMessage(simpleCard('x', { actions: [EXECUTE] })))).body[
        'id'
      ] as string;
      await page(outside, 'install', { action: 'remove' });
      expect(told()).toMatchObject([
        { type: 'installationUpdate', action: 'remove', channelData: { team: { id: '19:team@thread.tacv2' } } },
        { type: 'conversationUpdate', membersRemoved: [{ id: expect.stringMatching(/^28:/) }] },
      ]);
      expect(await send(CHANNEL)).toMatchObject(NOT_THERE);
      expect(await send(`${CHANNEL};messageid=${id}`)).toMatchObject(NOT_THERE);
      expect(await asBot(outside, 'PUT', `${channel}/activities/${id}`, { type: 'message', text: 'y' })).toMatchObject(NOT_THERE);
      expect(await asBot(outside, 'DELETE', `${channel}/activities/${id}`)).toMatchObject(NOT_THERE);
      expect(await asBot(outside, 'GET', `${channel}/members/${ANA.id}`)).toMatchObject(NOT_THERE);
      expect(await asBot(outside, 'GET', `${channel}/pagedmembers`)).toMatchObject(NOT_THERE);
      expect(await asBot(outside, 'GET', `v3/teams/${encodeURIComponent('19:team@thread.tacv2')}`)).toMatchObject(NOT_THERE);
      expect(await open({ isGroup: true, channelData: { channel: { id: CHANNEL } }, activity: { text: 'x' } })).toMatchObject(NOT_THERE);
      expect((await stateOf(outside, ANA.id)).messages).toMatchObject([{ id, deleted: false, edited: false }]);
    });

    test('taken out: people get no answer and their presses an error', async () => {
      const card = simpleCard('x', { actions: [EXECUTE], refresh: { action: { ...EXECUTE, verb: 'view' } } });
      const id = (await asBot(outside, 'POST', `${channel}/activities`, cardMessage(card))).body['id'];
      await page(outside, 'install', { action: 'remove' });
      bot.received.length = 0;
      expect((await page(outside, 'say', { as: ANA.id, text: '@Greenlight hello' })).body).toMatchObject({ delivered: false });
      const wrong = {
        status: 403,
        type: 'application/vnd.microsoft.error',
        value: { message: expect.stringContaining('Something went wrong') },
      };
      expect((await page(outside, 'press', { as: ANA.id, activityId: id, action: EXECUTE })).body).toMatchObject(wrong);
      expect((await page(outside, 'open', { as: ANA.id, activityId: id })).body).toMatchObject(wrong);
      await page(outside, 'roster', { rename: TOM.id, name: 'T' });
      await page(outside, 'roster', { remove: TOM.id });
      expect(told()).toEqual([]);
    });

    test('added again: new events, and the old conversation works', async () => {
      await page(outside, 'install', { action: 'remove' });
      await page(outside, 'install', { action: 'remove' });
      bot.received.length = 0;
      await page(outside, 'install', { action: 'add' });
      expect(told()).toMatchObject([
        { type: 'installationUpdate', action: 'add', conversation: { id: CHANNEL } },
        { type: 'conversationUpdate', membersAdded: [{ id: expect.stringMatching(/^28:/) }] },
      ]);
      expect((await send(CHANNEL)).status).toBe(201);
    });

    test('taken out stays so over a restart', async () => {
      await page(outside, 'install', { action: 'remove' });
      await outside.close();
      outside = await openTeams({ dataDir: outside.dataDir });
      bot.received.length = 0;
      outside.teams.setBot(bot.url);
      expect(await send(CHANNEL)).toMatchObject(NOT_THERE);
      expect(told()).toEqual([]);
    });
  });

  describe('in somebody’s own chat', () => {
    test('the first message adds the app: the bot hears of that once', async () => {
      await page(outside, 'say', { as: ANA.id, text: 'hello', to: 'chat' });
      await page(outside, 'say', { as: ANA.id, text: 'again', to: 'chat' });
      expect(told().map(({ type }) => type)).toEqual(['installationUpdate', 'conversationUpdate', 'message', 'message']);
      expect(told()[0]).toMatchObject({ action: 'add', conversation: { conversationType: 'personal', id: expect.stringMatching(/^a:/) } });
    });

    test('the bot may write first to whoever is in its team, also without the app of their own', async () => {
      const chat = await open({ isGroup: false, tenantId: TENANT, members: [{ id: await mriOf(TOM.id) }], activity: { text: 'for you' } });
      expect(chat).toMatchObject({
        status: 201,
        body: { id: expect.stringMatching(/^a:/), activityId: expect.stringMatching(/^\d{13}$/) },
      });
      const again = await open({ isGroup: false, members: [{ id: TOM.id }] });
      expect(again.body['id']).toBe(chat.body['id']);
      expect((await stateOf(outside, TOM.id)).messages).toMatchObject([{ place: 'chat', text: 'for you' }]);
    });

    test.each([
      ['a stranger', { members: [{ id: '29:nobody' }] }, 403, 'ForbiddenOperationException'],
      ['nobody', { members: [] }, 400, 'BadSyntax'],
      ['two people: a bot opens no group chats', { members: [{ id: ANA.id }, { id: TOM.id }] }, 400, 'BadSyntax'],
      ['somebody in another tenant', { members: [{ id: ANA.id }], tenantId: ANA.id }, 403, 'BotNotInConversationRoster'],
    ])('the bot cannot write first to %s', async (_, body, status, code) => {
      expect(await open({ isGroup: false, ...body })).toMatchObject({ status, body: { error: { code } } });
    });

    test('taken away: 403, although the team has the app', async () => {
      await page(outside, 'say', { as: ANA.id, text: 'hello', to: 'chat' });
      const chat = chatOf(told()[2]);
      bot.received.length = 0;
      await page(outside, 'install', { action: 'remove', as: ANA.id });
      expect(told()).toMatchObject([{ type: 'installationUpdate', action: 'remove', conversation: { id: chat } }]);
      const refused = { status: 403, body: { error: { code: 'ForbiddenOperationException' } } };
      expect(await send(chat)).toMatchObject(refused);
      expect(await open({ isGroup: false, members: [{ id: ANA.id }] })).toMatchObject(refused);
      expect((await send(CHANNEL)).status).toBe(201);
    });

    test('blocked: 403 both ways until it is allowed again', async () => {
      await page(outside, 'say', { as: ANA.id, text: 'hello', to: 'chat' });
      const chat = chatOf(told()[2]);
      await page(outside, 'block', { as: ANA.id });
      expect(await send(chat)).toMatchObject({ status: 403, body: { error: { code: 'ConversationBlockedByUser' } } });
      expect((await page(outside, 'say', { as: ANA.id, text: 'hello', to: 'chat' })).body).toMatchObject({ delivered: false });
      await page(outside, 'block', { as: ANA.id, blocked: false });
      expect((await send(chat)).status).toBe(201);
    });

    test('a chat is nobody else’s, for the bot as for people', async () => {
      const id = (await page(outside, 'say', { as: ANA.id, text: 'hello', to: 'chat' })).body['activityId'] as string;
      const chat = chatOf(told()[2]);
      const members = (await asBot(outside, 'GET', `v3/conversations/${encodeURIComponent(chat)}/members`)).body as unknown as Json[];
      expect(members.map(({ aadObjectId }) => aadObjectId)).toEqual([ANA.id]);
      expect((await asBot(outside, 'GET', `v3/conversations/${encodeURIComponent(chat)}/members/${TOM.id}`)).status).toBe(404);
      expect((await asBot(outside, 'POST', `${channel}/activities/${id}`, { type: 'message', text: 'x' })).status).toBe(404);
      expect((await page(outside, 'react', { as: TOM.id, activityId: id, type: 'like' })).status).toBe(404);
    });
  });

  describe('in the channels of the team', () => {
    test('there are General, the migration’s and others', async () => {
      const { body } = await asBot(outside, 'GET', `v3/teams/${encodeURIComponent('19:team@thread.tacv2')}/conversations`);
      expect(body['conversations']).toEqual([
        { id: '19:team@thread.tacv2', name: null, type: 'standard' },
        { id: OTHER, name: 'Patch nights', type: 'standard' },
        { id: CHANNEL, name: 'Migration', type: 'standard' },
      ]);
    });

    test.each([[OTHER], ['19:team@thread.tacv2']])('what is said in %s arrives with its id, and the answer stays there', async (id) => {
      const said = (await page(outside, 'say', { as: ANA.id, text: '@Greenlight hello', channel: id })).body;
      const thread = `${id};messageid=${said['activityId'] as string}`;
      expect(told()).toMatchObject([
        { conversation: { id: thread }, channelData: { channel: { id }, teamsChannelId: id, team: { id: '19:team@thread.tacv2' } } },
      ]);
      await send(thread, 'here');
      const messages = (await stateOf(outside, TOM.id)).messages;
      expect(messages).toMatchObject([
        { place: 'elsewhere', channelId: id },
        { place: 'elsewhere', channelId: id, text: 'here', threadId: said['activityId'] },
      ]);
      expect((await send(`${CHANNEL};messageid=${said['activityId'] as string}`)).status).toBe(404);
    });

    test('a proactive thread can be opened in any of them, in none beyond', async () => {
      const opened = await open({ isGroup: true, channelData: { channel: { id: OTHER } }, activity: { type: 'message', text: 'x' } });
      expect(opened.body['id']).toBe(`${OTHER};messageid=${opened.body['activityId'] as string}`);
      const nowhere = { isGroup: true, channelData: { channel: { id: '19:x@thread.tacv2' } }, activity: { text: 'x' } };
      expect(await open(nowhere)).toMatchObject({ status: 404, body: { error: { code: 'ConversationNotFound' } } });
      expect((await open({ isGroup: true, channelData: { channel: { id: OTHER } } })).status).toBe(400);
    });

    test('created, renamed, deleted, restored: the bot is told each, and a deleted one is not found', async () => {
      const made = (await page(outside, 'channel', { create: 'New' })).body['id'] as string;
      await page(outside, 'channel', { rename: made, name: 'Newer' });
      await page(outside, 'channel', { remove: made });
      expect(await send(made)).toMatchObject({ status: 404, body: { error: { code: 'ConversationNotFound' } } });
      expect((await page(outside, 'say', { as: ANA.id, text: 'x', channel: made })).status).toBe(404);
      await page(outside, 'channel', { restore: made });
      expect((await send(made)).status).toBe(201);
      await page(outside, 'channel', { renameTeam: 'Platform' });
      expect(told().map(({ channelData }) => channelData)).toMatchObject([
        { eventType: 'channelCreated', channel: { id: made, name: 'New' } },
        { eventType: 'channelRenamed', channel: { id: made, name: 'Newer' } },
        { eventType: 'channelDeleted', channel: { id: made } },
        { eventType: 'channelRestored', channel: { id: made } },
        { eventType: 'teamRenamed', team: { name: 'Platform' } },
      ]);
    });

    test('the migration’s own may be renamed and deleted too, General not', async () => {
      await page(outside, 'channel', { rename: CHANNEL, name: 'Moved' });
      await page(outside, 'channel', { remove: CHANNEL });
      expect((await send(CHANNEL)).status).toBe(404);
      expect((await stateOf(outside, ANA.id))['channel']).toMatchObject({ channelName: 'Moved' });
      expect((await page(outside, 'channel', { remove: '19:team@thread.tacv2' })).status).toBe(400);
      await outside.close();
      outside = await openTeams({ dataDir: outside.dataDir });
      expect((await send(CHANNEL)).status).toBe(404);
    });

    test('an answer to a message that is not there is refused', async () => {
      const id = (await page(outside, 'say', { as: ANA.id, text: 'x', channel: OTHER })).body['activityId'] as string;
      const reply = (activity: string) => asBot(outside, 'POST', `${channel}/activities/${activity}`, { type: 'message', text: 'x' });
      const missing = { status: 404, body: { error: { code: 'ActivityNotFoundInConversation' } } };
      expect(await reply('1700000000000')).toMatchObject(missing);
      expect(await reply(id)).toMatchObject(missing);
      expect((await reply('f:816eb23d-bfa1-afa3-dfeb-d2aa338e9541')).status).toBe(201);
    });
  });
});
