import { ANN, BOT, CHANNEL, type Loose, member, mention, message, OTHER_TENANT, press, TENANT } from './support/activities.ts';
import { type Setup, setUp, until, words } from './support/setup.ts';

let setup: Setup;
beforeEach(async () => {
  setup = await setUp();
});
afterEach(() => setup.close());

const ann = { objectId: ANN, tenantId: TENANT, name: 'Ann Approver', memberId: '29:ann', upn: 'ann@contoso.example', isGuest: false };
const channelMessage = (over: Loose = {}): Loose => message(setup.teams.url, over);
const sentTexts = (): unknown[] => setup.teams.posts().map(({ body }) => body['text']);

async function execute(over: Loose = {}, action: Loose = {}): Promise<unknown> {
  const response = await setup.act(press(setup.teams.url, action, over));
  expect(response.status).toBe(200);
  return response.json();
}

describe('a message in the channel', () => {
  it('reaches the inbox freed of the mention and is answered in its thread', async () => {
    const response = await setup.act(channelMessage());
    expect(response.status).toBe(200);
    expect(setup.said).toEqual([{ text: 'how ready are we?', person: ann, activityId: '1700000000001', threadId: '1700000000001' }]);
    const [sent] = setup.teams.posts();
    expect(sent?.path).toBe(`/v3/conversations/${CHANNEL.channelId};messageid=1700000000001/activities`);
    expect(sent?.body).toMatchObject({ type: 'message', text: 'you said: how ready are we?' });
    expect(sent?.authorization).toBe(`Bearer ${setup.login.tokens.at(-1)}`);
  });

  it('names the thread by its first message when it is a reply', async () => {
    const conversation = { id: `${CHANNEL.channelId};messageid=1690000000000`, conversationType: 'channel', tenantId: TENANT };
    await setup.act(channelMessage({ conversation }));
    expect(setup.said[0]).toMatchObject({ activityId: '1700000000001', threadId: '1690000000000' });
  });

  it.each([
    ['between two words without a space', 'where<at>Greenlight</at>are we', [mention()], 'where are we'],
    ['twice', '<at>Greenlight</at> status <at>Greenlight</at>', [mention(), mention()], 'status'],
    ['beside another person', '<at>Greenlight</at> ask <at>Bo</at>', [mention(), mention('29:bo', '<at>Bo</at>', 'Bo')], 'ask Bo'],
    [
      'beside a person of the same name',
      '<at>Greenlight</at> tell <at>Greenlight</at>',
      [mention(), mention('29:x', '<at>Greenlight</at>')],
      'tell Greenlight',
    ],
    [
      'whose entities come in another order',
      '<at>Greenlight</at> ask <at>Bo</at>',
      [mention('29:bo', '<at>Bo</at>', 'Bo'), mention()],
      'ask Bo',
    ],
    ['under another name', '<at>GL (test)</at> status', [mention(BOT, '<at>GL (test)</at>', 'GL (test)')], 'status'],
    ['with hard spaces', '<at>Greenlight</at>&nbsp;a\u00a0 b', [mention()], 'a b'],
  ])('loses the mention %s', async (_where, text, entities, heard) => {
    await setup.act(channelMessage({ text, entities }));
    expect(setup.said.map((one) => one.text)).toEqual([heard]);
  });

  it.each([
    ['without any mention', 'status', []],
    ['that mentions somebody else', '<at>Bo</at> status', [mention('29:bo', '<at>Bo</at>', 'Bo')]],
    ['that only writes a mark', '<at>Greenlight</at> status', []],
    ['that mentions a person who bears our name', '<at>Greenlight</at> status', [mention('29:mallory')]],
  ])('%s is left alone', async (_what, text, entities) => {
    expect((await setup.act(channelMessage({ text, entities }))).status).toBe(200);
    expect(setup.said).toEqual([]);
    expect(setup.teams.posts()).toEqual([]);
  });

  it('of 100 KB is cut to 2,000 characters', async () => {
    const response = await setup.act(channelMessage({ text: `<at>Greenlight</at> ${'x'.repeat(100_000)}` }));
    expect(response.status).toBe(200);
    expect(setup.said[0]?.text).toBe('x'.repeat(2_000));
  });

  it('whose answer is null is not answered', async () => {
    setup.inbox.said = async () => null;
    await setup.act(channelMessage());
    expect(setup.teams.posts()).toEqual([]);
  });

  it('that breaks the inbox is answered with a reference and nothing of the error', async () => {
    setup.inbox.said = async () => {
      throw new Error('password=hunter2 at /srv/secret.ts');
    };
    expect((await setup.act(channelMessage())).status).toBe(200);
    expect(sentTexts()).toEqual(['Something broke. Reference REF00001.']);
    expect(setup.teams.posts()[0]?.path).toContain(';messageid=1700000000001');
    expect(setup.logged.find((line) => line.includes('REF00001'))).toBeDefined();
    expect(setup.logged.join('\n')).not.toContain('hunter2');
  });

  it('whose answer Teams refuses is answered with a reference', async () => {
    setup.teams.faults.push({ when: (method) => method === 'POST', answer: { status: 413 }, times: 1 });
    await setup.act(channelMessage());
    expect(sentTexts()).toEqual(['you said: how ready are we?', 'Something broke. Reference REF00001.']);
  });

  it('whose answer is throttled is answered after the pause', async () => {
    setup.teams.faults.push({ when: (method) => method === 'POST', answer: { status: 429, retryAfter: '0' }, times: 1 });
    await setup.act(channelMessage());
    expect(sentTexts()).toEqual(['you said: how ready are we?', 'you said: how ready are we?']);
  });
});

