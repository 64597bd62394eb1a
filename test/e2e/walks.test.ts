import { randomUUID } from 'node:crypto';
import { changesAzure } from '../support/permitted-operations.ts';
import { conversation, type PostedPlan } from './support/conversation.ts';
import { unlawfulRequests } from './support/lawful.ts';
import { button, buttons, type Message, Rehearsal, words } from './support/rehearsal.ts';

jest.setTimeout(240_000);

const rehearsal = new Rehearsal();
let requester: { name: string; id: string };
let first: { name: string; id: string };
let second: { name: string; id: string };
let onlooker: { name: string; id: string };

beforeAll(async () => {
  await rehearsal.start();
  requester = rehearsal.person('lukas');
  first = rehearsal.person('ingrid');
  second = rehearsal.person('jonas');
  onlooker = rehearsal.person('tomas');
});

afterAll(() => rehearsal.stop());

const { ask, requestPlan, openView, decide, runToEnd } = conversation(rehearsal);

async function cardWith(as: string, ...needles: string[]): Promise<Message> {
  return rehearsal.until(`a card with ${needles.join(', ')}`, async () =>
    (await rehearsal.messages(as)).findLast(
      (message) => message.from.isBot && needles.every((needle) => words(message.cards).includes(needle)),
    ),
  );
}

const approve = (as: string, plan: PostedPlan) => decide(as, plan, 'sign-off.approve');

const writes = async () => (await rehearsal.log()).filter(changesAzure);

describe('walk 1: where do we stand', () => {
  it.each([
    ['where are we with phase 1?', 'Prepare', 'Passive mode is set'],
    ['where are we with phase 2?', 'Onboard', 'Endpoint protection is on'],
    ['where are we with phase 3?', 'Cut over', 'Defender Antivirus is active'],
  ])('answers “%s” with the checklist of %s', async (text, phase, step) => {
    const { cards } = await ask(onlooker.id, text);
    const said = words(cards);
    expect(said).toContain(phase);
    expect(said).toContain(step);
    expect(said).toMatch(/not ready/);
    expect(said).toMatch(/unknown/);
    expect(said).toMatch(/Machines: \d+ of \d+ ready/);
    expect(said).toContain('of the list of 2026-11-20, for which Priya Nair vouches');
    expect(said).toContain('REHEARSAL');
  });

  it('shows the details of a step when its button is pressed', async () => {
    const answer = await ask(onlooker.id, 'where are we with phase 1?');
    const details = button(answer.cards[0], 'checklist.details', ({ step }) => step === 'arc-connected');
    const pressed = await rehearsal.press(onlooker.id, answer.id, details);
    expect(pressed).toMatchObject({ status: 200 });
    expect(words(pressed.value)).toContain('Azure Arc is connected');
  });

  it('sends the last card as text', async () => {
    await ask(onlooker.id, 'where are we with phase 1?');
    const { text } = await ask(onlooker.id, 'text');
    expect(text).toContain('Passive mode is set');
  });

  it('is not spoken to by a message that does not mention it', async () => {
    expect(await rehearsal.say(onlooker.id, 'where are we with phase 1?')).toMatchObject({ delivered: false });
  });
});

