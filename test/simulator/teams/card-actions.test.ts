import {
  ANA,
  asBot,
  CHANNEL,
  call,
  cardMessage,
  EVE,
  type FakeBot,
  type Json,
  type Outside,
  openBot,
  openTeams,
  simpleCard,
  TOM,
  until,
} from './outside.ts';

const CARD = 'application/vnd.microsoft.card.adaptive';
const channel = `v3/conversations/${encodeURIComponent(CHANNEL)}`;
const EXECUTE = { type: 'Action.Execute', verb: 'sign-off.approve', data: { ref: 'SO-1' } };
const SUBMIT = { type: 'Action.Submit', data: { verb: 'old' } };
const COMMENT = { type: 'Input.Text', id: 'comment', label: 'Comment' };

describe('buttons and personal views', () => {
  let outside: Outside;
  let bot: FakeBot;

  beforeEach(async () => {
    bot = await openBot();
    outside = await openTeams({ invokeTimeoutMs: 300 });
    outside.teams.setBot(bot.url);
    await until(() => bot.received.length === 2);
    bot.received.length = 0;
  });
  afterEach(async () => {
    await outside.close();
    await bot.close();
  });

  const mriOf = async (id: string): Promise<string> => (await asBot(outside, 'GET', `${channel}/members/${id}`)).body['id'] as string;
  const postCard = async (more: Json = {}): Promise<string> =>
    (
      await asBot(
        outside,
        'POST',
        `${channel}/activities`,
        cardMessage(simpleCard('for everybody', { actions: [EXECUTE, SUBMIT], ...more })),
      )
    ).body['id'] as string;
  const refreshFor = async (...ids: string[]): Promise<Json> => ({
    refresh: { action: { type: 'Action.Execute', verb: 'view' }, userIds: await Promise.all(ids.map(mriOf)) },
  });
  const press = async (as: string, activityId: string, action: Json, inputs: Json = {}): Promise<Json> =>
    (await call('POST', `${outside.url}_page/press`, { as, activityId, action, inputs })).body;
  const open = async (as: string, activityId: string): Promise<Json> =>
    (await call('POST', `${outside.url}_page/open`, { as, activityId })).body;
  const shown = async (as: string, activityId: string): Promise<Json | undefined> =>
    ((await call('GET', `${outside.url}_page/state?as=${as}`)).body['messages'] as Json[]).find(({ id }) => id === activityId);

  test('sends a press as an adaptiveCard/action invoke with the inputs merged into the data', async () => {
    const id = await postCard({ body: [COMMENT] });
    expect(await press(ANA.id, id, EXECUTE, { comment: 'fine' })).toEqual({
      status: 200,
      type: 'application/vnd.microsoft.activity.message',
      value: 'noted',
    });
    expect(bot.received.map(({ activity }) => activity)).toMatchObject([
      {
        type: 'invoke',
        name: 'adaptiveCard/action',
        replyToId: id,
        from: { aadObjectId: ANA.id },
        conversation: { id: `${CHANNEL};messageid=${id}` },
        value: { trigger: 'manual', action: { type: 'Action.Execute', verb: 'sign-off.approve', data: { ref: 'SO-1', comment: 'fine' } } },
      },
    ]);
  });

  test('shows a returned card to the person who pressed and to nobody else', async () => {
    const id = await postCard();
    bot.onInvoke = () => ({ statusCode: 200, type: CARD, value: simpleCard('only yours') });
    expect(await press(ANA.id, id, EXECUTE)).toMatchObject({ status: 200, type: CARD });
    expect(await shown(ANA.id, id)).toMatchObject({ view: 'mine', cards: [{ body: [{ text: 'only yours' }] }] });
    expect(await shown(TOM.id, id)).toMatchObject({ view: 'base', cards: [{ body: [{ text: 'for everybody' }] }] });
  });

  test('drops personal views when the message is edited', async () => {
    const id = await postCard();
    bot.onInvoke = () => ({ statusCode: 200, type: CARD, value: simpleCard('only yours') });
    await press(ANA.id, id, EXECUTE);
    await asBot(outside, 'PUT', `${channel}/activities/${id}`, cardMessage(simpleCard('new for everybody')));
    expect(await shown(ANA.id, id)).toMatchObject({ view: 'base', cards: [{ body: [{ text: 'new for everybody' }] }] });
  });

  test('fetches the own view on opening, for those the card lists, at most once a minute', async () => {
    const id = await postCard(await refreshFor(ANA.id));
    bot.onInvoke = () => ({ statusCode: 200, type: CARD, value: simpleCard('approve?') });
    expect(await open(ANA.id, id)).toMatchObject({ refreshed: true, type: CARD, view: 'mine' });
    await open(ANA.id, id);
    expect(await open(EVE.id, id)).toMatchObject({ refreshed: false, view: 'base' });
    expect(bot.received).toHaveLength(1);
    expect(bot.received[0]?.activity['value']).toMatchObject({ trigger: 'automatic', action: { verb: 'view' } });
    outside.clock.move({ advanceSeconds: 61 });
    await open(ANA.id, id);
    expect(bot.received).toHaveLength(2);
  });

  test('fetches again at once after an edit', async () => {
    const refresh = await refreshFor(ANA.id);
    const id = await postCard(refresh);
    bot.onInvoke = () => ({ statusCode: 200, type: CARD, value: simpleCard('approve?') });
    await open(ANA.id, id);
    await asBot(outside, 'PUT', `${channel}/activities/${id}`, cardMessage(simpleCard('changed', refresh)));
    expect(await open(ANA.id, id)).toMatchObject({ view: 'mine' });
    expect(bot.received).toHaveLength(2);
  });

  test('fetches by itself for people who are looking when a card is posted and when it is edited', async () => {
    const looking = await fetch(`${outside.url}_page/events?as=${TOM.id}`);
    const refresh = await refreshFor(ANA.id, TOM.id);
    bot.onInvoke = () => ({ statusCode: 200, type: CARD, value: simpleCard('approve?') });
    const id = await postCard(refresh);
    await until(async () => (await shown(TOM.id, id))?.['view'] === 'mine');
    await asBot(outside, 'PUT', `${channel}/activities/${id}`, cardMessage(simpleCard('changed', refresh)));
    await until(() => bot.received.length === 2);
    expect(bot.received.map(({ activity }) => (activity['from'] as Json)['aadObjectId'])).toEqual([TOM.id, TOM.id]);
    await looking.body?.cancel();
  });

  test('does not let an answer that an edit overtook replace the newer card', async () => {
    const id = await postCard(await refreshFor(ANA.id));
    bot.onInvoke = async () => {
      await asBot(outside, 'PUT', `${channel}/activities/${id}`, cardMessage(simpleCard('superseded')));
      return { statusCode: 200, type: CARD, value: simpleCard('approve?') };
    };
    expect(await open(ANA.id, id)).toMatchObject({ view: 'base' });
    expect(await shown(ANA.id, id)).toMatchObject({ view: 'base', cards: [{ body: [{ text: 'superseded' }] }] });
  });

  test('does not let an automatic answer that a press overtook replace the pressed card', async () => {
    const id = await postCard(await refreshFor(ANA.id));
    let answerLate: (answer: unknown) => void = () => undefined;
    bot.onInvoke = (activity) =>
      (activity['value'] as Json)['trigger'] === 'automatic'
        ? new Promise((resolve) => {
            answerLate = resolve;
          })
        : { statusCode: 200, type: CARD, value: simpleCard('approved') };
    const opening = open(ANA.id, id);
    await until(() => bot.received.length === 1);
    await press(ANA.id, id, EXECUTE);
    answerLate({ statusCode: 200, type: CARD, value: simpleCard('approve?') });
    await opening;
    expect(await shown(ANA.id, id)).toMatchObject({ view: 'mine', cards: [{ body: [{ text: 'approved' }] }] });
  });

  test('gives up on a bot that does not answer in time', async () => {
    const id = await postCard();
    bot.onInvoke = () => new Promise((resolve) => setTimeout(resolve, 900, {}));
    expect(await press(ANA.id, id, EXECUTE)).toMatchObject({
      status: 504,
      type: 'application/vnd.microsoft.error',
      value: { message: expect.stringContaining('Something went wrong') },
    });
  });

  test.each<[string, unknown]>([
    ['has no type', { statusCode: 200 }],
    ['is empty', {}],
    ['is a card of version 1.6', { statusCode: 200, type: CARD, value: simpleCard('x', { version: '1.6' }) }],
    ['is a card above 28 KB', { statusCode: 200, type: CARD, value: simpleCard('x'.repeat(29_000)) }],
  ])('shows an error and keeps the card when the answer %s', async (_, answer) => {
    const id = await postCard();
    bot.onInvoke = () => answer;
    expect(await press(ANA.id, id, EXECUTE)).toMatchObject({ type: 'application/vnd.microsoft.error' });
    expect(await shown(ANA.id, id)).toMatchObject({ view: 'base' });
  });

  test('hands on the error a bot answers with', async () => {
    const id = await postCard();
    const value = { code: 'NotYou', message: 'You are not an approver.' };
    bot.onInvoke = () => ({ statusCode: 400, type: 'application/vnd.microsoft.error', value });
    expect(await press(ANA.id, id, EXECUTE)).toEqual({ status: 400, type: 'application/vnd.microsoft.error', value });
  });

  test('sends Action.Submit as a message with a value', async () => {
    const id = await postCard({ body: [COMMENT] });
    expect(await press(ANA.id, id, SUBMIT, { comment: 'c' })).toMatchObject({ status: 200 });
    expect(bot.received.map(({ activity }) => activity)).toMatchObject([
      { type: 'message', replyToId: id, value: { verb: 'old', comment: 'c' }, from: { aadObjectId: ANA.id } },
    ]);
  });

  test('keeps the messages of a personal chat from everybody else', async () => {
    const said = await call('POST', `${outside.url}_page/say`, { as: TOM.id, text: 'private', to: 'chat' });
    const body = { as: ANA.id, activityId: said.body['activityId'], action: EXECUTE, inputs: {}, raw: true };
    expect((await call('POST', `${outside.url}_page/press`, body)).status).toBe(404);
    expect((await call('POST', `${outside.url}_page/press`, { ...body, as: TOM.id })).status).toBe(200);
  });

  test('refuses presses by strangers, on unknown messages and of other kinds', async () => {
    const id = await postCard();
    const status = async (body: Json) => (await call('POST', `${outside.url}_page/press`, { inputs: {}, ...body })).status;
    expect(await status({ as: 'nobody', activityId: id, action: EXECUTE })).toBe(404);
    expect(await status({ as: ANA.id, activityId: '1', action: EXECUTE })).toBe(404);
    expect(await status({ as: ANA.id, activityId: id, action: { type: 'Action.OpenUrl' } })).toBe(400);
    expect(bot.received).toEqual([]);
  });
});
