import { openSignOffView } from '../../../../bot/flows/sign-off/sign-off-view.ts';
import { HOUR } from '../../../../core/instant.ts';
import type { Plan } from '../../../../core/plan.ts';
import { walkCard } from '../../../cards/support/card-walk.ts';
import { approver, person, planOf } from '../../../support/facts.ts';
import { buttonsOf, Desk, member, verbsOf, wordsOf } from '../support/desk.ts';

jest.setTimeout(60_000);

const owners = { tag: 'owner', people: { 'erp-team': [person(4)], 'web-team': [person(9)] } };
const [ana, bo, cy, omar, mia, priya] = [member(1), member(2), member(3), member(4), member(5), member(9)];

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open({ owners, alternates: { afterHours: 4, people: [approver(5)] } });
});
afterAll(() => desk.close());

/** Three machines: the first of the erp-team, the second of the requester's own team, the third of nobody. */
function ofTeams(signers: Partial<Plan['signers']> = {}): Plan {
  const plan = planOf(3);
  const targets = plan.targets.map((target, index) => ({ ...target, owner: ['ERP-team', 'web-team', null][index] ?? null }));
  return { ...plan, targets, signers: { ...plan.signers, alternates: [approver(5)], ...signers } };
}

const denials = async (hash: string) => (await desk.ledger(hash, 'denied')).map(({ actor, data }) => [actor?.name, data['code']]);

describe('an approval', () => {
  it('keeps its comment in the ledger', async () => {
    const hash = await desk.ask(ofTeams());
    await desk.press(hash, ana, 'approve', { comment: 'as agreed on Monday' });
    expect((await desk.ledger(hash, 'vote')).map(({ data }) => data['comment'])).toEqual(['as agreed on Monday']);
  });

  it.each(['', '2', '4', '3.0', '0x3', '٣', 'three', '3 3'])('does not count when “%s” was typed for three machines', async (typed) => {
    const hash = await desk.ask(ofTeams({ typeCount: true }));
    const card = await desk.press(hash, ana, 'approve', { typed, comment: 'as agreed' });
    expect((await desk.record(hash)).signOff.votes).toEqual([]);
    expect(await denials(hash)).toEqual([['Person 1', 'count-needed']]);
    expect(walkCard(card.card).found.find(({ node }) => node['id'] === 'comment')?.node).toMatchObject({ value: 'as agreed' });
  });

  it('counts with the number typed, which is one less for each machine held out', async () => {
    const hash = await desk.ask(ofTeams({ typeCount: true }));
    await desk.press(hash, ana, 'approve', { typed: ' 3 ' });
    await desk.press(hash, omar, 'hold', { hold: '#0', comment: 'upgrade' });
    await desk.press(hash, bo, 'approve', { typed: '3' });
    expect((await desk.record(hash)).signOff.votes).toHaveLength(1);
    await desk.press(hash, bo, 'approve', { typed: '2' });
    expect((await desk.record(hash)).signOff.state).toBe('approved');
  });

  it('is asked for the number with a field only where the policy asks', async () => {
    const ids = async (signers: Partial<Plan['signers']>) => {
      const { card } = await openSignOffView(desk.context, await desk.ask(ofTeams(signers)), ana);
      return walkCard(card).found.flatMap(({ type, node }) => (type.startsWith('Input.') ? [node['id']] : []));
    };
    expect(await ids({ typeCount: true })).toEqual(['typed', 'hold', 'comment']);
    expect(await ids({ typeCount: false })).toEqual(['hold', 'comment']);
  });

  it('is not counted with a machine chosen to be held out', async () => {
    const hash = await desk.ask(ofTeams());
    expect(wordsOf(await desk.press(hash, ana, 'approve', { hold: '#1' }))).toContain('Press Hold out first');
    expect((await desk.record(hash)).signOff).toMatchObject({ votes: [], holds: [] });
  });

  it('is refused with anything in it that is no input of the card', async () => {
    const hash = await desk.ask(ofTeams());
    await desk.press(hash, ana, 'approve', { targets: 1 });
    expect((await desk.record(hash)).signOff.votes).toEqual([]);
  });
});