describe('walk 2 and 3: a signed change', () => {
  let plan: PostedPlan;

  it('posts a plan that mentions those who must sign, and changes nothing', async () => {
    const before = (await writes()).length;
    plan = await requestPlan(requester.id, 'set passive mode on ring canary');
    const message = (await rehearsal.messages(onlooker.id)).find(({ id }) => id === plan.activityId) as Message;
    expect(JSON.stringify(message.mentions)).toContain(first.name);
    const said = words(message.cards);
    for (const part of ['ForceDefenderPassiveMode', 'REHEARSAL', first.name, second.name, requester.name]) expect(said).toContain(part);
    expect(buttons(message.cards[0]).map(({ verb }) => verb)).toEqual(['sign-off.view']);
    expect((await writes()).length).toBe(before);
  });

  it('shows somebody who is no approver the plan without deciding buttons', async () => {
    const view = await openView(onlooker.id, plan);
    const said = words(view);
    expect(said).toMatch(/PUT/);
    expect(said).toMatch(/runCommands\/greenlight-/);
    expect(buttons(view).filter(({ verb }) => verb !== 'sign-off.view')).toEqual([]);
  });

  it('refuses a forged press, and the requester', async () => {
    const view = await openView(first.id, plan);
    const stolen = button(view, 'sign-off.approve');
    const data = stolen.data as Record<string, unknown>;
    for (const [as, forged] of [
      [onlooker.id, stolen],
      [requester.id, stolen],
      [first.id, { ...stolen, data: { ...data, nonce: randomUUID().replaceAll('-', '') } }],
      [first.id, { ...stolen, data: { ...data, quorum: 0 } }],
      [first.id, { ...stolen, data: { ...data, id: 'f'.repeat(64) } }],
    ] as const) {
      const answer = await rehearsal.forge(as, plan.activityId, forged);
      expect(answer.status).toBeLessThan(500);
    }
    const base = (await rehearsal.messages(onlooker.id)).find(({ id }) => id === plan.activityId) as Message;
    expect(words(base.cards)).toMatch(/0 of 2/);
  });

  it('does not count words as a vote', async () => {
    const { cards } = await ask(second.id, 'approve');
    expect(words(cards)).toMatch(/never sign/);
  });

  it('is approved by two named approvers, and by one pressing twice only once', async () => {
    const view = await openView(first.id, plan);
    const press = button(view, 'sign-off.approve');
    await rehearsal.press(first.id, plan.activityId, press);
    await rehearsal.press(first.id, plan.activityId, press);
    await rehearsal.until('one of two signatures', async () => {
      const base = (await rehearsal.messages(onlooker.id)).find(({ id }) => id === plan.activityId) as Message;
      return /1 of 2/.test(words(base.cards));
    });
    await approve(second.id, plan);
    await rehearsal.until('the news that it is signed', async () =>
      (await rehearsal.messages(requester.id)).some(
        (message) => message.from.isBot && words(message.cards).includes(`${plan.id}`) && /is signed/.test(words(message.cards)),
      ),
    );
    expect((await writes()).length).toBe(0);
  });

  it('runs after the grace, really changes the machines, and proves it by a separate probe', async () => {
    const ended = await runToEnd(requester.id, plan.id);
    expect(words(ended.cards)).toMatch(/is complete/);
    const estate = await rehearsal.estate();
    const canary = estate.machines.filter((machine: { tags?: Record<string, string> }) => machine.tags?.['ring'] === 'canary');
    expect(canary.length).toBeGreaterThan(0);
    const sent = (await writes()).filter(({ method, status }) => method === 'PUT' && status < 300);
    const changed = sent.filter(({ path }) => path.includes('-set?'));
    const probed = sent.filter(({ path }) => path.includes('-probe?'));
    expect(changed.length).toBeGreaterThan(0);
    expect(probed.length).toBe(changed.length);
    expect(new Set(changed.map(({ path }) => path)).size).toBe(changed.length);
    const card = await cardWith(onlooker.id, plan.id, 'proven');
    expect(buttons(card.cards[0]).filter(({ verb }) => verb === 'run.stop')).toEqual([]);
  });

  it('shows it on the next checklist', async () => {
    const { cards } = await ask(onlooker.id, 'is passive mode set on ring canary?');
    expect(words(cards)).toContain('ForceDefenderPassiveMode is 1');
  });

  it('catches a machine that prints success and changes nothing', async () => {
    const estate = await rehearsal.estate();
    const liar = estate.machines.find((machine: { lies?: boolean }) => machine.lies);
    const plan = await requestPlan(requester.id, `set passive mode on machine ${liar.name}`);
    await approve(first.id, plan);
    await approve(second.id, plan);
    const ended = await runToEnd(requester.id, plan.id);
    expect(words(ended.cards)).not.toMatch(/is complete/);
    const card = await cardWith(onlooker.id, `Run of ${plan.id}`, liar.name);
    expect(words(card.cards)).toMatch(/nothing changed/);
  });

  it('stops at anybody’s word', async () => {
    const plan = await requestPlan(requester.id, 'probe ring broad');
    await approve(first.id, plan);
    await approve(second.id, plan);
    const { cards } = await ask(onlooker.id, 'STOP everything');
    expect(words(cards)).toContain(plan.id);
    await rehearsal.clock({ advanceSeconds: 300 });
    await rehearsal.until('the end of it', async () =>
      (await rehearsal.messages(requester.id)).some((message) => new RegExp(`${plan.id} .*(ended|stopped)`).test(words(message.cards))),
    );
  });
});

describe('walk 4: the digest', () => {
  const digests = async () =>
    (await rehearsal.messages(onlooker.id)).filter(
      (message) => message.from.isBot && /[Dd]igest —|Readiness digest/.test(words(message.cards)),
    );

  it('posts one when asked', async () => {
    const before = (await digests()).length;
    await ask(onlooker.id, 'post a digest now');
    await rehearsal.until('the digest', async () => (await digests()).length === before + 1);
  });

  it('posts exactly one when the clock passes its time', async () => {
    const before = (await digests()).length;
    const { now } = await rehearsal.clock({ rate: 1 });
    const monday = new Date(now);
    monday.setUTCDate(monday.getUTCDate() + ((8 - monday.getUTCDay()) % 7 || 7));
    monday.setUTCHours(7, 0, 5, 0);
    await rehearsal.clock({ to: monday.toISOString() });
    await rehearsal.until('the digest', async () => (await digests()).length > before);
    await rehearsal.clock({ advanceSeconds: 600 });
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect((await digests()).length).toBe(before + 1);
  });
});

