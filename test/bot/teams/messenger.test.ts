import type { OutgoingMessage } from '../../../core/ports.ts';
import { ANN, CHANNEL, member, message, OTHER_TENANT, TENANT } from './support/activities.ts';
import { type Fault, startPretendTeams } from './support/pretend-teams.ts';
import { type Setup, setUp, words } from './support/setup.ts';

let setup: Setup;
beforeEach(async () => {
  setup = await setUp();
});
afterEach(() => setup.close());

const post = (over: Partial<OutgoingMessage> = {}) => setup.host.messenger.post(words('hello', over));
const fail = (answer: Fault['answer'], times = 1, verb = 'POST'): void => {
  setup.teams.faults.push({ when: (method, path) => method === verb && path.startsWith('/v3/'), answer, times });
};
const card = { card: { type: 'AdaptiveCard', body: [] }, text: 'the whole text', summary: 'Two machines are ready.' };

describe('posting', () => {
  it('goes to the channel without anybody having spoken', async () => {
    expect(await post()).toEqual({ kind: 'posted', activityId: 'message-1' });
    expect(setup.teams.posts()).toMatchObject([
      { path: `/v3/conversations/${CHANNEL.channelId}/activities`, body: { type: 'message', text: 'hello' } },
    ]);
  });

  it('goes into a thread', async () => {
    await post({ replyTo: '1700000000001' });
    expect(setup.teams.posts()[0]?.path).toBe(`/v3/conversations/${CHANNEL.channelId};messageid=1700000000001/activities`);
  });

  it.each(['../../x', '1/activities/2', '1;messageid=2', '', ' ', '1?x=1', '1#x'])('refuses "%s" as a thread', async (replyTo) => {
    expect(await post({ replyTo })).toMatchObject({ kind: 'failed' });
    expect(setup.teams.received).toEqual([]);
  });

  it('carries the card, its first sentence as summary and fallback', async () => {
    await post({ card, text: '' });
    const { body } = setup.teams.posts()[0] ?? {};
    expect(body).toMatchObject({
      summary: 'Two machines are ready.',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: { type: 'AdaptiveCard', fallbackText: 'Two machines are ready.' },
        },
      ],
    });
    expect(body).not.toHaveProperty('text');
  });

  it('mentions exactly the people named, whatever their names and the words contain', async () => {
    const ann = { objectId: ANN, tenantId: TENANT, name: 'Ann </at><at>all\u202e', memberId: '29:ann', isGuest: false };
    await post({ text: 'please sign <at>everyone</at> < at>x', mentions: [ann, { ...ann, name: 'Bo', memberId: null }] });
    const { body } = setup.teams.posts()[0] ?? {};
    expect(body?.['text']).toBe('<at>Ann /at at all</at> Bo please sign &lt;at>everyone&lt;/at> &lt; at>x');
    expect(body?.['entities']).toEqual([
      { type: 'mention', mentioned: { id: '29:ann', name: 'Ann /at at all' }, text: '<at>Ann /at at all</at>' },
    ]);
  });

  it.each<[string, Fault['answer']]>([
    ['500', { status: 500 }],
    ['502', { status: 502 }],
    ['503 with a pause', { status: 503, retryAfter: '1' }],
    ['408', { status: 408 }],
    ['a broken connection', 'reset'],
  ])('T-F: sends once on %s and says that nobody knows', async (_what, answer) => {
    fail(answer, 5);
    expect(await post()).toMatchObject({ kind: 'unknown' });
    expect(setup.teams.posts()).toHaveLength(1);
  });

  it('says how long to wait when Teams asks for fewer messages', async () => {
    fail({ status: 429, retryAfter: '17' });
    expect(await post()).toMatchObject({ kind: 'failed', retryAfterSeconds: 17 });
    fail({ status: 429, retryAfter: '999999' });
    expect(await post()).toMatchObject({ kind: 'failed', retryAfterSeconds: 600 });
    fail({ status: 429 });
    expect(await post()).toMatchObject({ kind: 'failed', retryAfterSeconds: 5 });
    expect(setup.teams.posts()).toHaveLength(3);
  });

  it.each([
    [403, 'install the app'],
    [404, 'check the channel'],
    [413, 'too large'],
  ])('says what to do about %i', async (status, advice) => {
    fail({ status });
    const result = await post();
    expect(result).toMatchObject({ kind: 'failed', retryAfterSeconds: null, because: expect.stringContaining(advice) });
    expect(setup.teams.posts()).toHaveLength(1);
  });

  it('follows no redirect, least of all with its token', async () => {
    const elsewhere = await startPretendTeams();
    fail({ status: 307, location: `${elsewhere.url}v3/conversations/x/activities` });
    expect(await post()).toMatchObject({ kind: 'unknown' });
    expect(setup.teams.posts()).toHaveLength(1);
    expect(elsewhere.received).toEqual([]);
    await elsewhere.close();
  });

  it('gets a new token once when the old one is refused', async () => {
    await post();
    fail({ status: 401 });
    const before = setup.login.tokens.length;
    expect(await post()).toEqual({ kind: 'posted', activityId: 'message-2' });
    expect(setup.login.tokens).toHaveLength(before + 1);
    fail({ status: 401 }, 5);
    expect(await post()).toMatchObject({ kind: 'failed', because: expect.stringContaining('sign-in') });
  });

  it('has certainly not happened when the bot cannot sign in or nobody listens', async () => {
    await post();
    setup.login.failWith = 400;
    fail({ status: 401 });
    const refused = await post();
    expect(refused).toMatchObject({ kind: 'failed', because: expect.stringContaining('could not sign in') });
    expect(JSON.stringify(refused)).not.toContain('canary');
    setup.login.failWith = null;
    await setup.teams.close();
    await post();
    expect(await post()).toMatchObject({ kind: 'failed' });
  });

  it('keeps the order and the pace of a conversation', async () => {
    const results = await Promise.all(Array.from({ length: 6 }, (_, i) => post({ text: `${i}` })));
    expect(results.every(({ kind }) => kind === 'posted')).toBe(true);
    const first = setup.teams.posts().slice(0, 5);
    expect(new Set(first.map(({ body }) => body['text']))).toEqual(new Set(['0', '1', '2', '3', '4']));
    expect(setup.teams.posts()[5]?.body['text']).toBe('5');
  });
});

