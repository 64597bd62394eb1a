import { readFileSync, writeFileSync } from 'node:fs';
import { conversation, type PostedPlan } from './support/conversation.ts';
import { button, Rehearsal, words } from './support/rehearsal.ts';

jest.setTimeout(240_000);

const rehearsal = new Rehearsal({ calm: true });
const { ask, decide, news, openView, requestPlan } = conversation(rehearsal);
let requester: { name: string; id: string };
let approver: { name: string; id: string };
let newcomer: { name: string; id: string };

beforeAll(async () => {
  await rehearsal.start();
  requester = rehearsal.person('lukas');
  approver = rehearsal.person('ingrid');
  newcomer = rehearsal.person('mette');
});

afterAll(() => rehearsal.stop());

const REQUEST = 'set passive mode on ring canary';

/** Changes the migration file under the running bot. */
function edit(from: string, to: string): void {
  const file = rehearsal.ready.migrationFile;
  const text = readFileSync(file, 'utf8');
  if (!text.includes(from)) throw new Error(`the migration file does not say ${from}`);
  writeFileSync(file, text.replace(from, to));
}

describe('a migration file that changes under a running bot', () => {
  it('says on its first day which file it works by', async () => {
    const { mentions = [] } = await news(requester.id, /works by the migration file of “Corp servers to Microsoft Defender for Servers”/);
    expect(mentions).toEqual([]);
  });

  it('takes up another time of the digest at once', async () => {
    edit('time: "08:00"', 'time: "08:30"');
    await news(requester.id, /time of the digest.*08:00 → 08:30/);
    expect(words((await ask(requester.id, REQUEST)).cards)).toMatch(/GL-\d{4} is ready/);
  });

  it('refuses requests while a new approver waits to be accepted, and voids what waits for signatures', async () => {
    edit('role: Service owner }\n', `role: Service owner }\n  - { id: ${newcomer.id}, name: ${newcomer.name}, role: Server owner }\n`);
    await news(requester.id, /GL-\d{4} .*is void: the migration file is changing: approver added: Mette Lund/);
    expect(words((await ask(requester.id, REQUEST)).cards)).toContain('The migration file has a change that waits for an approver');
    expect(words((await ask(requester.id, 'where are we with phase 1?')).cards)).toContain('Prepare');
  });

  it('works by the new file once an approver of the old one has accepted it', async () => {
    const title = 'Accept the changed migration file';
    const posted = await rehearsal.until('the card that asks for it', async () =>
      (await rehearsal.messages(approver.id)).find(({ cards }) => cards.some((card) => card.refresh && words(card).includes(title))),
    );
    expect(JSON.stringify(posted.mentions)).toContain(approver.name);
    const plan: PostedPlan = {
      id: /GL-\d{4}/.exec(words(posted.cards))?.[0] ?? '',
      activityId: posted.id,
      open: button(posted.cards[0], 'sign-off.view'),
    };
    expect(words(await openView(newcomer.id, plan))).not.toContain('Approve');
    await decide(approver.id, plan, 'sign-off.approve');
    await news(requester.id, new RegExp(`${plan.id} .*is signed`));
    await rehearsal.clock({ advanceSeconds: 125 });
    await news(requester.id, new RegExp(`${plan.id} .*is in force`));
    const next = await requestPlan(requester.id, REQUEST);
    const message = (await rehearsal.messages(newcomer.id)).find(({ id }) => id === next.activityId);
    expect(JSON.stringify(message?.mentions)).toContain(newcomer.name);
    await decide(newcomer.id, next, 'sign-off.approve');
    const shown = await rehearsal.until('the vote of the new approver', async () => {
      const now = (await rehearsal.messages(requester.id)).find(({ id }) => id === next.activityId);
      return /1 of 2/.test(words(now?.cards)) && now;
    });
    expect(words(shown.cards)).toContain(newcomer.name);
  });

  it('stays with it when the file breaks, and over a restart', async () => {
    edit('quorum: 2\n', 'quorum: nine\n');
    await news(requester.id, /cannot be used as it is now, so the version before stays in force.*quorum/);
    await rehearsal.stopBot();
    await rehearsal.start();
    const { id } = await requestPlan(requester.id, REQUEST);
    expect(id).toMatch(/^GL-/);
  });
});
