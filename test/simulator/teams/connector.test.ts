import { ANA, APP_ID, asBot, CHANNEL, call, cardMessage, GUS, type Json, type Outside, openTeams, simpleCard, TENANT } from './outside.ts';

const channel = `v3/conversations/${encodeURIComponent(CHANNEL)}`;
const thread = (id: string) => `v3/conversations/${encodeURIComponent(`${CHANNEL};messageid=${id}`)}`;

describe('the pretend Bot Connector', () => {
  let outside: Outside;
  beforeAll(async () => {
    outside = await openTeams();
  });
  afterAll(() => outside.close());

  const post = (activity: Json, path = channel) => asBot(outside, 'POST', `${path}/activities`, activity);
  const messages = async (): Promise<Json[]> => (await call('GET', `${outside.url}_page/state?as=${ANA.id}`)).body['messages'] as Json[];
  const mriOf = async (id: string): Promise<string> => (await asBot(outside, 'GET', `${channel}/members/${id}`)).body['id'] as string;

  test('answers 401 without a good bearer and 403 to another application', async () => {
    expect((await call('POST', `${outside.url}${channel}/activities`, { type: 'message', text: 'x' })).status).toBe(401);
    expect((await call('GET', `${outside.url}${channel}/members`, undefined, { authorization: 'Bearer bad' })).status).toBe(401);
    expect((await call('GET', `${outside.url}${channel}/members`, undefined, { authorization: 'Bearer other' })).status).toBe(403);
  });

  test('names its operations in the request log', () => {
    const seen = outside.log.since(0).map(({ operation, identity, status }) => [operation, identity, status]);
    expect(seen).toEqual([
      ['connector.sendActivity', null, 401],
      ['connector.listMembers', null, 401],
      ['connector.listMembers', TENANT, 403],
    ]);
  });

  test('posts, answers in a thread, edits in place and deletes', async () => {
    const root = await post(cardMessage(simpleCard('first')));
    expect(root).toEqual({ status: 201, body: { id: expect.stringMatching(/^\d{13}$/) } });
    const id = root.body['id'] as string;
    const reply = await post({ type: 'message', text: 'an answer' }, thread(id));
    expect(Number(reply.body['id'])).toBeGreaterThan(Number(id));
    expect((await asBot(outside, 'PUT', `${thread(id)}/activities/${id}`, cardMessage(simpleCard('second')))).status).toBe(200);
    expect(await messages()).toMatchObject([
      { id, threadId: id, edited: true, cards: [{ body: [{ text: 'second' }] }], from: { id: `28:${APP_ID}`, isBot: true } },
      { id: reply.body['id'], threadId: id, text: 'an answer', edited: false },
    ]);
    expect((await asBot(outside, 'DELETE', `${thread(id)}/activities/${reply.body['id'] as string}`)).status).toBe(200);
    expect((await messages())[1]).toMatchObject({ deleted: true, text: '' });
    expect(
      (await asBot(outside, 'PUT', `${channel}/activities/${reply.body['id'] as string}`, { type: 'message', text: 'x' })).status,
    ).toBe(404);
  });

  test('lets a bot change only its own messages', async () => {
    const said = await call('POST', `${outside.url}_page/say`, { as: ANA.id, text: 'mine' });
    const path = `${channel}/activities/${said.body['activityId'] as string}`;
    expect((await asBot(outside, 'PUT', path, { type: 'message', text: 'yours' })).status).toBe(403);
    expect((await asBot(outside, 'DELETE', path)).status).toBe(403);
  });

  test('knows no other conversation and no thread that was never opened', async () => {
    expect((await post({ type: 'message', text: 'x' }, 'v3/conversations/19:other@thread.tacv2')).status).toBe(404);
    expect((await post({ type: 'message', text: 'x' }, thread('1'))).status).toBe(404);
  });

  test('opens a channel thread and a personal chat', async () => {
    const opened = await asBot(outside, 'POST', 'v3/conversations', {
      isGroup: true,
      channelData: { channel: { id: CHANNEL } },
      activity: { type: 'message', text: 'a new thread' },
    });
    expect(opened).toMatchObject({ status: 201, body: { id: `${CHANNEL};messageid=${opened.body['activityId'] as string}` } });
    const chat = await asBot(outside, 'POST', 'v3/conversations', { isGroup: false, members: [{ id: await mriOf(ANA.id) }] });
    expect(chat.body['id']).toMatch(/^a:/);
    expect(
      (await post({ type: 'message', text: 'for you' }, `v3/conversations/${encodeURIComponent(chat.body['id'] as string)}`)).status,
    ).toBe(201);
    expect((await messages()).at(-1)).toMatchObject({ place: 'chat', text: 'for you' });
  });

  test('finds one member by MRI or object id and says so when there is none', async () => {
    const byId = await asBot(outside, 'GET', `${channel}/members/${GUS.id}`);
    expect(byId.body).toMatchObject({
      id: expect.stringMatching(/^29:/),
      aadObjectId: GUS.id,
      userRole: 'guest',
      userPrincipalName: GUS.upn,
    });
    expect(await asBot(outside, 'GET', `${channel}/members/${encodeURIComponent(byId.body['id'] as string)}`)).toEqual(byId);
    const nobody = await asBot(outside, 'GET', `${channel}/members/29:nobody`);
    expect(nobody).toMatchObject({ status: 404, body: { error: { code: 'MemberNotFoundInConversation' } } });
  });

  test('tells team and channels', async () => {
    expect((await asBot(outside, 'GET', `v3/teams/${encodeURIComponent(CHANNEL)}`)).body).toMatchObject({
      id: CHANNEL,
      name: 'Defender migration',
    });
    const channels = await asBot(outside, 'GET', `v3/teams/${encodeURIComponent(CHANNEL)}/conversations`);
    expect(channels.body['conversations']).toMatchObject([{ id: CHANNEL }]);
    expect((await asBot(outside, 'GET', 'v3/teams/19:other')).status).toBe(404);
  });

  test('accepts a card of 28 KB and refuses one byte more', async () => {
    const room = 28 * 1024 - Buffer.byteLength(JSON.stringify(simpleCard('')));
    expect((await post(cardMessage(simpleCard('x'.repeat(room))))).status).toBe(201);
    const over = await post(cardMessage(simpleCard('x'.repeat(room + 1))));
    expect(over).toMatchObject({ status: 413, body: { error: { code: 'MessageSizeTooBig' } } });
    expect((await post(cardMessage(simpleCard('ü'.repeat(room - 100))))).status).toBe(413);
  });

  test('accepts a message of 100 KB as UTF-16 without the images in it, and refuses a larger one', async () => {
    const around = JSON.stringify(['', undefined, undefined]).length;
    const room = 50 * 1024 - around;
    expect((await post({ type: 'message', text: 'x'.repeat(room) })).status).toBe(201);
    const over = await post({ type: 'message', text: 'x'.repeat(room + 1) });
    expect(over).toMatchObject({ status: 413, body: { error: { code: 'MessageSizeTooBig' } } });
    const image = `data:image/png;base64,${'A'.repeat(60_000)}`;
    expect((await post({ type: 'message', text: `![x](${image})` })).status).toBe(201);
  });

  test('answers what it does not have in the shape of its errors', async () => {
    const shape = (code: string) => ({ error: { code, message: expect.any(String) } });
    expect(await asBot(outside, 'GET', 'v3/attachments/1')).toEqual({ status: 404, body: shape('NotFound') });
    expect(await asBot(outside, 'PATCH', `${channel}/activities`, {})).toEqual({ status: 405, body: shape('MethodNotAllowed') });
    expect(await asBot(outside, 'GET', 'v3/conversations/%E0%A4%A/members')).toEqual({ status: 400, body: shape('BadSyntax') });
    expect((await call('GET', `${outside.url}v2/nothing`)).status).toBe(404);
    const twice = `v3/conversations/${encodeURIComponent(`${CHANNEL};messageid=1;messageid=2`)}`;
    expect(await post({ type: 'message', text: 'x' }, twice)).toEqual({ status: 404, body: shape('ConversationNotFound') });
  });

  test.each([
    ['of an unknown type', [{ contentType: 'application/vnd.example.card', content: {} }]],
    ['without a type', [{ content: simpleCard('x') }]],
    ['without content', [{ contentType: 'application/vnd.microsoft.card.adaptive' }]],
    ['that are none', ['x']],
  ])('refuses attachments %s', async (_, attachments) => {
    expect((await post({ type: 'message', attachments })).status).toBe(400);
  });

  test.each<[string, Json]>([
    ['without a version', { type: 'AdaptiveCard', body: [] }],
    ['of version 1.6', simpleCard('x', { version: '1.6' })],
    ['that is none', simpleCard('x', { type: 'Card' })],
    [
      'that refreshes for a stranger',
      simpleCard('x', { refresh: { action: { type: 'Action.Execute', verb: 'v' }, userIds: ['29:stranger'] } }),
    ],
    ['that refreshes for an object id', simpleCard('x', { refresh: { action: { type: 'Action.Execute', verb: 'v' }, userIds: [ANA.id] } })],
    [
      'that mentions somebody its text does not',
      simpleCard('x', { msteams: { entities: [{ text: '<at>A</at>', mentioned: { id: ANA.id, name: 'A' } }] } }),
    ],
  ])('refuses a card %s', async (_, card) => {
    expect((await post(cardMessage(card))).status).toBe(400);
  });

  test('refuses a card that refreshes for more than sixty people', async () => {
    const userIds = Array<string>(61).fill(await mriOf(ANA.id));
    const refresh = { action: { type: 'Action.Execute', verb: 'v' }, userIds };
    expect((await post(cardMessage(simpleCard('x', { refresh })))).status).toBe(400);
    expect((await post(cardMessage(simpleCard('x', { refresh: { ...refresh, userIds: userIds.slice(1) } })))).status).toBe(201);
  });

  test('refuses a mention whose text is not in the message, keeps one whose text is', async () => {
    const mentioned = { id: await mriOf(ANA.id), name: 'Ana Diaz' };
    const entities = [{ type: 'mention', text: '<at>Ana Diaz</at>', mentioned }];
    expect((await post({ type: 'message', text: 'Ana Diaz', entities })).status).toBe(400);
    expect((await post({ type: 'message', text: 'over to <at>Ana Diaz</at>', entities })).status).toBe(201);
    expect((await messages()).at(-1)).toMatchObject({ mentionsMe: true, mentions: [{ ...mentioned, isMe: true }] });
  });

  test('refuses an empty message, other kinds of activity and bodies that are not JSON objects', async () => {
    expect((await post({ type: 'message' })).status).toBe(400);
    expect((await post({ type: 'event', text: 'x' })).status).toBe(400);
    expect((await asBot(outside, 'POST', `${channel}/activities`, [])).status).toBe(400);
    const form = await fetch(`${outside.url}${channel}/activities`, {
      method: 'POST',
      body: 'x',
      headers: { authorization: 'Bearer good' },
    });
    expect(form.status).toBe(415);
  });
});
