import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { PostedPlan } from '../support/conversation.ts';
import { type AnyJson, button, words } from '../support/rehearsal.ts';
import type { Loose, Somebody } from './support/activities.ts';
import { rise } from './support/counters.ts';
import { oddValues } from './support/fuzz.ts';
import { House, PATIENCE_MS } from './support/house.ts';

jest.setTimeout(60_000);

const house = new House();
let [lukas, ingrid, jonas, amara, tomas, sam, priya]: Somebody[] = [];
let plan: PostedPlan;
let raced: PostedPlan;
const shot = { revision: 1, nonce: 'f'.repeat(32) };

beforeAll(async () => {
  await house.start();
  const names = ['lukas', 'ingrid', 'jonas', 'amara', 'tomas', 'sam', 'priya'];
  [lukas, ingrid, jonas, amara, tomas, sam, priya] = names.map((name) => house.somebody(name));
  plan = await house.people.requestPlan(lukas!.id, 'probe machine srv-web-01');
});
afterAll(() => house.stop());
afterEach(() => house.isUnharmed());

const signatures = async (): Promise<string> =>
  /\d of 2/.exec((await house.press(tomas!, plan, 'sign-off.view', plan.open.data)).says)?.[0] ?? 'none';
const approve = (who: Somebody, data: AnyJson) => house.press(who, plan, 'sign-off.approve', data);

describe('T27 no other way in decides anything', () => {
  const value = (verb: string): Loose => ({ verb, id: plan.open.data.id, ...shot });

  it.each([
    'task/fetch',
    'task/submit',
    'composeExtension/query',
    'composeExtension/submitAction',
    'composeExtension/selectItem',
    'signin/verifyState',
    'signin/tokenExchange',
    'fileConsent/invoke',
    'actionableMessage/executeAction',
    'message/submitAction',
    'adaptiveCard/Action',
    'adaptiveCard/action ',
    'application/search',
    'config/submit',
    '',
    '__proto__',
  ])('the invoke “%s” of an approver is not there', async (name) => {
    await house.ignores('greenlight_turns_total{kind="unknown-invoke"}', async () => {
      const data = {
        action: { type: 'Action.Execute', verb: 'sign-off.approve', data: value('sign-off.approve') },
        data: value('sign-off.approve'),
      };
      const answer = await house.act(house.activities.press(ingrid!, plan.activityId, '', {}, { name, value: data }));
      expect([answer.status, answer.text]).toEqual([501, '']);
    });
  });

  it.each([
    'messageReaction',
    'messageUpdate',
    'messageDelete',
    'conversationUpdate',
    'installationUpdate',
    'event',
    'handoff',
    'endOfConversation',
    'trace',
    'command',
    'commandResult',
    'typing',
    'suggestion',
    'Message',
    'constructor',
  ])('an activity of the type %s of an approver is acknowledged, and nothing else', async (type) => {
    const over = {
      type,
      value: value('sign-off.approve'),
      text: '<at>Greenlight</at> approve',
      reactionsAdded: [{ type: 'like' }],
      name: 'approve',
    };
    const answer = await house.act(house.activities.message(ingrid!, '', over));
    expect([answer.status, answer.text]).toEqual([200, '']);
  });

  it('words of an approver, however plain, are answered with the way to the card', async () => {
    for (const text of ['approve', 'lgtm', '+1']) {
      expect(words((await house.people.ask(ingrid!.id, text)).cards)).toMatch(/Words never sign/);
    }
  });

  it('the Submit of an old client passes the same checks, and who may not, may not', async () => {
    house.denials.push({ who: tomas!.id, code: 'not-approver', decision: 'approve' });
    house.denials.push({ who: sam!.id, code: 'guest', decision: 'approve' });
    house.denials.push({ who: ingrid!.id, code: 'stale-view', decision: 'approve' });
    for (const who of [tomas!, sam!, ingrid!]) {
      const answer = await house.act(house.activities.message(who, '', { value: value('sign-off.approve'), text: '', entities: [] }));
      expect([answer.status, answer.text]).toEqual([200, '']);
    }
  });

  it('left no signature', async () => {
    expect(await signatures()).toBe('0 of 2');
  });
});

