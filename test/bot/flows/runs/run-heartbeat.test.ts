import { stopRuns } from '../../../../bot/flows/runs/stop-run.ts';
import { MINUTE, SECOND } from '../../../../core/instant.ts';
import { prepareCluster } from '../../../services/store/engines.ts';
import { halfWay, planOf } from '../../../support/facts.ts';
import type { Shown } from '../support/run-watch.ts';
import { member, RunWatch } from '../support/run-watch.ts';

jest.setTimeout(120_000);

let watch: RunWatch;
beforeAll(async () => {
  await prepareCluster();
});
beforeEach(async () => {
  watch = await RunWatch.open();
});
afterEach(() => watch.close());

const plan = planOf(12, { limits: { ...planOf(1).limits, stopAfterFailures: 9 } });
const gaps = (card: readonly Shown[]) => card.slice(1).map(({ at }, index) => at - card[index]!.at);
const newest = (card: readonly Shown[]) => card.at(-1)?.words ?? '';

describe('the living card of a run', () => {
  it('is edited at most every 15 s however much happens, and shows the newest state in the end', async () => {
    const held = await watch.signed(plan);
    for (let second = 0; second < 40; second += 1) {
      await watch.step(held);
      await watch.pass(1, 1);
    }
    const during = await watch.card(held);
    expect(during.length).toBeGreaterThanOrEqual(3);
    expect(Math.min(...gaps(during))).toBeGreaterThanOrEqual(15 * SECOND);
    await watch.pass(16, 1);
    const { run } = await watch.run(held);
    const proven = Object.values(run.targets).filter(({ status }) => status === 'verified').length;
    expect(proven).toBeGreaterThan(0);
    expect(newest(await watch.card(held))).toContain(`${proven} of 12 machines verified`);
    // One message an edit, not one an event.
    expect(await watch.asked(`run:${held.hash}`)).toBeLessThanOrEqual((await watch.card(held)).length + 1);
  });

  it('is edited at least every ten minutes while nothing happens, and not again once the run has ended', async () => {
    const held = await watch.signed(plan);
    await watch.step(held);
    await watch.pass(45 * 60, 30);
    const card = await watch.card(held);
    expect(Math.max(...gaps(card), watch.now - card.at(-1)!.at)).toBeLessThanOrEqual(10 * MINUTE);
    await watch.toItsEnd(held);
    const { length } = await watch.card(held);
    await watch.pass(30 * 60, 60);
    expect(await watch.card(held)).toHaveLength(length);
    expect(newest(await watch.card(held))).toContain('This run has ended.');
  });

  it('keeps what it promises: each edit comes by the time the one before it named', async () => {
    const held = await watch.signed(plan);
    await watch.step(held);
    await watch.pass(25 * 60, 60);
    const card = await watch.card(held);
    expect(card.length).toBeGreaterThan(2);
    for (const { words } of card) expect(words).toMatch(/next update by .* \(in 10 min\), later means Greenlight is down/);
  });

  it('shows a stop at once, whenever the last edit was', async () => {
    const held = await watch.signed(plan);
    await watch.step(held);
    await watch.step(held);
    await watch.pass(16, 16);
    await watch.step(held);
    await stopRuns(watch.context, null, member(3));
    await watch.send();
    expect(newest(await watch.card(held))).toContain('Stopped by Person 3');
    expect((await watch.card(held)).at(-1)?.at).toBe(watch.now);
  });

  it('shows the first machine that is not safe at once', async () => {
    const held = await watch.signed(halfWay(plan));
    for (let step = 0; step < 8; step += 1) await watch.step(held, (id) => (id === '/t/0' ? 'change-fails' : 'good'), 'proof-unread');
    await watch.send();
    expect((await watch.run(held)).run.targets['/t/0']?.safety).toBe('unsure');
    expect(newest(await watch.card(held))).toContain('NOT KNOWN TO BE SAFE: look at it now:\n- t0:');
  });

  it('is made up for after a restart, also where the message was lost', async () => {
    const held = await watch.signed(plan);
    await watch.step(held);
    await watch.step(held);
    await watch.pass(16, 16);
    await watch.step(held);
    await stopRuns(watch.context, null, member(3));
    await watch.lose();
    expect(newest(await watch.card(held))).not.toContain('Stopped');
    await watch.tick(watch.bot());
    expect(newest(await watch.card(held))).toContain('Stopped by Person 3');
  });

  it('is not edited by a second bot while the first one’s edit is under way', async () => {
    const held = await watch.signed(plan);
    await watch.step(held);
    watch.now += 20 * SECOND;
    const arrival = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    watch.slow = { arrived: arrival.resolve, answered: answer.promise };
    const first = watch.tick();
    await arrival.promise;
    watch.now += SECOND;
    await watch.step(held);
    await watch.tick(watch.bot());
    answer.resolve();
    await first;
    expect(gaps(await watch.card(held))).toEqual([20 * SECOND]);
    await watch.pass(16, 1);
    expect(gaps(await watch.card(held))).toEqual([20 * SECOND, 16 * SECOND]);
  });
});
