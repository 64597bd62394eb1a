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
  person,
  simpleCard,
  stateOf,
  TOM,
  until,
} from './outside.ts';

const CARD = 'application/vnd.microsoft.card.adaptive';
const channel = `v3/conversations/${encodeURIComponent(CHANNEL)}`;
const VIEW = { type: 'Action.Execute', verb: 'view' };
const APPROVE = { type: 'Action.Execute', title: 'Approve', verb: 'approve', data: { ref: 'SO-1' } };

describe('what each client shows', () => {
  let outside: Outside;
  let bot: FakeBot;
  beforeEach(async () => {
    bot = await openBot();
    outside = await openTeams();
    outside.teams.setBot(bot.url);
    await until(() => bot.received.length === 2);
    bot.received.length = 0;
    bot.onInvoke = () => ({ statusCode: 200, type: CARD, value: simpleCard('approve?', { actions: [APPROVE] }) });
  });
  afterEach(async () => {
    await outside.close();
    await bot.close();
  });

  const post = async (more: Json): Promise<string> =>
    (await asBot(outside, 'POST', `${channel}/activities`, cardMessage(simpleCard('base', more)))).body['id'] as string;
  const edit = (id: string, more: Json) => asBot(outside, 'PUT', `${channel}/activities/${id}`, cardMessage(simpleCard('edited', more)));
  const open = (as: string, activityId: string, client: string) => page(outside, 'open', { as, activityId, client });
  const viewOf = async (as: string, client: string) => (await stateOf(outside, as, client)).messages.at(-1)?.['view'];
  const watch = (as: string, client: string) => fetch(`${outside.url}_page/events?as=${as}&client=${client}`);

  test('is fetched and kept by each client of a person for itself', async () => {
    const id = await post({ refresh: { action: VIEW } });
    await open(ANA.id, id, 'desktop');
    await open(ANA.id, id, 'desktop');
    expect([await viewOf(ANA.id, 'desktop'), await viewOf(ANA.id, 'mobile')]).toEqual(['mine', 'base']);
    await open(ANA.id, id, 'mobile');
    const platforms = bot.received.map(({ activity }) => (activity['entities'] as Json[])[0]?.['platform']);
    expect(platforms).toEqual(['Windows', 'iOS']);
  });

  test('a press on one client leaves the other as it was', async () => {
    const id = await post({ actions: [APPROVE] });
    await page(outside, 'press', { as: ANA.id, activityId: id, action: APPROVE, client: 'mobile' });
    expect([await viewOf(ANA.id, 'desktop'), await viewOf(ANA.id, 'mobile')]).toEqual(['base', 'mine']);
  });

  test('an edit drops every client’s view, and each that is open fetches again at once', async () => {
    const looking = [await watch(ANA.id, 'desktop'), await watch(ANA.id, 'mobile'), await watch(TOM.id, 'web')];
    const id = await post({ refresh: { action: VIEW } });
    await until(() => bot.received.length === 3);
    bot.received.length = 0;
    await edit(id, { refresh: { action: VIEW } });
    expect(await viewOf(ANA.id, 'mobile')).toBe('base');
    await until(async () => (await viewOf(ANA.id, 'mobile')) === 'mine' && (await viewOf(TOM.id, 'web')) === 'mine');
    expect(bot.received).toHaveLength(3);
    for (const one of looking) await one.body?.cancel();
  });

  test('refreshes for nobody by itself when the list is empty, and by the menu for anybody', async () => {
    const id = await post({ refresh: { action: VIEW, userIds: [] } });
    expect((await open(ANA.id, id, 'web')).body).toMatchObject({ refreshed: false });
    expect((await page(outside, 'refresh', { as: ANA.id, activityId: id })).body).toMatchObject({ refreshed: true, view: 'mine' });
    expect(bot.received[0]?.activity['value']).toMatchObject({ trigger: 'manual', action: { verb: 'view' } });
    const plain = await post({});
    expect((await page(outside, 'refresh', { as: ANA.id, activityId: plain })).body).toMatchObject({ refreshed: false });
  });

  test('refreshes for everybody without a list in a channel of sixty, for nobody in one of sixty-one', async () => {
    for (let index = 0; index < 56; index += 1) {
      const id = `${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`;
      await page(outside, 'roster', { add: { ...person(`Person ${index}`, 'e', 'engineer'), id } });
    }
    const id = await post({ refresh: { action: VIEW } });
    expect((await open(ANA.id, id, 'web')).body).toMatchObject({ refreshed: true });
    await page(outside, 'roster', { add: person('One More', 'f', 'engineer') });
    expect((await open(ANA.id, id, 'desktop')).body).toMatchObject({ refreshed: false });
  }, 30_000);

  test('refreshes in a personal chat for the one who is in it, whatever the size of the team', async () => {
    const chat = (await asBot(outside, 'POST', 'v3/conversations', { isGroup: false, members: [{ id: ANA.id }] })).body['id'] as string;
    const sent = await asBot(
      outside,
      'POST',
      `v3/conversations/${encodeURIComponent(chat)}/activities`,
      cardMessage(simpleCard('x', { refresh: { action: VIEW } })),
    );
    expect((await open(ANA.id, sent.body['id'] as string, 'web')).body).toMatchObject({ refreshed: true });
  });

  test('knows no client but those', async () => {
    expect((await open(ANA.id, await post({}), 'fridge')).status).toBe(400);
  });
});

