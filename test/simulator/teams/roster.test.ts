import {
  ANA,
  asBot,
  CHANNEL,
  type FakeBot,
  GUS,
  type Json,
  type Outside,
  openBot,
  openTeams,
  page,
  person,
  simpleCard,
  stateOf,
  TENANT,
  TOM,
  until,
} from './outside.ts';

const PARTNER = '33333333-3333-4333-8333-333333333333';
const channel = `v3/conversations/${encodeURIComponent(CHANNEL)}`;
const NEW = person('Nina Neu', 'e', 'engineer');

describe('the people of the team', () => {
  let outside: Outside;
  let bot: FakeBot;
  beforeEach(async () => {
    bot = await openBot();
    outside = await openTeams();
    outside.teams.setBot(bot.url);
    await until(() => bot.received.length === 2);
    bot.received.length = 0;
  });
  afterEach(async () => {
    await outside.close();
    await bot.close();
  });

  const member = (id: string) => asBot(outside, 'GET', `${channel}/members/${encodeURIComponent(id)}`);
  const names = async (query = '') =>
    ((await asBot(outside, 'GET', `${channel}/pagedmembers${query}`)).body['members'] as Json[]).map(({ name }) => name);
  const roster = (body: Json) => page(outside, 'roster', body);
  const told = () => bot.received.map(({ activity }) => activity);

  test('are told in pages of 50 to 500', async () => {
    for (let index = 0; index < 116; index += 1) {
      const id = `${String(index).padStart(8, '0')}-0000-4000-8000-000000000000`;
      await roster({ add: { ...NEW, id, name: `Person ${index}` } });
    }
    const read = async (query: string) => (await asBot(outside, 'GET', `${channel}/pagedmembers?${query}`)).body;
    const first = await read('pageSize=3');
    expect(first['members']).toHaveLength(50);
    const second = await read(`pageSize=50&continuationToken=${encodeURIComponent(first['continuationToken'] as string)}`);
    expect(second['members']).toHaveLength(50);
    const third = await read(`pageSize=50&continuationToken=${encodeURIComponent(second['continuationToken'] as string)}`);
    expect(third['members']).toHaveLength(20);
    expect(third).not.toHaveProperty('continuationToken');
    const all = [first, second, third].flatMap((one) => (one['members'] as Json[]).map(({ id }) => id));
    expect(new Set(all).size).toBe(120);
    expect((await read('pageSize=9000'))['members']).toHaveLength(120);
    expect((await asBot(outside, 'GET', `${channel}/pagedmembers?continuationToken=zzz`)).status).toBe(400);
    expect((await asBot(outside, 'GET', `${channel}/pagedmembers?pageSize=many`)).status).toBe(400);
  }, 30_000);

  test('join: the bot is told by MRI and finds them', async () => {
    expect((await roster({ add: NEW })).body).toEqual({ told: 1 });
    const found = (await member(NEW.id)).body;
    expect(told()).toMatchObject([
      {
        type: 'conversationUpdate',
        id: expect.stringMatching(/^f:/),
        conversation: { id: CHANNEL, conversationType: 'channel' },
        membersAdded: [{ id: found['id'], aadObjectId: NEW.id }],
        channelData: { eventType: 'teamMemberAdded', team: { id: CHANNEL }, tenant: { id: TENANT } },
      },
    ]);
    expect((await page(outside, 'say', { as: NEW.id, text: '@Greenlight hello' })).body).toMatchObject({ delivered: true });
  });

  test('leave: unknown to the connector, unable to speak or press, and the same person when they come back', async () => {
    const before = (await member(TOM.id)).body;
    const card = simpleCard('x', { actions: [{ type: 'Action.Execute', verb: 'v' }] });
    const attachments = [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }];
    const id = (await asBot(outside, 'POST', `${channel}/activities`, { type: 'message', attachments })).body['id'];
    await roster({ remove: TOM.id });
    expect(told()).toMatchObject([
      { membersRemoved: [{ id: before['id'], aadObjectId: TOM.id }], channelData: { eventType: 'teamMemberRemoved' } },
    ]);
    const gone = { status: 404, body: { error: { code: 'MemberNotFoundInConversation' } } };
    expect(await member(TOM.id)).toMatchObject(gone);
    expect(await member(before['id'] as string)).toMatchObject(gone);
    expect(await names()).not.toContain(TOM.name);
    expect((await page(outside, 'say', { as: TOM.id, text: '@Greenlight hello' })).status).toBe(404);
    const action = { type: 'Action.Execute', verb: 'v' };
    expect((await page(outside, 'press', { as: TOM.id, activityId: id, action, raw: true })).status).toBe(404);
    await roster({ add: TOM });
    expect((await member(TOM.id)).body).toEqual(before);
  });

  test('become guests and are renamed without an event', async () => {
    await roster({ guest: TOM.id });
    await roster({ rename: ANA.id, name: 'Ana Diaz-Weber' });
    expect(told()).toEqual([]);
    expect((await member(TOM.id)).body).toMatchObject({ userRole: 'guest' });
    expect((await member(ANA.id)).body).toMatchObject({ name: 'Ana Diaz-Weber', userRole: 'user' });
    await roster({ guest: TOM.id, isGuest: false });
    expect((await member(TOM.id)).body).toMatchObject({ userRole: 'user' });
  });

  test('a guest of another organisation acts in this tenant, a member from another tenant in their own', async () => {
    const guest = { ...GUS, tenantId: PARTNER, upn: 'gus_partner.example#EXT#@contoso.example' };
    await roster({ add: guest });
    await roster({ add: { ...NEW, tenantId: PARTNER } });
    expect((await member(GUS.id)).body).toMatchObject({ tenantId: TENANT, userRole: 'guest', email: 'gus@partner.example' });
    expect((await member(NEW.id)).body).toMatchObject({ tenantId: PARTNER, userRole: 'user' });
    bot.received.length = 0;
    await page(outside, 'say', { as: GUS.id, text: '@Greenlight hello' });
    await page(outside, 'say', { as: NEW.id, text: '@Greenlight hello' });
    expect(told().map((activity) => (activity['channelData'] as Json)['tenant'])).toEqual([{ id: TENANT }, { id: PARTNER }]);
    expect(told().map((activity) => (activity['conversation'] as Json)['tenantId'])).toEqual([TENANT, TENANT]);
  });

  test('somebody anonymous has no object id, in activities and in the roster', async () => {
    await roster({ add: { ...NEW, isAnonymous: true } });
    await page(outside, 'say', { as: NEW.id, text: '@Greenlight hello' });
    const from = told().at(-1)?.['from'] as Json;
    expect(from).toEqual({ id: expect.stringMatching(/^29:/), name: NEW.name });
    expect((await member(from['id'] as string)).body).toEqual({ id: from['id'], name: NEW.name, tenantId: TENANT, userRole: 'anonymous' });
    expect((await member(NEW.id)).status).toBe(404);
  });

  test('stay as they are over a restart', async () => {
    await roster({ add: NEW });
    await roster({ remove: TOM.id });
    await roster({ rename: ANA.id, name: 'Ana D.' });
    await outside.close();
    outside = await openTeams({ dataDir: outside.dataDir });
    expect(await names()).toEqual(['Ana D.', 'Eve Okoye', 'Gus Guest', 'Nina Neu']);
    expect((await stateOf(outside, NEW.id))['people']).toHaveLength(4);
  });

  test.each([[{}], [{ add: { name: 'x' } }], [{ add: { ...NEW, id: 'x' } }], [{ remove: TOM.id, add: NEW }], [{ rename: ANA.id }]])(
    'refuses the change %j',
    async (body) => {
      expect((await roster(body)).status).toBe(400);
      expect(await names()).toHaveLength(4);
    },
  );

  test('nobody can take away who is not there', async () => {
    expect((await roster({ remove: NEW.id })).status).toBe(404);
  });
});
