import {
  ANA,
  asBot,
  CHANNEL,
  cardMessage,
  EVE,
  type FakeBot,
  type Json,
  type Outside,
  openBot,
  openTeams,
  page,
  simpleCard,
  stateOf,
  TENANT,
  until,
} from './outside.ts';

const CARD = 'application/vnd.microsoft.card.adaptive';
const channel = `v3/conversations/${encodeURIComponent(CHANNEL)}`;
const WRONG = { type: 'application/vnd.microsoft.error', value: { message: expect.stringContaining('Something went wrong') } };

let outside: Outside;
let bot: FakeBot;
beforeEach(async () => {
  bot = await openBot();
  outside = await openTeams({ invokeTimeoutMs: 500 });
  outside.teams.setBot(bot.url);
  await until(() => bot.received.length === 2);
  bot.received.length = 0;
});
afterEach(async () => {
  await outside.close();
  await bot.close();
});

const told = () => bot.received.map(({ activity }) => activity);
const say = async (text: string) => (await page(outside, 'say', { as: ANA.id, text })).body['activityId'] as string;
const post = async (card: Json): Promise<string> =>
  (await asBot(outside, 'POST', `${channel}/activities`, cardMessage(card))).body['id'] as string;

describe('what people do with messages', () => {
  test('a reaction to the bot’s message, and its end, is told without the message', async () => {
    const id = await post(simpleCard('x'));
    await page(outside, 'react', { as: ANA.id, activityId: id, type: 'like' });
    await page(outside, 'react', { as: ANA.id, activityId: id, type: 'like' });
    expect((await stateOf(outside, EVE.id)).messages.at(-1)).toMatchObject({ reactions: [{ type: 'like' }] });
    await page(outside, 'react', { as: ANA.id, activityId: id, type: 'like', remove: true });
    await page(outside, 'react', { as: ANA.id, activityId: id, type: 'like', remove: true });
    expect(told()).toMatchObject([
      { type: 'messageReaction', id: expect.stringMatching(/^f:/), replyToId: id, reactionsAdded: [{ type: 'like' }] },
      { type: 'messageReaction', replyToId: id, reactionsRemoved: [{ type: 'like' }], channelData: { tenant: { id: TENANT } } },
    ]);
    expect(told()[0]).not.toHaveProperty('text');
    expect((await page(outside, 'react', { as: ANA.id, activityId: id, type: 'applause' })).status).toBe(400);
  });

  test('a reaction to somebody else’s message is not told', async () => {
    const id = await say('hello');
    expect((await page(outside, 'react', { as: EVE.id, activityId: id, type: 'heart' })).body).toMatchObject({ delivered: false });
    expect(told()).toEqual([]);
  });

  test('an edit is told with the new words when the old or the new ones mention the bot', async () => {
    const id = await say('@Greenlight are we ready?');
    await page(outside, 'edit', { as: ANA.id, activityId: id, text: 'never mind' });
    expect(told().at(-1)).toMatchObject({ type: 'messageUpdate', id, text: 'never mind', channelData: { eventType: 'editMessage' } });
    const quiet = await say('among ourselves');
    expect((await page(outside, 'edit', { as: ANA.id, activityId: quiet, text: 'still' })).body).toMatchObject({ delivered: false });
    expect(told()).toHaveLength(2);
    expect((await stateOf(outside, EVE.id)).messages.map(({ text, edited }) => [text, edited])).toEqual([
      ['never mind', true],
      ['still', true],
    ]);
  });

  test('a deletion is told, and the message is gone for people and bot', async () => {
    const id = await say('@Greenlight are we ready?');
    await page(outside, 'delete', { as: ANA.id, activityId: id });
    expect(told().at(-1)).toMatchObject({ type: 'messageDelete', id, channelData: { eventType: 'softDeleteMessage' } });
    expect((await page(outside, 'edit', { as: ANA.id, activityId: id, text: 'x' })).status).toBe(404);
    expect((await stateOf(outside, EVE.id)).messages).toMatchObject([{ deleted: true, text: '' }]);
  });

  test('nobody changes what another wrote', async () => {
    const id = await say('mine');
    expect((await page(outside, 'edit', { as: EVE.id, activityId: id, text: 'yours' })).status).toBe(403);
    expect((await page(outside, 'delete', { as: EVE.id, activityId: await post(simpleCard('x')) })).status).toBe(403);
  });
});