describe('who is asking', () => {
  it.each([
    ['no object id', undefined],
    ['a blank one', ''],
    ['blanks', '   '],
    ['a list', [ANN]],
    ['a number', 42],
    ['null', null],
    ['an object', { id: ANN }],
    ['all zeros', '00000000-0000-0000-0000-000000000000'],
    ['one with a tail', `${ANN} `],
  ])('T18: %s reaches neither question nor button', async (_what, aadObjectId) => {
    const from = { id: '29:ann', name: 'Ann Approver', aadObjectId };
    await setup.act(channelMessage({ from }));
    expect(await execute({ from })).toMatchObject({ statusCode: 200, type: 'application/vnd.microsoft.activity.message' });
    expect(setup.said).toEqual([]);
    expect(setup.pressed).toEqual([]);
    expect(sentTexts()).toEqual([expect.stringContaining('Teams did not say which member')]);
  });

  it('T18: an object id in capitals is the same person', async () => {
    await setup.act(channelMessage({ from: { id: '29:ann', aadObjectId: ANN.toUpperCase() } }));
    expect(setup.said[0]?.person).toEqual(ann);
  });

  it('T17: a borrowed name changes nothing: the object id and the roster decide', async () => {
    const mallory = 'dddddddd-0000-4000-8000-00000000000d';
    setup.teams.members.push(member({ id: '29:mallory', name: 'Mallory', aadObjectId: mallory, objectId: mallory }));
    await execute({ from: { id: '29:mallory', name: 'Ann Approver', aadObjectId: mallory } });
    expect(setup.pressed[0]?.person).toMatchObject({ objectId: mallory, name: 'Mallory' });
  });

  it("T17: an object id that is not the member id's own is nobody", async () => {
    const mallory = 'dddddddd-0000-4000-8000-00000000000d';
    setup.teams.members.push(member({ id: '29:mallory', name: 'Mallory', aadObjectId: mallory, objectId: mallory }));
    await execute({ from: { id: '29:mallory', name: 'Ann', aadObjectId: ANN } });
    expect(setup.pressed).toEqual([]);
  });

  it.each([
    ['a guest by role', { userRole: 'guest' }],
    ['somebody of another tenant', { tenantId: OTHER_TENANT }],
    ['an external account', { userPrincipalName: 'ann_fabrikam.example#EXT#@contoso.example' }],
    ['somebody without a role', { userRole: undefined }],
    ['somebody without a tenant', { tenantId: undefined }],
    ['an anonymous visitor', { userRole: 'anonymous' }],
  ])('T23: %s counts as a guest', async (_who, over) => {
    setup.teams.members = [member(over)];
    await execute();
    expect(setup.pressed[0]?.person).toMatchObject({ objectId: ANN, isGuest: true });
  });

  it('T23: whoever the roster does not know or cannot confirm counts as a guest', async () => {
    setup.teams.members = [];
    await execute();
    setup.teams.members = [member()];
    setup.teams.faults.push({ when: (_method, path) => path.includes('/members/'), answer: { status: 500 }, times: 3 });
    await execute();
    expect(setup.pressed.map(({ person }) => person.isGuest)).toEqual([true, true]);
    await execute();
    expect(setup.pressed.at(-1)?.person).toEqual(ann);
  });

  it('asks the roster once for presses that come together', async () => {
    await Promise.all([execute(), execute(), execute()]);
    await execute();
    expect(setup.teams.received.filter(({ path }) => path.includes('/members/'))).toHaveLength(1);
  });
});