describe('what a person can press', () => {
  let outside: Outside;
  let bot: FakeBot;
  const start = async (clientLagMs: number): Promise<void> => {
    bot = await openBot();
    outside = await openTeams({ clientLagMs });
    outside.teams.setBot(bot.url);
    await until(() => bot.received.length === 2);
    bot.received.length = 0;
  };
  afterEach(async () => {
    await outside.close();
    await bot.close();
  });
  const post = async (card: Json): Promise<string> =>
    (await asBot(outside, 'POST', `${channel}/activities`, cardMessage(card))).body['id'] as string;
  const press = async (activityId: string, action: Json, more: Json = {}) =>
    (await page(outside, 'press', { as: ANA.id, activityId, action, inputs: {}, ...more })).status;
  const reason = { type: 'Input.Text', id: 'reason' };

  test.each<[string, Json]>([
    ['with another verb', { ...APPROVE, verb: 'reject' }],
    ['with other data', { ...APPROVE, data: { ref: 'SO-2' } }],
    ['with data of their own on top', { ...APPROVE, data: { ref: 'SO-1', quorum: 0 } }],
    ['under another title', { ...APPROVE, title: 'Reject' }],
    ['as another kind of action', { ...APPROVE, type: 'Action.Submit' }],
    ['of what only refreshes the card', VIEW],
  ])('is no button %s, unless the client is their own', async (_, action) => {
    await start(0);
    const id = await post(simpleCard('x', { actions: [APPROVE], refresh: { action: VIEW } }));
    expect(await press(id, action)).toBe(409);
    expect(bot.received).toEqual([]);
    expect(await press(id, action, { raw: true })).toBe(200);
    expect(bot.received).toHaveLength(1);
  });

  test('may type only into inputs the card has, beside or among the data', async () => {
    await start(0);
    const id = await post(simpleCard('x', { body: [reason], actions: [APPROVE] }));
    expect(await press(id, APPROVE, { inputs: { reason: 'fine' } })).toBe(200);
    expect(await press(id, { ...APPROVE, data: { ref: 'SO-1', reason: 'fine' } })).toBe(200);
    expect(await press(id, APPROVE, { inputs: { quorum: '0' } })).toBe(409);
  });

  test('finds buttons wherever a card can have them, and none that is switched off', async () => {
    await start(0);
    const deep = { ...APPROVE, verb: 'deep' };
    const show = { type: 'Action.ShowCard', card: simpleCard('inner', { actions: [deep] }) };
    const container = { type: 'Container', items: [], selectAction: { ...APPROVE, verb: 'select' } };
    const old = { type: 'Action.Execute', verb: 'new', fallback: { type: 'Action.Submit', data: { verb: 'old' } } };
    const off = { ...APPROVE, verb: 'off', isEnabled: false };
    const id = await post(simpleCard('x', { body: [container], actions: [show, old, off] }));
    expect(await press(id, deep)).toBe(200);
    expect(await press(id, { ...APPROVE, verb: 'select' })).toBe(200);
    expect(await press(id, { type: 'Action.Submit', data: { verb: 'old' } })).toBe(200);
    expect(await press(id, { ...APPROVE, verb: 'off' })).toBe(409);
  });

  test('changes with the own view, the client and every edit', async () => {
    await start(0);
    bot.onInvoke = () => ({ statusCode: 200, type: CARD, value: simpleCard('done') });
    const id = await post(simpleCard('x', { actions: [APPROVE] }));
    expect(await press(id, APPROVE)).toBe(200);
    expect(await press(id, APPROVE)).toBe(409);
    expect(await press(id, APPROVE, { client: 'mobile' })).toBe(200);
    expect(await press(id, APPROVE, { as: TOM.id })).toBe(200);
    await asBot(outside, 'PUT', `${channel}/activities/${id}`, cardMessage(simpleCard('again', { actions: [APPROVE] })));
    expect(await press(id, APPROVE)).toBe(200);
  });

  test('stays on the screen for a moment after it was replaced: a double click reaches the bot twice', async () => {
    await start(400);
    bot.onInvoke = () => ({ statusCode: 200, type: CARD, value: simpleCard('done') });
    const id = await post(simpleCard('x', { actions: [APPROVE] }));
    expect([await press(id, APPROVE), await press(id, APPROVE)]).toEqual([200, 200]);
    await asBot(outside, 'PUT', `${channel}/activities/${id}`, cardMessage(simpleCard('closed')));
    expect(await press(id, APPROVE, { as: TOM.id })).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await press(id, APPROVE)).toBe(409);
    expect(await press(id, APPROVE, { as: TOM.id, client: 'mobile' })).toBe(409);
  });
});