describe('owners', () => {
  const signers = { owners: [{ value: 'erp-team', people: [person(4)] }] };

  it('have to sign for their own machines besides the approvers', async () => {
    const hash = await desk.ask(ofTeams(signers));
    await desk.press(hash, ana, 'approve');
    const card = await desk.press(hash, bo, 'approve');
    expect((await desk.record(hash)).signOff.state).toBe('pending');
    expect(wordsOf(card)).toContain('a signature of an owner of erp-team');
    await desk.press(hash, omar, 'approve');
    expect((await desk.record(hash)).signOff.state).toBe('approved');
  });

  it('are shown no way to reject, and cannot', async () => {
    const hash = await desk.ask(ofTeams(signers));
    expect(verbsOf(await openSignOffView(desk.context, hash, omar))).toEqual(['sign-off.approve', 'sign-off.hold']);
    await desk.press(hash, omar, 'reject', { comment: 'not on my machines' });
    expect((await desk.record(hash)).signOff.state).toBe('pending');
    expect(await denials(hash)).toEqual([['Person 4', 'owner']]);
  });

  it('can take their approval back', async () => {
    const hash = await desk.ask(ofTeams(signers));
    await desk.press(hash, omar, 'approve');
    await desk.press(hash, omar, 'take-back');
    expect((await desk.record(hash)).signOff.votes).toEqual([]);
  });
});

describe('alternates', () => {
  it('decide from their time on and not before', async () => {
    const hash = await desk.ask(ofTeams());
    const early = await openSignOffView(desk.context, hash, mia);
    expect(verbsOf(early)).toEqual([]);
    expect(wordsOf(early)).toContain('You are an alternate');
    const before = desk.now;
    desk.now += 4 * HOUR;
    expect(verbsOf(await openSignOffView(desk.context, hash, mia))).toContain('sign-off.approve');
    await desk.press(hash, mia, 'approve');
    expect((await desk.record(hash)).signOff.votes).toHaveLength(1);
    desk.now = before;
  });
});

describe('a machine held out with a press', () => {
  it('stays out on the same hash and revision, with who and why, and every vote stays', async () => {
    const hash = await desk.ask(ofTeams());
    await desk.press(hash, ana, 'approve');
    await desk.press(hash, bo, 'hold', { hold: '#2', comment: ' the vendor upgrades it ' });
    const { signOff } = await desk.record(hash);
    expect(signOff).toMatchObject({ planHash: hash, revision: 1, state: 'pending' });
    expect(signOff.votes).toHaveLength(1);
    expect(signOff.holds).toEqual([{ targetId: '/t/2', by: person(2), at: desk.now, reason: 'the vendor upgrades it' }]);
    const [entry] = await desk.ledger(hash, 'hold');
    expect(entry).toMatchObject({ actor: { name: 'Person 2' }, data: { target: 't2', reason: 'the vendor upgrades it' } });
  });

  it('edits the card and tells the channel', async () => {
    const hash = await desk.ask(ofTeams());
    await desk.press(hash, ana, 'hold', { hold: 'T1', comment: 'upgrade' });
    expect((await desk.outbox()).filter((key) => key.includes(hash))).toEqual([`hold-news:${hash}:1`, `sign-off:${hash}`]);
  });

  it('is held once, however often the press arrives', async () => {
    const hash = await desk.ask(ofTeams());
    const own = await desk.pressable(hash, ana);
    for (let time = 0; time < 3; time += 1) await desk.press(hash, ana, 'hold', { ...own, hold: '#0', comment: 'upgrade' });
    expect((await desk.record(hash)).signOff.holds).toHaveLength(1);
    expect([await desk.ledger(hash, 'hold'), await denials(hash)]).toEqual([[expect.anything()], []]);
  });

  it('takes no other machine with it: one view holds one', async () => {
    const hash = await desk.ask(ofTeams());
    const own = await desk.pressable(hash, ana);
    for (const hold of ['#0', '#1']) await desk.press(hash, ana, 'hold', { ...own, hold, comment: 'upgrade' });
    expect((await desk.record(hash)).signOff.holds).toHaveLength(1);
    expect(await denials(hash)).toEqual([['Person 1', 'used-view']]);
  });

  it('is not held with an old view, by a made-up nonce, or without a reason', async () => {
    const hash = await desk.ask(ofTeams());
    await desk.press(hash, ana, 'hold', { revision: 1, nonce: 'e'.repeat(32), hold: '#0', comment: 'upgrade' });
    await desk.press(hash, ana, 'hold', { hold: '#0', comment: '  ' });
    const old = await desk.pressable(hash, ana);
    await desk.press(hash, bo, 'approve');
    await desk.press(hash, bo, 'take-back');
    await desk.press(hash, ana, 'hold', { ...old, hold: '#0', comment: 'upgrade' });
    expect((await desk.record(hash)).signOff.holds).toEqual([]);
    expect((await denials(hash)).map(([, code]) => code)).toEqual(['stale-view', 'reason-needed', 'stale-view']);
  });

  it.each(['', '#3', '#-1', '#99999', 't7', '/t/0'])('“%s” is no machine of the plan', async (hold) => {
    const hash = await desk.ask(ofTeams());
    await desk.press(hash, ana, 'hold', { hold, comment: 'upgrade' });
    expect((await desk.record(hash)).signOff.holds).toEqual([]);
  });

  it('ends the plan when it was the last one', async () => {
    const hash = await desk.ask(ofTeams());
    for (const hold of ['#0', '#1', '#2']) await desk.press(hash, cy, 'hold', { hold, comment: 'upgrade' });
    const { signOff } = await desk.record(hash);
    expect(signOff).toMatchObject({ state: 'withdrawn', ended: { reason: 'every target was held out of it' } });
    expect(buttonsOf((await openSignOffView(desk.context, hash, cy)).card)).toEqual([]);
  });
});