describe('walk 6: the truth behind the bot’s back', () => {
  it('answers anew when a machine changed, and the log shows that it was read alone', async () => {
    const { machines } = await rehearsal.estate();
    const arc = machines.find(
      (machine: { kind: string; arc?: { status: string } }) => machine.kind === 'arc' && machine.arc?.status === 'Connected',
    );
    const before = await ask(onlooker.id, 'arc');
    expect(words(before.cards)).toContain('Azure Arc is connected');
    const since = (await rehearsal.log()).at(-1).seq;
    await rehearsal.estate({ machines: [{ name: arc.name, arc: { status: 'Disconnected' } }] });
    await rehearsal.clock({ advanceSeconds: 2 });
    const after = await ask(onlooker.id, `how is machine ${arc.name}`);
    expect(words(after.cards)).toContain('Disconnected');
    const asked = (await rehearsal.log(since)).filter(({ server, method }) => server === 'azure' && method === 'GET');
    expect(asked.map(({ path }) => path.split('?')[0]?.toLowerCase())).toContain(arc.id.toLowerCase());
  });

  it('says unknown and since when while Azure cannot be read, never the old count as new', async () => {
    await rehearsal.fault({
      match: { server: 'azure', path: 'ResourceGraph' },
      fault: { status: 403, code: 'AuthorizationFailed', message: 'no' },
    });
    const { cards } = await ask(onlooker.id, 'arc');
    const said = words(cards);
    await rehearsal.clearFaults();
    expect(said).toMatch(/[Uu]nknown/);
    expect(said).toMatch(/since/);
    expect(said).toContain('Reader');
    expect(said).not.toMatch(/[1-9]\d* ready/);
  });
});

describe('bad input', () => {
  it.each([
    ['403', { status: 403, code: 'AuthorizationFailed', message: 'no' }, /Reader/],
    ['429', { status: 429, retryAfter: 30, code: 'RateLimiting', message: 'slow down' }, /[Uu]nknown/],
    ['500', { status: 500, code: 'InternalServerError', message: 'oops' }, /[Uu]nknown/],
  ])('an Azure that answers %s makes the card say unknown and since when', async (_status, fault, words_) => {
    await rehearsal.fault({ match: { server: 'azure', path: 'Microsoft.Security/settings' }, fault });
    const { cards } = await ask(onlooker.id, 'where are we with phase 1?');
    await rehearsal.clearFaults();
    expect(words(cards)).toMatch(words_);
    expect(words(cards)).toMatch(/unknown since/);
  });

  it('plans nothing while the evidence it needs cannot be read', async () => {
    await rehearsal.fault({
      match: { server: 'azure', path: 'Microsoft.Security/settings' },
      fault: { status: 403, code: 'AuthorizationFailed', message: 'no' },
    });
    const { cards } = await ask(requester.id, 'turn endpoint protection off');
    await rehearsal.clearFaults();
    expect(words(cards)).toMatch(/No plan was made/);
  });

  it('an unknown subscription is answered with the ones there are', async () => {
    const { cards } = await ask(requester.id, 'set passive mode on subscription nosuch');
    expect(words(cards)).toMatch(/no subscription called “nosuch”.*corp-prod/);
  });

  it('a guest may ask, and cannot request a change', async () => {
    const guest = rehearsal.person('sam');
    const { cards } = await ask(guest.id, 'set passive mode on ring canary');
    expect(words(cards)).toMatch(/Guests may ask/);
  });

  it('a message of 100 KB is answered and does nothing', async () => {
    const { cards } = await ask(onlooker.id, `${'blah '.repeat(20_000)} set passive mode on ring canary`);
    expect(words(cards)).toMatch(/not understood/);
  });

  it('a mention in the middle of a sentence is heard', async () => {
    const { activityId } = await rehearsal.say(onlooker.id, 'where are we @Greenlight with phase 1?');
    await rehearsal.until('an answer', async () =>
      (await rehearsal.messages(onlooker.id)).find((message) => message.from.isBot && message.threadId === activityId),
    );
  });

  it('asked Azure for nothing outside its permissions, and only in official shapes', async () => {
    expect(await unlawfulRequests(rehearsal)).toEqual([]);
  });

  it('leaves a ledger whose chain holds', async () => {
    await rehearsal.stopBot();
    const checked = await rehearsal.run('bot/ledger.ts', ['verify']);
    expect(checked.output).toMatch(/holds|ok|verif/i);
    expect(checked.code).toBe(0);
  });
});

describe('a malformed migration file', () => {
  it('refuses to start, with every error by file and line', async () => {
    const broken = new Rehearsal();
    await expect(broken.start({ MIGRATION_FILE: broken.write('migration.yaml', 'id: x\nquorum: 0\napprovers: []\n') })).rejects.toThrow(
      /migration\.yaml:2:\d+ quorum.*\n(.*\n)*.*migration\.yaml:3:\d+ approvers/,
    );
    await broken.stop();
  });
});
