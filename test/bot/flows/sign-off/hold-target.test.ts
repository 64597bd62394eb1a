import { holdNews } from '../../../../bot/flows/sign-off/hold-news.ts';
import { holdTarget } from '../../../../bot/flows/sign-off/hold-target.ts';
import type { Person } from '../../../../core/person.ts';
import type { Plan } from '../../../../core/plan.ts';
import { advance, waitingRun } from '../../../../core/run.ts';
import { person, planOf } from '../../../support/facts.ts';
import { Desk, member, wordsOf } from '../support/desk.ts';

jest.setTimeout(60_000);

const [ana, omar, priya] = [member(1), member(4), member(9)];

let desk: Desk;
/** Every test has machines of its own, so that a word without a plan reaches no plan of another test. */
let test = 0;
const t = (index: number) => `t${test}-${index}`;
beforeAll(async () => {
  desk = await Desk.open({ owners: { tag: 'owner', people: { 'erp-team': [person(4)] } } });
});
beforeEach(() => {
  test += 1;
});
afterAll(() => desk.close());

function planned(): Plan {
  const plan = planOf(4);
  return {
    ...plan,
    targets: plan.targets.map((target, index) => ({ ...target, name: t(index), owner: index === 0 ? 'erp-team' : null })),
  };
}

const say = async (who: Person, machine: string, reason = 'the vendor upgrades it', planId: string | null = null) =>
  wordsOf(await holdTarget(desk.context, { planId, machine, reason, person: who }));

const idOf = async (hash: string) => (await desk.record(hash)).plan.id;
const held = async (hash: string) => (await desk.record(hash)).signOff.holds.map(({ targetId }) => targetId);

/** A plan that is signed and whose run works on its first wave: the first target is under way, the second not yet. */
async function running(): Promise<string> {
  const hash = await desk.ask(planned());
  await desk.press(hash, ana, 'approve');
  await desk.press(hash, member(2), 'approve');
  await desk.context.store.transact(async (tx) => {
    const { plan, signOff, version } = (await tx.plan(hash))!;
    await tx.saveSignOff({ ...signOff, begun: true }, version);
    const begun = advance(plan, waitingRun(plan, hash, desk.now, []), { type: 'begun', at: desk.now, dropped: [] });
    await tx.insertRun(advance(plan, begun, { type: 'intent', at: desk.now, targetId: '/t/0', callId: 'set' }));
  });
  return hash;
}

const statusOf = async (hash: string, target: string) =>
  (await desk.context.store.transact((tx) => tx.run(hash)))!.run.targets[target]?.status;

it('holds a machine out of every open plan and every run that has it, at once', async () => {
  const [waiting, other, under] = [await desk.ask(planned()), await desk.ask(planned()), await running()];
  const ids = await Promise.all([waiting, other, under].map(idOf));
  expect(await say(ana, t(1).toUpperCase())).toContain(`stays out of ${ids.join(', ')}.`);
  expect([await held(waiting), await held(other)]).toEqual([['/t/1'], ['/t/1']]);
  expect(await statusOf(under, '/t/1')).toBe('held');
  for (const hash of [waiting, other, under])
    expect((await desk.ledger(hash, 'hold')).map(({ actor, data }) => [actor?.name, data['target'], data['reason']])).toEqual([
      ['Person 1', t(1), 'the vendor upgrades it'],
    ]);
});

it('holds it out of the named plan only', async () => {
  const [first, second] = [await desk.ask(planned()), await desk.ask(planned())];
  await say(ana, t(1), 'upgrade', await idOf(second));
  expect([await held(first), await held(second)]).toEqual([[], ['/t/1']]);
});

it('tells the channel who held what, before and after the run began', async () => {
  const [waiting, under] = [await desk.ask(planned()), await running()];
  await say(ana, t(2));
  expect(await desk.outbox()).toEqual(expect.arrayContaining([`hold-news:${waiting}:2`, `hold-news:${under}:2`, `run:${under}`]));
  for (const hash of [waiting, under]) {
    const post = (await holdNews(desk.context, `${hash}:2`))!;
    expect(post.card?.summary).toContain(
      `${t(2)} stays out of ${await idOf(hash)} (Set passive mode), held by Person 1: the vendor upgrades it.`,
    );
    expect(post.mentions.map(({ name }) => name)).toEqual(['Person 9']);
  }
});

it('is the word of an owner for their own machine only, also in a run', async () => {
  const [waiting, under] = [await desk.ask(planned()), await running()];
  expect(await say(omar, t(1))).toContain(`You are neither an approver of ${t(1)} nor its owner.`);
  expect([await held(waiting), await statusOf(under, '/t/1')]).toEqual([[], 'planned']);
  const [first, second] = [await idOf(waiting), await idOf(under)];
  const answer = await say(omar, t(0));
  expect(answer).toContain(`${t(0)} stays out of ${first}.`);
  expect(answer).toContain(`Not in ${second}: ${t(0)} has begun already in ${second}.`);
  expect([await held(waiting), await statusOf(under, '/t/0')]).toEqual([['/t/0'], 'intent']);
});

it('is not the word of the requester, a stranger or a guest, and each try is recorded', async () => {
  const hash = await desk.ask(planned());
  for (const who of [priya, member(8), member(1, true)]) await say(who, t(1));
  expect(await held(hash)).toEqual([]);
  expect((await desk.ledger(hash, 'denied')).map(({ data }) => [data['code'], data['decision']])).toEqual([
    ['requester', 'hold'],
    ['not-holder', 'hold'],
    ['guest', 'hold'],
  ]);
});

it('says it again without recording it again', async () => {
  const [waiting, under] = [await desk.ask(planned()), await running()];
  const ids = `${await idOf(waiting)}, ${await idOf(under)}`;
  for (const _time of [1, 2]) expect(await say(ana, t(1))).toContain(`${t(1)} stays out of ${ids}.`);
  expect(await desk.ledger(waiting, 'hold')).toHaveLength(1);
  expect(await desk.ledger(under, 'hold')).toHaveLength(1);
});

it('needs a machine, a reason and a plan that has it', async () => {
  const hash = await desk.ask(planned());
  expect(await say(ana, '')).toContain('Which machine?');
  expect(await say(ana, t(1), ' ')).toContain('Holding a machine needs a reason.');
  expect(await say(ana, 't9')).toContain('No open plan and no run has t9.');
  expect(await say(ana, 't9', 'upgrade', await idOf(hash))).toContain('has no machine of that name.');
  expect(await say(ana, t(1), 'upgrade', 'GL-0999')).toContain('There is no plan GL-0999.');
  expect(await held(hash)).toEqual([]);
});

it('guesses at no machine when two have the name', async () => {
  const plan = planned();
  const hash = await desk.ask({
    ...plan,
    targets: plan.targets.map((target, index) => ({ ...target, name: index < 2 ? 'twin' : target.name })),
  });
  expect(await say(ana, 'twin')).toContain(`2 machines of ${await idOf(hash)} have that name.`);
  expect(await held(hash)).toEqual([]);
});

it('leaves a plan that has ended as it is', async () => {
  const hash = await desk.ask(planned());
  await desk.press(hash, ana, 'reject', { comment: 'not now' });
  expect(await say(ana, t(1), 'upgrade', await idOf(hash))).toContain('This plan was rejected');
  expect(await held(hash)).toEqual([]);
});