it('T28 an edited message does not ask again', async () => {
  const waiting = async () => words((await house.people.ask(tomas!.id, 'list sign-offs')).cards).match(/GL-\d{4}/g)?.length;
  const before = await waiting();
  await house.ignores('greenlight_turns_total{kind="ignored"}', () =>
    house.act(house.activities.message(lukas!, 'probe machine srv-app-01', { type: 'messageUpdate', channelData: edited() })),
  );
  expect(await waiting()).toBe(before);
});

function edited(): Loose {
  return { ...(house.activities.message(lukas!, '')['channelData'] as Loose), eventType: 'editMessage' };
}

it.each<[string, (data: Loose) => Loose]>([
  ['other targets', (data) => ({ ...data, targets: ['/subscriptions/x'] })],
  ['a script', (data) => ({ ...data, script: 'Remove-Item C:\\' })],
  ['a quorum of none', (data) => ({ ...data, quorum: 0 })],
  ['other approvers', (data) => ({ ...data, approvers: [tomas!.id] })],
  ['another person', (data) => ({ ...data, person: { objectId: ingrid!.id, isGuest: false } })],
  ['another decision', (data) => ({ ...data, decision: 'approve' })],
  ['the state', (data) => ({ ...data, state: 'approved' })],
  ['another hash', (data) => ({ ...data, planHash: 'a'.repeat(64) })],
  ['a number for the id', (data) => ({ ...data, id: 7 })],
  ['the id in capitals', (data) => ({ ...data, id: String(data['id']).toUpperCase() })],
  ['the plan’s name', (data) => ({ ...data, id: plan.id })],
  ['a list of ids', (data) => ({ ...data, id: [data['id']] })],
  ['a blank nonce', (data) => ({ ...data, nonce: '' })],
  ['no nonce', ({ nonce: _nonce, ...data }) => data],
  ['a null nonce', (data) => ({ ...data, nonce: null })],
  ['a list of nonces', (data) => ({ ...data, nonce: [data['nonce']] })],
  ['no revision', ({ revision: _revision, ...data }) => data],
  ['a revision of none', (data) => ({ ...data, revision: 0 })],
  ['a revision as text', (data) => ({ ...data, revision: '1' })],
  ['half a revision', (data) => ({ ...data, revision: 1.5 })],
  ['a comment that is a list', (data) => ({ ...data, comment: ['ok'] })],
  ['a comment of 3,000 letters', (data) => ({ ...data, comment: 'x'.repeat(3_000) })],
])('T29 a real approver’s button with %s is denied', async (_what, forge) => {
  const data = forge({ id: plan.open.data.id, ...shot });
  const reply = await house.denies('altered-data', 'approve', ingrid!, () => approve(ingrid!, data));
  expect(reply.says).toMatch(/out of date or was altered; nothing was counted/);
});

it('T30 200 odd values in the place of a press break nothing and decide nothing', async () => {
  for (const { where, value } of oddValues(200)) {
    const press = house.activities.press(tomas!, plan.activityId, 'checklist.details', value);
    const over = where === 'data' ? {} : where === 'value' ? { value } : { value: { action: value, trigger: 'manual' } };
    const answer = await house.act({ ...press, ...over });
    expect([200, 400, 413]).toContain(answer.status);
    expect(answer.ms).toBeLessThan(PATIENCE_MS);
    expect(answer.text).not.toMatch(/Something went wrong/);
  }
  expect(await signatures()).toBe('0 of 2');
});