describe('a press', () => {
  it('is answered with the card for that person', async () => {
    setup.inbox.pressed = async () => ({ kind: 'card', card: { card: { type: 'AdaptiveCard', version: '1.5' }, text: 't', summary: 's' } });
    expect(await execute()).toEqual({
      statusCode: 200,
      type: 'application/vnd.microsoft.card.adaptive',
      value: { type: 'AdaptiveCard', version: '1.5' },
    });
    expect(setup.pressed).toEqual([{ verb: 'approve', data: { plan: 'GL-0001' }, person: ann, activityId: 'message-9', automatic: false }]);
    expect(setup.teams.posts()).toEqual([]);
  });

  it('is answered with a notice', async () => {
    expect(await execute()).toEqual({ statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'you pressed approve' });
  });

  it('of an unknown button is answered with the word that it is out of date', async () => {
    setup.inbox.pressed = async () => ({ kind: 'unknown' });
    expect(await execute()).toMatchObject({ statusCode: 200, value: expect.stringContaining('out of date') });
  });

  it('says when the client refreshed by itself', async () => {
    await execute({ value: { action: { verb: 'view', data: {} }, trigger: 'automatic' } });
    expect(setup.pressed[0]).toMatchObject({ verb: 'view', automatic: true });
  });

  it('that breaks is answered with a reference, in private', async () => {
    setup.inbox.pressed = async () => {
      throw new Error('the database is at db.internal');
    };
    expect(await execute()).toMatchObject({ statusCode: 200, value: 'Something broke. Reference REF00001.' });
    expect(setup.teams.posts()).toEqual([]);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a list', []],
    ['text', 'approve'],
    ['a number', 1e308],
    ['no action', {}],
    ['an action that is a list', { action: [] }],
    ['a blank verb', { action: { verb: '' } }],
    ['a verb that is an object', { action: { verb: { toString: 'x' } } }],
    ['a verb of 10 KB', { action: { verb: 'v'.repeat(10_000) } }],
    ['a trigger that is a list', { action: { verb: 'approve' }, trigger: ['automatic'] }],
  ])('T30: %s as value changes nothing and breaks nothing', async (_what, value) => {
    expect(await execute({ value })).toMatchObject({ statusCode: 200, type: 'application/vnd.microsoft.activity.message' });
    expect(setup.pressed).toEqual([]);
  });

  it('T30: odd data reaches the inbox untouched, for it to refuse', async () => {
    for (const data of [null, [], '', 7, 'x'.repeat(50_000)]) await execute({}, { data });
    expect(setup.pressed.map(({ data }) => data)).toEqual([{}, [], '', 7, 'x'.repeat(50_000)]);
  });

  it('of a client without Action.Execute takes the same way and is answered in words in the thread', async () => {
    const value = { verb: 'approve', plan: 'GL-0001', msteams: { type: 'x' } };
    await setup.act(channelMessage({ text: null, entities: null, value, replyToId: 'message-9' }));
    expect(setup.pressed).toEqual([{ verb: 'approve', data: { plan: 'GL-0001' }, person: ann, activityId: 'message-9', automatic: false }]);
    expect(sentTexts()).toEqual(['you pressed approve']);
  });

  it("of such a client shows a person's own card as words only", async () => {
    setup.inbox.pressed = async () => ({
      kind: 'card',
      card: { card: { type: 'AdaptiveCard', secret: 'nonce' }, text: 'GL-0001 waits for two signatures.', summary: 's' },
    });
    await setup.act(channelMessage({ value: { verb: 'view' } }));
    expect(sentTexts()).toEqual(['GL-0001 waits for two signatures.']);
    expect(JSON.stringify(setup.teams.posts())).not.toContain('nonce');
  });
});

