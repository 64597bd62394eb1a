import { waitingList } from '../../../../bot/flows/answers/waiting-list.ts';
import { openSignOffView } from '../../../../bot/flows/sign-off/sign-off-view.ts';
import { targetPage } from '../../../../bot/flows/sign-off/target-pages.ts';
import { HOUR, MINUTE } from '../../../../core/instant.ts';
import type { Person } from '../../../../core/person.ts';
import { approver, person, planOf } from '../../../support/facts.ts';
import { buttonsOf, Desk, member, wordsOf } from '../support/desk.ts';

jest.setTimeout(60_000);

const [ana, bo, cy, omar] = [member(1), member(2), member(3), member(4)];

let desk: Desk;
beforeAll(async () => {
  const owners = { tag: 'owner', people: { 'erp-team': [person(4), person(6)] } };
  desk = await Desk.open({ owners, alternates: { afterHours: 4, people: [approver(5)] } });
});
afterAll(() => desk.close());

const look = async (hash: string, who: Person) => wordsOf(await openSignOffView(desk.context, hash, who));

describe('since a person last looked', () => {
  it('says nothing at the first look, then what others did, and nothing of their own', async () => {
    const hash = await desk.ask(planOf(3));
    expect(await look(hash, cy)).not.toContain('Since you last looked');
    desk.now += HOUR;
    await desk.press(hash, ana, 'approve', { comment: 'as agreed' });
    await desk.press(hash, bo, 'hold', { hold: '#1', comment: 'upgrade' });
    desk.now += MINUTE;
    const shown = await look(hash, cy);
    expect(shown).toContain('Since you last looked');
    expect(shown).toContain('Person 1 approved: “as agreed”.');
    expect(shown).toContain('Person 2 held t1 out: upgrade.');
    expect(await look(hash, ana)).not.toContain('Person 1 approved:');
  });

  it('stays while the card is refreshed, and is gone at a later look', async () => {
    const hash = await desk.ask(planOf(3));
    await look(hash, cy);
    desk.now += HOUR;
    await desk.press(hash, ana, 'approve', { comment: 'as agreed' });
    desk.now += MINUTE;
    for (let time = 0; time < 5; time += 1) {
      expect(await look(hash, cy)).toContain('Person 1 approved: “as agreed”.');
      desk.now += MINUTE;
    }
    desk.now += HOUR;
    expect(await look(hash, cy)).not.toContain('Person 1 approved:');
  });

  it('tells that an approval was taken back, by whom, and that the revision is another', async () => {
    const hash = await desk.ask(planOf(3));
    await desk.press(hash, ana, 'approve');
    await look(hash, cy);
    desk.now += HOUR;
    await desk.press(hash, ana, 'take-back');
    expect(await look(hash, cy)).toContain('Person 1 took the approval back, so that the plan has a new revision.');
  });

  it('is on no card that everyone sees, nor of a plan that has ended', async () => {
    const hash = await desk.ask(planOf(3));
    await look(hash, cy);
    desk.now += HOUR;
    await desk.press(hash, ana, 'approve');
    await desk.press(hash, bo, 'reject', { comment: 'not now' });
    expect(await look(hash, cy)).not.toContain('Since you last looked');
  });
});

describe('the machines of a long plan', () => {
  it('are a press away, twenty-five a page, and none is missing or doubled', async () => {
    const hash = await desk.ask(planOf(70));
    const view = await openSignOffView(desk.context, hash, ana);
    expect(buttonsOf(view.card).find(({ verb }) => verb === 'sign-off.targets')?.data).toEqual({ id: hash, page: 1 });
    const named: string[] = [];
    for (let page: unknown = 1; typeof page === 'number'; ) {
      const card = await targetPage(desk.context, hash, page);
      named.push(...(wordsOf(card).match(/^t\d+ $/gm) ?? []).map((name) => name.trim()));
      page = buttonsOf(card.card).find(({ data }) => typeof data['page'] === 'number' && data['page'] > (page as number))?.data['page'];
    }
    expect(named).toEqual(Array.from({ length: 70 }, (_, index) => `t${index}`));
  });

  it('show who held which of them out, and a page past the last is the last', async () => {
    const hash = await desk.ask(planOf(70));
    await desk.press(hash, ana, 'hold', { hold: '#69', comment: 'upgrade' });
    expect(wordsOf(await targetPage(desk.context, hash, 99))).toMatch(/page 3 of 3.*t69.*Held out by Person 1: upgrade/s);
  });

  it('of a plan nobody knows are not shown', async () => {
    expect(wordsOf(await targetPage(desk.context, 'a'.repeat(64), 1))).toContain('This plan is not known here.');
  });
});

describe('the list of what waits', () => {
  it('names what is missing, and those who may sign now', async () => {
    const plan = planOf(1);
    const owners = [{ value: 'erp-team', people: [person(4), person(6)] }];
    const signers = { ...plan.signers, distinctRoles: 2, alternates: [approver(5)], alternatesAt: desk.now + HOUR, owners };
    const hash = await desk.ask({ ...plan, title: 'Only this one', requestedAt: desk.now, expiresAt: desk.now + 24 * HOUR, signers });
    const line = async () => /Only this one\n([^\n]*)/.exec(wordsOf(await waitingList(desk.context, null, null)))?.[1];
    const all = 'Person 1, Person 2, Person 3, Person 4, Person 6';
    expect(await line()).toBe(`2 more signatures, from 2 different roles; a signature of an owner of erp-team; may sign: ${all}.`);
    expect(wordsOf(await waitingList(desk.context, omar, null))).toContain('Only this one');
    await desk.press(hash, omar, 'approve');
    await desk.press(hash, ana, 'approve');
    expect(await line()).toBe('1 more signature, from another role than role 1; may sign: Person 2, Person 3.');
    expect(wordsOf(await waitingList(desk.context, member(6), null))).toContain('Nothing waits for your signature.');
    desk.now += HOUR;
    expect(await line()).toMatch(/may sign: Person 2, Person 3, Person 5\.$/);
  });
});