describe('who may hold', () => {
  const choices = async (hash: string, who: ReturnType<typeof member>) => {
    const { card } = await openSignOffView(desk.context, hash, who);
    const field = walkCard(card).found.find(({ type }) => type === 'Input.ChoiceSet');
    return (field?.node['choices'] as { title: string; value: string }[] | undefined)?.map(({ title, value }) => `${title} ${value}`) ?? [];
  };

  it('an approver every machine, an owner their own, and nobody one that is out already', async () => {
    const hash = await desk.ask(ofTeams());
    expect(await choices(hash, ana)).toEqual(['t0 #0', 't1 #1', 't2 #2']);
    expect(await choices(hash, omar)).toEqual(['t0 #0']);
    await desk.press(hash, ana, 'hold', { hold: '#0', comment: 'upgrade' });
    expect([await choices(hash, ana), await choices(hash, omar)]).toEqual([['t1 #1', 't2 #2'], []]);
  });

  it('the requester only what is theirs', async () => {
    const hash = await desk.ask(ofTeams());
    expect(await choices(hash, priya)).toEqual(['t1 #1']);
    const own = await desk.pressable(hash, priya);
    await desk.press(hash, priya, 'hold', { ...own, hold: '#0', comment: 'upgrade' });
    await desk.press(hash, priya, 'hold', { hold: '#1', comment: 'upgrade' });
    expect((await desk.record(hash)).signOff.holds.map(({ targetId }) => targetId)).toEqual(['/t/1']);
    expect(await denials(hash)).toEqual([['Person 9', 'requester']]);
  });

  it('not an owner of other machines, a stranger or a guest', async () => {
    const hash = await desk.ask(ofTeams());
    await desk.press(hash, omar, 'hold', { hold: '#2', comment: 'upgrade' });
    await desk.press(hash, member(8), 'hold', { hold: '#0', comment: 'upgrade' });
    await desk.press(hash, member(4, true), 'hold', { hold: '#0', comment: 'upgrade' });
    expect((await desk.record(hash)).signOff.holds).toEqual([]);
    expect((await denials(hash)).map(([, code]) => code)).toEqual(['not-holder', 'not-holder', 'guest']);
  });
});
