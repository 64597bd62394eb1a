import type { PostedPlan } from '../support/conversation.ts';
import { type AnyJson, words } from '../support/rehearsal.ts';
import type { Loose, Somebody } from './support/activities.ts';
import { House } from './support/house.ts';

jest.setTimeout(60_000);

const house = new House();
let [ingrid, jonas, amara, tomas, mette, sam]: Somebody[] = [];
let plan: PostedPlan;
/** What stands on the deciding buttons of a real approver's view: the best an attacker could get hold of. */
let stolen: AnyJson;

beforeAll(async () => {
  await house.start();
  [ingrid, jonas, amara, tomas, mette, sam] = ['ingrid', 'jonas', 'amara', 'tomas', 'mette', 'sam'].map((name) => house.somebody(name));
  plan = await house.people.requestPlan(amara!.id, 'probe machine srv-web-01');
  stolen = await house.viewOf(ingrid!, plan);
});
afterAll(() => house.stop());

const approve = (who: Somebody, over: Loose = {}, data: AnyJson = stolen) => house.press(who, plan, 'sign-off.approve', data, over);
const from = (who: Somebody, over: Loose): Loose => ({ from: { id: who.mri, name: who.name, aadObjectId: who.id, ...over } });
const signatures = async (): Promise<string> =>
  /\d of 2/.exec((await house.press(tomas!, plan, 'sign-off.view', plan.open.data)).says)?.[0] ?? 'none';

describe('T17 a person is an object id, never a name', () => {
  it('the name of an approver gives no vote', async () => {
    const reply = await house.denies('not-approver', 'approve', tomas!, () => approve(tomas!, from(tomas!, { name: ingrid!.name })));
    expect(reply.says).toMatch(/not one of the approvers/);
  });

  it.each(['userPrincipalName', 'email', 'upn', 'objectId', 'tenantId', 'properties'])('nor does the approver’s %s', async (field) => {
    const borrowed = { [field]: field === 'tenantId' ? house.rehearsal.ready.channel.tenantId : ingrid!.id };
    await house.denies('not-approver', 'approve', tomas!, () => approve(tomas!, from(tomas!, { ...borrowed, role: 'user' })));
  });

  it.each<[string, () => Loose]>([
    ['the object id of an approver under the own member id', () => from(tomas!, { aadObjectId: ingrid!.id })],
    ['the member id of an approver under the own object id', () => from(ingrid!, { aadObjectId: tomas!.id })],
  ])('%s is nobody', async (_what, over) => {
    await house.ignores('greenlight_denials_total{reason="nobody"}', async () => {
      expect((await approve(tomas!, over())).says).toMatch(/did not say which member/);
    });
  });
});

it.each<[string, unknown]>([
  ['missing', undefined],
  ['null', null],
  ['blank', ''],
  ['blanks', '   '],
  ['a list', ['1a7c0b52-6e1f-4c38-9f0d-5b2e8a94c001']],
  ['an object', { toString: '1a7c0b52-6e1f-4c38-9f0d-5b2e8a94c001' }],
  ['a number', 0],
  ['true', true],
  ['all zeros', '00000000-0000-0000-0000-000000000000'],
  ['one with a tail', '1a7c0b52-6e1f-4c38-9f0d-5b2e8a94c001 '],
  ['one in braces', '{1a7c0b52-6e1f-4c38-9f0d-5b2e8a94c001}'],
])('T18 an object id that is %s is nobody', async (_what, aadObjectId) => {
  const over = { from: { id: ingrid!.mri, name: ingrid!.name, ...(aadObjectId === undefined ? {} : { aadObjectId }) } };
  await house.ignores('greenlight_denials_total{reason="nobody"}', async () => {
    expect((await approve(ingrid!, over)).says).toMatch(/did not say which member/);
  });
});

it('T19 who asked cannot sign, though named as an approver', async () => {
  const reply = await house.denies('requester', 'approve', amara!, () => approve(amara!));
  expect(reply.says).toMatch(/You asked for this plan/);
  await house.denies('requester', 'reject', amara!, () => house.press(amara!, plan, 'sign-off.reject', { ...stolen, comment: 'no' }));
});

describe('T23 a guest may ask and never sign or request', () => {
  it('a guest of the team', async () => {
    expect((await house.denies('guest', 'approve', sam!, () => approve(sam!))).says).toMatch(/Only members of the team can sign/);
    expect(words((await house.people.ask(sam!.id, 'probe machine srv-web-01')).cards)).toMatch(/Guests may ask questions, but not request/);
    expect(words((await house.people.ask(sam!.id, 'whats waiting')).cards)).toContain(plan.id);
  });

  it('an approver whose account became a guest’s', async () => {
    await house.rehearsal.roster({ guest: jonas!.id });
    await house.denies('guest', 'approve', jonas!, () => approve(jonas!));
  });

  it('somebody the roster cannot confirm now', async () => {
    await house.rehearsal.fault({ match: { server: 'teams', path: '/members/' }, fault: { status: 500 } });
    await house.denies('guest', 'approve', mette!, () => approve(mette!));
    await house.rehearsal.clearFaults();
  });

  it('somebody the roster does not know', async () => {
    const stranger = { name: 'Ingrid Sørensen', id: 'aaaaaaaa-0000-4000-8000-00000000000a', mri: '29:stranger' };
    await house.denies('guest', 'approve', stranger, () => approve(stranger));
  });
});