describe('editing', () => {
  it('replaces the message in place', async () => {
    expect(await setup.host.messenger.update('message-7', words('new', { card }))).toEqual({ kind: 'posted', activityId: 'message-7' });
    expect(setup.teams.received).toMatchObject([
      { method: 'PUT', path: `/v3/conversations/${CHANNEL.channelId}/activities/message-7`, body: { id: 'message-7', text: 'new' } },
    ]);
  });

  it('is repeated twice, no more, when it is unclear whether it arrived', async () => {
    fail({ status: 500 }, 2, 'PUT');
    expect(await setup.host.messenger.update('message-7', words('new'))).toMatchObject({ kind: 'posted' });
    fail('reset', 9, 'PUT');
    expect(await setup.host.messenger.update('message-7', words('new'))).toMatchObject({ kind: 'unknown' });
    expect(setup.teams.received).toHaveLength(6);
  });

  it('of a message that is gone has failed', async () => {
    fail({ status: 404 }, 1, 'PUT');
    expect(await setup.host.messenger.update('message-7', words('new'))).toMatchObject({ kind: 'failed' });
    expect(setup.teams.received).toHaveLength(1);
  });
});

describe('the roster', () => {
  it('is read page by page', async () => {
    const people = [1, 2, 3, 4, 5].map((i) => {
      const id = `eeeeeeee-0000-4000-8000-00000000000${i}`;
      return member({
        id: `29:${i}`,
        aadObjectId: id,
        objectId: id,
        name: `P${i}`,
        ...(i === 5 ? { tenantId: OTHER_TENANT, userRole: 'guest' } : {}),
      });
    });
    setup.teams.members = people;
    const roster = await setup.host.messenger.roster();
    expect(roster).toMatchObject({ state: 'read', source: 'Teams channel roster', observedAt: 1_763_800_000_000 });
    const found = roster.state === 'read' ? roster.value : [];
    expect(found.map(({ name, isGuest }) => `${name} ${isGuest}`)).toEqual(['P1 false', 'P2 false', 'P3 false', 'P4 false', 'P5 true']);
    expect(found[4]?.tenantId).toBe(OTHER_TENANT);
  });

  it('is read once for all who look at it within half a minute', async () => {
    setup.teams.members = [member()];
    const reads = () => setup.teams.received.filter(({ method, path }) => method === 'GET' && path.includes('pagedmembers')).length;
    for (let look = 0; look < 20; look += 1) await Promise.all([setup.host.messenger.roster(), setup.host.messenger.roster()]);
    expect(reads()).toBe(1);
  });

  it('says why it could not be read, and is asked again the next time', async () => {
    fail({ status: 403 }, 1, 'GET');
    expect(await setup.host.messenger.roster()).toMatchObject({
      state: 'unread',
      reason: expect.stringContaining('install the app'),
      fix: expect.stringContaining('install the app'),
    });
    expect(await setup.host.messenger.roster()).toMatchObject({ state: 'read' });
  });
});

describe('the address of the Bot Connector', () => {
  it('is stored when the app is installed in the team', async () => {
    const installed = { type: 'installationUpdate', action: 'add', text: undefined, entities: undefined };
    const conversation = { id: CHANNEL.teamId, conversationType: 'channel', tenantId: TENANT };
    expect((await setup.act(message(setup.teams.url, { ...installed, conversation }))).status).toBe(200);
    await setup.act(message(setup.teams.url, { ...installed, type: 'conversationUpdate', conversation }));
    expect(setup.saved).toEqual([{ serviceUrl: setup.teams.url }]);
  });

  it('is not learned from elsewhere', async () => {
    await setup.act(
      message(setup.teams.url, { conversation: { id: '19:chat@thread.v2', conversationType: 'groupChat', tenantId: TENANT } }),
    );
    expect(setup.saved).toEqual([]);
  });
});