describe('what is not for us', () => {
  it.each([
    ['another channel', { conversation: { id: '19:other@thread.tacv2;messageid=1', conversationType: 'channel', tenantId: TENANT } }],
    [
      'another team',
      { channelData: { tenant: { id: TENANT }, team: { id: '19:other@thread.tacv2' }, channel: { id: CHANNEL.channelId } } },
    ],
    [
      'a contradicting channel',
      { channelData: { tenant: { id: TENANT }, team: { id: CHANNEL.teamId }, channel: { id: '19:x@thread.tacv2' } } },
    ],
    ['a group chat that bears our id', { conversation: { id: CHANNEL.channelId, conversationType: 'groupChat', tenantId: TENANT } }],
    [
      'another team by its old name',
      { channelData: { tenant: { id: TENANT }, team: { id: CHANNEL.teamId }, teamsTeamId: '19:x@thread.tacv2' } },
    ],
    ['a group chat', { conversation: { id: '19:chat@thread.v2', conversationType: 'groupChat', tenantId: TENANT } }],
    [
      'a 1:1 chat',
      { conversation: { id: 'a:1abc', conversationType: 'personal', tenantId: TENANT }, channelData: { tenant: { id: TENANT } } },
    ],
    [
      'a doubled thread',
      { conversation: { id: `${CHANNEL.channelId};messageid=1;messageid=2`, conversationType: 'channel', tenantId: TENANT } },
    ],
  ])('T24: from %s a message gets one sentence, and a press a notice', async (_where, over) => {
    await setup.act(channelMessage(over));
    expect(sentTexts()).toEqual([expect.stringContaining('I only work in the channel')]);
    expect(await execute(over)).toMatchObject({ value: expect.stringContaining('I only work in the channel') });
    expect(setup.said).toEqual([]);
    expect(setup.pressed).toEqual([]);
  });

  it.each([
    ['our own echo', { from: { id: BOT, role: 'bot' } }],
    ['another bot', { from: { id: '28:other', aadObjectId: ANN } }],
    ['a role of bot', { from: { id: '29:ann', aadObjectId: ANN, role: 'bot' } }],
    ['nobody', { from: {} }],
  ])('T26: %s is acknowledged and ignored', async (_who, over) => {
    expect((await setup.act(channelMessage(over))).status).toBe(200);
    expect(setup.said).toEqual([]);
    expect(setup.teams.posts()).toEqual([]);
  });

  it.each([
    'task/submit',
    'task/fetch',
    'composeExtension/submitAction',
    'signin/verifyState',
    'signin/tokenExchange',
    'application/search',
    '',
  ])('T27: the invoke "%s" is not implemented', async (name) => {
    const response = await setup.act(press(setup.teams.url, {}, { name, value: { verb: 'approve', action: { verb: 'approve' } } }));
    expect(response.status).toBe(501);
    expect(await response.text()).toBe('');
    expect(setup.pressed).toEqual([]);
  });

  it.each(['messageReaction', 'messageDelete', 'typing', 'event', 'endOfConversation', 'handoff', 'constructor', 'toString'])(
    'T27: an activity of type %s is acknowledged and changes nothing',
    async (type) => {
      expect((await setup.act(channelMessage({ type, value: { verb: 'approve' } }))).status).toBe(200);
      expect([setup.said, setup.pressed, setup.teams.posts()]).toEqual([[], [], []]);
    },
  );

  it('T28: an edited message is not asked again', async () => {
    expect((await setup.act(channelMessage({ type: 'messageUpdate' }))).status).toBe(200);
    expect(setup.said).toEqual([]);
  });
});

describe('slow work', () => {
  beforeEach(async () => {
    await setup.close();
    setup = await setUp({ patience: 50 });
  });

  it('is acknowledged and answered when it is done', async () => {
    let finish = (): void => undefined;
    setup.inbox.said = () => new Promise((resolve) => (finish = () => resolve(words('at last'))));
    expect((await setup.act(channelMessage())).status).toBe(200);
    expect(setup.teams.posts()).toEqual([]);
    finish();
    await until(() => setup.teams.posts().length === 1);
    expect(sentTexts()).toEqual(['at last']);
  });

  it('that breaks after the acknowledgement still tells the channel', async () => {
    let fail = (): void => undefined;
    setup.inbox.said = () => new Promise((_resolve, reject) => (fail = () => reject(new Error('late'))));
    await setup.act(channelMessage());
    fail();
    await until(() => setup.teams.posts().length === 1);
    expect(sentTexts()).toEqual(['Something broke. Reference REF00001.']);
  });

  it('behind a button is answered with a notice', async () => {
    let finish = (): void => undefined;
    setup.inbox.pressed = () => new Promise((resolve) => (finish = () => resolve({ kind: 'message', text: 'done' })));
    expect(await execute()).toMatchObject({ statusCode: 200, value: expect.stringContaining('takes a little longer') });
    finish();
    await until(() => setup.teams.posts().length === 1);
    expect(sentTexts()).toEqual(['done']);
  });

  it('behind a button that breaks after the notice still tells the channel', async () => {
    let fail = (): void => undefined;
    setup.inbox.pressed = () => new Promise((_resolve, reject) => (fail = () => reject(new Error('late'))));
    await execute();
    fail();
    await until(() => setup.teams.posts().length === 1);
    expect(sentTexts()).toEqual(['Something broke. Reference REF00001.']);
  });

  it('is finished before the host has closed', async () => {
    let finish = (): void => undefined;
    setup.inbox.said = () => new Promise((resolve) => (finish = () => resolve(words('at last'))));
    await setup.act(channelMessage());
    const closing = setup.host.close();
    finish();
    await closing;
    expect(sentTexts()).toEqual(['at last']);
  });
});
