import { createRandom } from '../../../simulator/random.ts';
import { createTroubles } from '../../../simulator/teams/troubles.ts';
import {
  ANA,
  asBot,
  CHANNEL,
  call,
  cardMessage,
  type FakeBot,
  type Json,
  type Outside,
  openBot,
  openTeams,
  page,
  simpleCard,
  until,
} from './outside.ts';

const EXECUTE = { type: 'Action.Execute', verb: 'approve', data: { ref: 'SO-1' } };
const channel = `v3/conversations/${encodeURIComponent(CHANNEL)}`;
const WRONG = { type: 'application/vnd.microsoft.error', value: { message: expect.stringContaining('Something went wrong') } };

describe('what gets lost and comes again', () => {
  let outside: Outside;
  let bot: FakeBot;
  let cardId: string;

  beforeEach(async () => {
    bot = await openBot();
    outside = await openTeams({ invokeTimeoutMs: 150, messageTimeoutMs: 150, redeliverAfterMs: 100 });
    outside.teams.setBot(bot.url);
    await until(() => bot.received.length === 2);
    cardId = (await asBot(outside, 'POST', `${channel}/activities`, cardMessage(simpleCard('x', { actions: [EXECUTE] })))).body[
      'id'
    ] as string;
    bot.received.length = 0;
  });
  afterEach(async () => {
    await outside.close();
    await bot.close();
  });

  const press = async (): Promise<Json> =>
    (await page(outside, 'press', { as: ANA.id, activityId: cardId, action: EXECUTE, inputs: {} })).body;
  const say = () => page(outside, 'say', { as: ANA.id, text: '@Greenlight hello' });
  const trouble = (body: Json) => page(outside, 'troubles', body);
  const settled = () => new Promise((resolve) => setTimeout(resolve, 700));
  const ids = () => bot.received.map(({ activity }) => activity['id'] as string);

  test('a press that timed out shows an error, comes again with its id, then with a new id and time', async () => {
    bot.onInvoke = () => new Promise((resolve) => setTimeout(resolve, 3_000, {}));
    expect(await press()).toMatchObject({ status: 504, ...WRONG });
    outside.clock.move({ advanceSeconds: 40 });
    await until(() => bot.received.length === 3);
    const [first, second, third] = bot.received.map(({ activity }) => activity);
    expect(second).toEqual(first);
    expect(third?.['id']).not.toBe(first?.['id']);
    expect(third?.['timestamp']).not.toBe(first?.['timestamp']);
    expect(third).toEqual({ ...first, id: third?.['id'], timestamp: third?.['timestamp'], localTimestamp: third?.['localTimestamp'] });
    await settled();
    expect(bot.received).toHaveLength(3);
  });

  test('a press whose repeat is answered comes no third time, and the answer reaches nobody', async () => {
    let count = 0;
    bot.onInvoke = () => {
      count += 1;
      const answer = { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: simpleCard('late') };
      return count === 1 ? new Promise((resolve) => setTimeout(resolve, 3_000, answer)) : answer;
    };
    await press();
    await until(() => bot.received.length === 2);
    await settled();
    expect(bot.received).toHaveLength(2);
    const { body } = await call('GET', `${outside.url}_page/state?as=${ANA.id}`);
    expect(body['messages']).toMatchObject([{ id: cardId, view: 'base' }]);
  });

  test('a message the bot took too long for comes again with its id, then with a new id and time', async () => {
    bot.delayMs = 3_000;
    await say();
    await until(() => bot.received.length === 3);
    expect(ids()[1]).toBe(ids()[0]);
    expect(ids()[2]).toMatch(/^f:/);
    expect(bot.received[2]?.activity['text']).toBe(bot.received[0]?.activity['text']);
  });

  test('a lost reply shows an error although the bot did its work, and the press can be repeated', async () => {
    await trouble({ trouble: 'lostReply', of: 'invoke', times: 1 });
    expect(await press()).toMatchObject({ status: 504, ...WRONG });
    expect(bot.received).toHaveLength(1);
    expect(await press()).toMatchObject({ status: 200, value: 'noted' });
    expect(new Set(ids()).size).toBe(2);
  });

  test('a lost acknowledgement brings the message again', async () => {
    await trouble({ trouble: 'lostReply', of: 'message', times: 1 });
    expect((await say()).body).toMatchObject({ delivered: false });
    await until(() => bot.received.length === 2);
    expect(ids()[1]).toBe(ids()[0]);
  });

  test('a duplicate has the same id, a retry a new one', async () => {
    await trouble({ trouble: 'duplicate', of: 'message', times: 1 });
    await say();
    await until(() => bot.received.length === 2);
    expect(ids()[1]).toBe(ids()[0]);
    bot.received.length = 0;
    await trouble({ trouble: 'retry', of: 'invoke', times: 1 });
    await press();
    await until(() => bot.received.length === 2);
    expect(ids()[1]).not.toBe(ids()[0]);
    expect(bot.received[1]?.activity['value']).toEqual(bot.received[0]?.activity['value']);
  });

  test('troubles are listed, used up and taken away', async () => {
    await trouble({ trouble: 'duplicate', of: 'invoke', times: 2 });
    await trouble({ trouble: 'lostReply', rate: 0.05 });
    await press();
    const list = async () => (await call('GET', `${outside.url}_page/troubles`)).body as unknown as Json[];
    expect(await list()).toMatchObject([
      { trouble: 'duplicate', of: 'invoke', times: 1 },
      { trouble: 'lostReply', of: 'any', rate: 0.05 },
    ]);
    await call('DELETE', `${outside.url}_page/troubles`);
    expect(await list()).toEqual([]);
  });

  test.each([
    [{}],
    [{ trouble: 'flood' }],
    [{ trouble: 'retry', rate: 0 }],
    [{ trouble: 'retry', rate: 2 }],
    [{ trouble: 'retry', of: 'all' }],
  ])('refuses the trouble %j', async (body) => {
    expect((await trouble(body)).status).toBe(400);
  });

  test('a rate hits its share of deliveries, the same ones for the same seed', () => {
    const course = (seed: number): string => {
      const troubles = createTroubles(createRandom(seed));
      troubles.add({ trouble: 'lostReply', of: 'invoke', rate: 0.2 });
      return Array.from({ length: 500 }, (_, index) => (troubles.take({ id: String(index), type: 'invoke' }).size ? 'x' : '.')).join('');
    };
    expect(course(7)).toBe(course(7));
    expect(course(8)).not.toBe(course(7));
    const hits = course(7).replaceAll('.', '').length;
    expect(hits).toBeGreaterThan(70);
    expect(hits).toBeLessThan(130);
  });

  test('tells the bot the conversation and the tenant in headers too', async () => {
    await say();
    const { headers, activity } = bot.received[0] ?? { headers: {}, activity: {} as Json };
    const { id, tenantId } = activity['conversation'] as { id: string; tenantId: string };
    expect(headers).toMatchObject({ 'x-ms-conversation-id': id, 'x-ms-tenant-id': tenantId });
  });
});