describe('T24 only in the channel of the migration', () => {
  const other = '19:5c8e0b7d2fa94e3c8d16b4e07a93f255@thread.tacv2';
  const away = (conversation: Loose, data: Loose) => (): Loose => {
    const { channel } = house.rehearsal.ready;
    const whole = house.activities.press(ingrid!, plan.activityId, '', {});
    const overData = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, value ?? undefined]));
    return {
      conversation: { ...whole['conversation'], tenantId: channel.tenantId, ...conversation },
      channelData: { ...whole['channelData'], ...overData },
    };
  };
  const nothing = { teamsChannelId: null, teamsTeamId: null, channel: null, team: null };
  it.each<[string, () => Loose]>([
    ['a personal chat', away({ conversationType: 'personal', id: 'a:1abc' }, nothing)],
    ['a personal chat that names the channel', away({ conversationType: 'personal' }, {})],
    ['a group chat', away({ conversationType: 'groupChat', id: '19:abc@thread.v2' }, nothing)],
    ['another channel of the team', away({ id: `${other};messageid=1` }, { channel: { id: other }, teamsChannelId: other })],
    ['another channel that names ours', away({ id: `${other};messageid=1` }, {})],
    ['our channel that names another', away({}, { channel: { id: other } })],
    ['another team', away({}, { team: { id: '19:other@thread.tacv2' }, teamsTeamId: '19:other@thread.tacv2' })],
    ['another team by its second name', away({}, { teamsTeamId: '19:other@thread.tacv2' })],
    ['two threads at once', away({ id: `${other};messageid=1;messageid=2` }, {})],
  ])('a press from %s', async (_where, over) => {
    await house.ignores('greenlight_denials_total{reason="elsewhere"}', async () => {
      expect((await approve(ingrid!, over())).says).toMatch(/only work in the channel/);
    });
  });
});

it('T25 a plan that does not exist here is unknown, in the same words for everybody', async () => {
  const foreign = { id: 'a'.repeat(64) };
  for (const [verb, data] of [
    ['sign-off.view', foreign],
    ['sign-off.approve', { ...stolen, ...foreign }],
    ['run.stop', foreign],
    ['run.refresh', foreign],
  ] as const) {
    const [outsider, approver] = [await house.press(tomas!, plan, verb, data), await house.press(ingrid!, plan, verb, data)];
    expect(approver.says).toMatch(/not known here/);
    expect(outsider.says).toBe(approver.says);
    if (verb !== 'sign-off.approve') continue;
    for (const { id } of [tomas!, ingrid!]) house.denials.push({ who: id, code: 'unknown-plan', decision: 'approve' });
  }
});

it.each<[string, () => Loose]>([
  ['another bot', () => from(ingrid!, { id: '28:aaaaaaaa-0000-4000-8000-00000000000a' })],
  ['an account that says it is a bot', () => from(ingrid!, { role: 'bot' })],
  ['the bot itself', () => ({ from: { ...house.activities.bot, aadObjectId: ingrid!.id } })],
  ['nobody at all', () => ({ from: { name: 'Ingrid Sørensen', aadObjectId: ingrid!.id } })],
])('T26 %s is not heard', async (_who, over) => {
  await house.ignores('greenlight_turns_total{kind="ignored"}', async () => {
    const said = await house.act(house.activities.message(ingrid!, 'stop', over()));
    expect(said.status).toBe(200);
  });
});

it('T20 one approver is one signature, whatever device it comes from', async () => {
  await approve(ingrid!);
  await house.denies('guest', 'approve', ingrid!, () => approve(ingrid!, from(ingrid!, { id: '29:another-device' })));
  await approve(ingrid!, from(ingrid!, { aadObjectId: ingrid!.id.toUpperCase() }));
  await approve(ingrid!);
  expect(await signatures()).toBe('1 of 2');
});

it('each denial stands in the ledger with its reason, and one vote was counted', async () => {
  const entries = await house.ledger();
  const denied = entries.filter(({ kind }) => kind === 'denied');
  expect(denied.map(({ actor, data }) => ({ who: actor.id.split('/')[1], code: data.code, decision: data.decision }))).toEqual(
    house.denials,
  );
  expect(entries.filter(({ kind }) => kind === 'request-refused').map(({ data }) => data.code)).toEqual(['guest']);
  expect(entries.filter(({ kind }) => kind === 'vote').map(({ actor }) => actor.id.split('/')[1])).toEqual([ingrid!.id]);
  expect(entries.filter(({ kind }) => kind === 'intent' || kind === 'stop')).toEqual([]);
});