describe('other invokes', () => {
  test('one the bot does not know ends in an error for the person', async () => {
    const id = await post(simpleCard('x'));
    bot.status = 501;
    const { body } = await page(outside, 'invoke', { as: ANA.id, activityId: id, name: 'composeExtension/query', value: { x: 1 } });
    expect(body).toMatchObject({ status: 501, ...WRONG });
    expect(told()).toMatchObject([{ type: 'invoke', name: 'composeExtension/query', value: { x: 1 }, replyToId: id }]);
  });

  test('a press the bot answers with 501 does too', async () => {
    const action = { type: 'Action.Execute', verb: 'v' };
    const id = await post(simpleCard('x', { actions: [action] }));
    bot.status = 501;
    expect((await page(outside, 'press', { as: ANA.id, activityId: id, action })).body).toMatchObject({ status: 501, ...WRONG });
  });

  test('an answer beyond the size of a message is not shown', async () => {
    const action = { type: 'Action.Execute', verb: 'v' };
    const id = await post(simpleCard('x', { actions: [action] }));
    bot.onInvoke = () => ({ statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'x'.repeat(60_000) });
    expect((await page(outside, 'press', { as: ANA.id, activityId: id, action })).body).toMatchObject({
      type: 'application/vnd.microsoft.error',
      value: { code: 'MessageSizeTooBig' },
    });
  });
});

describe('dialogs', () => {
  const ask = { type: 'Action.Submit', title: 'Why?', data: { msteams: { type: 'task/fetch' }, ref: 'SO-1' } };
  const send = { type: 'Action.Submit', title: 'Send', data: { step: 2 } };
  const form = simpleCard('reason', { body: [{ type: 'Input.Text', id: 'reason' }], actions: [send] });
  const dialog = (card: Json) => ({ task: { type: 'continue', value: { title: 'Reason', card: { contentType: CARD, content: card } } } });
  const press = async (id: string) => (await page(outside, 'press', { as: ANA.id, activityId: id, action: ask })).body;
  const submit = (id: string, more: Json = {}) =>
    page(outside, 'submit-dialog', { as: ANA.id, activityId: id, action: send, inputs: { reason: 'because' }, ...more });

  test('open by task/fetch, and send what was typed by task/submit', async () => {
    const id = await post(simpleCard('x', { actions: [ask] }));
    bot.onInvoke = () => dialog(form);
    expect(await press(id)).toMatchObject({ status: 200, type: 'task/continue', value: { title: 'Reason' } });
    bot.onInvoke = () => ({ task: { type: 'message', value: 'thank you' } });
    expect((await submit(id)).body).toEqual({ status: 200, type: 'task/message', value: 'thank you' });
    expect(told()).toMatchObject([
      {
        type: 'invoke',
        name: 'task/fetch',
        value: { data: { ref: 'SO-1', msteams: { type: 'task/fetch' } }, context: { theme: 'default' } },
      },
      { type: 'invoke', name: 'task/submit', value: { data: { step: 2, reason: 'because' } } },
    ]);
    expect((await submit(id)).status).toBe(409);
  });

  test('cannot be answered when none is open, but by a client of one’s own', async () => {
    const id = await post(simpleCard('x', { actions: [ask] }));
    expect((await submit(id)).status).toBe(409);
    bot.onInvoke = () => ({});
    expect((await submit(id, { raw: true })).body).toEqual({ status: 200, type: 'task/none', value: null });
  });

  test.each<[string, unknown]>([
    ['is a card Teams refuses', { task: { type: 'continue', value: { card: { contentType: CARD, content: { type: 'AdaptiveCard' } } } } }],
    ['is of another type', { task: { type: 'go on' } }],
    ['has neither card nor address', { task: { type: 'continue', value: { title: 'x' } } }],
  ])('show an error when the answer %s', async (_, answer) => {
    const id = await post(simpleCard('x', { actions: [ask] }));
    bot.onInvoke = () => answer;
    expect(await press(id)).toMatchObject({ type: 'application/vnd.microsoft.error' });
    expect((await submit(id)).status).toBe(409);
  });
});