it('T31 a view of an older state of the plan is stale', async () => {
  const view = await house.viewOf(ingrid!, plan);
  await house.people.decide(jonas!.id, plan, 'sign-off.approve');
  await house.people.decide(jonas!.id, plan, 'sign-off.take-back');
  const reply = await house.denies('stale-view', 'approve', ingrid!, () => approve(ingrid!, view));
  expect(reply.says).toMatch(/changed after this view was opened/);
  expect(button(reply.value, 'sign-off.approve').data.revision).toBeGreaterThan(view.revision);
});

it('a view of one person is worth nothing to another', async () => {
  const view = await house.viewOf(ingrid!, plan);
  await house.denies('stale-view', 'approve', jonas!, () => approve(jonas!, view));
  expect(await signatures()).toBe('0 of 2');
});

it('T33 a press that is delivered 100 times, as it was or as a new one, is one signature', async () => {
  const view = await house.viewOf(ingrid!, plan);
  const press = house.activities.press(ingrid!, plan.activityId, 'sign-off.approve', view);
  for (let time = 0; time < 100; time += 10) {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => house.act(index % 2 === 0 ? press : { ...press, id: `f:${crypto.randomUUID()}` })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
  }
  expect(await signatures()).toBe('1 of 2');
});

it('T35 100 refreshes change nothing', async () => {
  const refresh = house.activities.press(amara!, plan.activityId, 'sign-off.view', plan.open.data);
  const automatic = { ...refresh, value: { ...refresh['value'], trigger: 'automatic' } };
  for (let time = 0; time < 100; time += 10) {
    const answers = await Promise.all(Array.from({ length: 10 }, () => house.act(automatic)));
    for (const { status, ms } of answers) {
      expect(status).toBe(200);
      expect(ms).toBeLessThan(PATIENCE_MS);
    }
  }
  expect(await signatures()).toBe('1 of 2');
});

it('T34 50 clicks at once are one signature and one approval', async () => {
  const view = await house.viewOf(amara!, plan);
  await Promise.all(Array.from({ length: 50 }, () => approve(amara!, view)));
  expect(await signatures()).toBe('2 of 2');
});

it('T63 whoever floods the bot does not keep an approver waiting', async () => {
  let flooding = true;
  const statuses = new Set<number>();
  const flood = (async () => {
    while (flooding) {
      void house.act(house.activities.message(tomas!, 'where are we with phase 1?')).then(({ status }) => statuses.add(status));
      await pause(10);
    }
  })();
  const times: number[] = [];
  const before = await house.counters();
  for (let time = 0; time < 40; time += 1) {
    const { status, ms } = await house.act(house.activities.press(jonas!, plan.activityId, 'sign-off.view', plan.open.data));
    expect(status).toBe(200);
    times.push(ms);
    await pause(50);
  }
  flooding = false;
  await flood;
  expect(times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)]).toBeLessThan(1_000);
  expect([...statuses]).toEqual([200]);
  expect(rise(before, await house.counters(), 'greenlight_denials_total{reason="too-many"}')).toBeGreaterThan(50);
});

it('T37 anybody may stop, and words do not resume', async () => {
  expect(words((await house.people.ask(sam!.id, 'stop')).cards)).toContain(`Stopped 1 plan: ${plan.id}`);
  for (const text of ['resume', 'continue the run', `start ${plan.id}`]) await house.people.ask(ingrid!.id, text);
  await house.rehearsal.clock({ advanceSeconds: 600 });
  expect((await house.press(tomas!, plan, 'sign-off.view', plan.open.data)).says).toMatch(/stopped|withdrawn/i);
});

it('T36 a rejection and a signature at once end the plan, in either order', async () => {
  raced = await house.people.requestPlan(lukas!.id, 'probe machine srv-web-02');
  const [yes, no] = [await house.viewOf(ingrid!, raced), await house.viewOf(jonas!, raced, 'sign-off.reject')];
  await Promise.all([
    house.press(ingrid!, raced, 'sign-off.approve', yes),
    house.press(jonas!, raced, 'sign-off.reject', { ...no, comment: 'not in this window' }),
  ]);
  expect((await house.press(amara!, raced, 'sign-off.view', raced.open.data)).says).toMatch(/rejected/i);
});

