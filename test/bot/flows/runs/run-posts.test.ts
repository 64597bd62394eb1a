import { stopRuns } from '../../../../bot/flows/runs/stop-run.ts';
import { MINUTE, SECOND } from '../../../../core/instant.ts';
import { prepareCluster } from '../../../services/store/engines.ts';
import { halfWay, planOf } from '../../../support/facts.ts';
import { member, RunWatch } from '../support/run-watch.ts';

jest.setTimeout(120_000);

let watch: RunWatch;
beforeAll(async () => {
  await prepareCluster();
  watch = await RunWatch.open();
});
beforeEach(() => {
  watch.channel.length = 0;
});
afterAll(() => watch.close());

const limits = { ...planOf(1).limits, concurrency: 6, stopAfterFailures: 5 };
const planned = halfWay(planOf(6, { limits }));
const oneWave = { ...planned, waves: [{ name: 'all', ring: 'canary', targetIds: planned.targets.map(({ id }) => id) }] };

describe('failures', () => {
  it('are told in the thread of the card, grouped by cause, each machine once', async () => {
    const held = await watch.signed(oneWave);
    const fates = { '/t/0': 'change-fails', '/t/1': 'change-fails', '/t/2': 'proof-mismatch' } as const;
    while (await watch.step(held, (id) => fates[id as keyof typeof fates] ?? 'good')) await watch.send();
    await watch.pass(60, 5);
    const [card] = await watch.card(held);
    const replies = watch.channel.filter(({ replyTo }) => replyTo === card?.id);
    expect(replies.every(({ edits }) => edits === null)).toBe(true);
    const words = replies.map((reply) => reply.words).join('\n');
    expect(words).toMatch(/2 ×, failed; brought back to safety: change-fails: t0, t1/);
    expect(words).toMatch(/1 ×, said done, but nothing changed; brought back to safety: proof-mismatch: t2/);
    for (const name of ['t0', 't1', 't2']) expect(words.split('\n').filter((line) => line.includes(name))).toHaveLength(1);
    expect(words).not.toMatch(/t[345]/);
  });

  it('come in one reply for all of a pacing interval, the first at once', async () => {
    const held = await watch.signed(oneWave);
    const replies = () => watch.posts(/did not make it/);
    while ((await watch.run(held)).run.targets['/t/0']?.safety !== 'restored') await watch.step(held, () => 'change-fails');
    await watch.tick();
    expect(replies()).toHaveLength(1);
    while ((await watch.run(held)).run.targets['/t/2']?.safety !== 'restored') await watch.step(held, () => 'change-fails');
    await watch.pass(14, 1);
    expect(replies()).toHaveLength(1);
    await watch.pass(1, 1);
    expect(replies().map(({ words }) => /(\d) machines? did not make it/.exec(words)?.[1])).toEqual(['1', '2']);
    await watch.pass(600, 60);
    expect(replies()).toHaveLength(2);
  });

  it('are told once by two bots, also after the end', async () => {
    const held = await watch.signed(oneWave);
    while (await watch.step(held, (id) => (id === '/t/0' ? 'change-fails' : 'good'))) await watch.send();
    await watch.tick();
    watch.now += 20 * SECOND;
    await watch.tick(watch.bot());
    expect(watch.posts(/did not make it/)).toHaveLength(1);
  });
});

describe('a machine that is not known to be safe', () => {
  it('is a new post at once that mentions the requester, the signers and the owners of today', async () => {
    const targets = oneWave.targets.map((target, index) => ({ ...target, owner: index === 0 ? 'team blue' : null }));
    const held = await watch.signed({ ...oneWave, targets });
    while ((await watch.run(held)).run.targets['/t/0']?.safety !== 'unsure') {
      await watch.step(held, (id) => (id === '/t/0' ? 'change-fails' : 'good'), 'proof-unread');
    }
    await watch.send();
    const [post, ...more] = watch.posts(/could not be brought back to safety by/);
    expect(more).toEqual([]);
    expect(post?.replyTo).toBeNull();
    expect(post?.words).toMatch(/NOT KNOWN TO BE SAFE: t0 could not be brought back to safety by GL-\d+: look at it now/);
    expect(post?.mentions.toSorted()).toEqual(['Person 1', 'Person 2', 'Person 4', 'Person 9']);
    await watch.pass(120, 30);
    expect(watch.posts(/could not be brought back to safety by/)).toHaveLength(1);
  });
});

describe('a run that goes no further', () => {
  it('is told of when somebody stops it: who, how many are under way, and how to go on', async () => {
    const held = await watch.signed(oneWave);
    for (let step = 0; step < 4; step += 1) await watch.step(held);
    await stopRuns(watch.context, held.plan.id, member(3));
    await watch.send();
    const [post] = watch.posts(/Person 3 stopped/);
    expect(post?.mentions.toSorted()).toEqual(['Person 1', 'Person 2', 'Person 9']);
    for (const part of ['3 machines under way', '3 are left untouched', `“resume ${held.plan.id}”`, `“undo ${held.plan.id}”`]) {
      expect(post?.words).toContain(part);
    }
    await watch.toItsEnd(held);
    await watch.pass(60, 15); // what failed is told of in its thread, a little later
    const [report] = watch.posts(/was stopped: 0 of 6 proven/);
    expect(report?.mentions.toSorted()).toEqual(['Person 1', 'Person 2', 'Person 9']);
    expect(report?.words).toContain(`Go on with “request the rest of ${held.plan.id}”`);
  });

  it('is told of when a rule stops it', async () => {
    const held = await watch.signed(oneWave);
    for (let step = 0; step < 2; step += 1) await watch.step(held);
    await watch.happens(held, { type: 'stop', at: watch.now, by: null, reason: 'the change window “nights” has ended' });
    await watch.send();
    expect(watch.posts(/stopped by its own rules: the change window “nights” has ended/)).toHaveLength(1);
  });

  it('is told of when too much failed while machines are under way, and only by its report when none is', async () => {
    const twoAtOnce = { ...oneWave, limits: { ...limits, stopAfterFailures: 1 } };
    const held = await watch.signed(twoAtOnce);
    await watch.step(held);
    const [first, second] = ['/t/0', '/t/1'];
    for (const targetId of [first, second])
      await watch.happens(held, { type: 'intent', at: watch.now, targetId: targetId!, callId: 'set' });
    await watch.happens(held, { type: 'settled', at: watch.now, targetId: first!, callId: 'set', result: 'refused', note: 'no' });
    await watch.send();
    expect(watch.posts(/begins nothing more: 1 machine failed/)).toHaveLength(1);
    await watch.toItsEnd(held);
    expect(watch.posts(/begins nothing more/)).toHaveLength(1);
    expect(watch.posts(new RegExp(`${held.plan.id} .* halted itself`))).toHaveLength(1);
    watch.channel.length = 0;
    const single = await watch.signed({ ...planned, limits: { ...limits, concurrency: 1, stopAfterFailures: 1 } });
    await watch.toItsEnd(single, () => 'refused');
    expect(watch.posts(/begins nothing more/)).toEqual([]);
    expect(watch.posts(/halted itself/)).toHaveLength(1);
  });

  it('mentions only the requester when all went well', async () => {
    const held = await watch.signed(oneWave);
    await watch.toItsEnd(held);
    await watch.pass((2 * MINUTE) / SECOND, 60);
    expect(watch.posts(/is complete: 6 of 6 proven/).map(({ mentions }) => mentions)).toEqual([['Person 9']]);
    expect(watch.posts(/stopped|did not make it|SAFE/)).toEqual([]);
  });
});