it('T50, T51 a name is shown, and is neither a link, a mention, a template nor a direction', async () => {
  await house.rehearsal.roster({
    rename: priya!.id,
    name: `[Approve](https://evil.example) <at>all</at> $${'{secret}'} \u202ekcab ![x](https://evil.example/x.png)`,
  });
  await house.people.requestPlan(priya!.id, 'probe machine srv-app-01');
  const all = await house.rehearsal.messages(tomas!.id);
  const posted = JSON.stringify(all.filter(({ from }) => from.isBot).map(({ text, cards }) => ({ text, cards })));
  expect(posted).toMatch(/secret/);
  expect(posted).not.toMatch(/(?<!\\\\)\]\(https:\/\/evil|\u202e|<at>all|"url":"https:\/\/evil/);
});

it('T32 a signature within the time counts, and one after it is denied', async () => {
  const short = await house.people.requestPlan(lukas!.id, 'probe machine srv-file-02');
  const [early, late] = [await house.viewOf(ingrid!, short), await house.viewOf(jonas!, short)];
  await house.rehearsal.clock({ advanceSeconds: 24 * 3_600 - 60 });
  expect((await house.press(ingrid!, short, 'sign-off.approve', early)).says).toMatch(/1 of 2/);
  await house.rehearsal.clock({ advanceSeconds: 61 });
  const reply = await house.denies('expired', 'approve', jonas!, () => house.press(jonas!, short, 'sign-off.approve', late));
  expect(reply.says).toMatch(/expired/);
});

it('T55 a text of 200 KB is answered like any other', async () => {
  const answer = await house.act(house.activities.message(lukas!, `${'how ready '.repeat(20_000)}?`));
  expect(answer.status).toBe(200);
});

describe('what is left behind', () => {
  let entries: readonly AnyJson[] = [];
  beforeAll(async () => {
    entries = await house.ledger();
  });

  const of = (kind: string) => entries.filter((entry) => entry.kind === kind);
  const who = (entry: AnyJson): string => entry.actor.id.split('/')[1];

  it('each denial stands in the ledger with its reason', () => {
    // Whether the race's signature came before the rejection is nobody's to say.
    const denied = of('denied').filter(({ subject }) => subject !== raced.open.data.id);
    expect(denied.map((entry) => ({ who: who(entry), code: entry.data.code, decision: entry.data.decision }))).toEqual(house.denials);
  });

  it('each vote stands there once', () => {
    const votes = of('vote').filter(({ subject }) => subject === plan.open.data.id);
    expect(votes.map((entry) => [who(entry), entry.data.decision])).toEqual([
      [jonas!.id, 'approve'],
      [jonas!.id, 'take-back'],
      [ingrid!.id, 'approve'],
      [amara!.id, 'approve'],
    ]);
    expect(of('stop').map(who)).toEqual([sam!.id]);
    expect([...of('intent'), ...of('outcome')]).toEqual([]);
  });

  it('T58 no secret, token or nonce is in ledger or log, T53 each line of the log is one entry', () => {
    const { identities } = JSON.parse(readFileSync(join(house.rehearsal.dataDir, 'rehearsal.json'), 'utf8')) as AnyJson;
    const secrets = Object.values(identities as Record<string, AnyJson>).map(({ clientSecret }) => clientSecret as string);
    expect(secrets).toHaveLength(3);
    for (const sink of [JSON.stringify(entries), house.rehearsal.errors]) {
      for (const secret of secrets) expect(sink).not.toContain(secret);
      expect(sink).not.toMatch(/eyJ[A-Za-z0-9_-]{10}/);
      expect(sink).not.toContain('"nonce"');
    }
    for (const line of house.rehearsal.errors.trim().split('\n').slice(1)) expect(JSON.parse(line)).toEqual(expect.any(Object));
  });
});
