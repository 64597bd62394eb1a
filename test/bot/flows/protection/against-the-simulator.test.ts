import { tellGaps } from '../../../../bot/flows/protection/tell-gaps.ts';
import { watchProtection } from '../../../../bot/flows/protection/watch-protection.ts';
import type { GapRecord } from '../../../../core/gap-record.ts';
import type { GapCondition } from '../../../../core/protection-gap.ts';
import { gapLength } from '../../../../core/protection-gap.ts';
import type { Json } from '../../../simulator/started-outside.ts';
import { RunWorld } from '../support/run-world.ts';

jest.setTimeout(600_000);

/** What the machines of the ring really went through: a time in which two engines were active, or none. */
interface Stretch {
  readonly machineId: string;
  readonly condition: GapCondition;
  /** Null where it was so from the beginning. */
  readonly from: number | null;
  /** Null while it goes on. */
  readonly to: number | null;
}

const CONDITIONS: Readonly<Record<string, GapCondition>> = { none: 'none-active', both: 'both-active' };

let world: RunWorld;
beforeAll(async () => {
  world = await RunWorld.start();
});
afterAll(() => world.end());

const change = async (body: object) => {
  const answer = await world.outside.door('POST', '/_estate', body);
  expect(answer.status).toBe(200);
};
const act = (machine: string, name: string, more: object = {}) => change({ do: [{ machine, act: name, ...more }] });
const machines = async (): Promise<readonly Json[]> => (await world.outside.door('GET', '/_estate')).body.machines;

/** Probes the ring. When it began and when all of it was read. */
async function probe(): Promise<readonly [from: number, until: number]> {
  const from = world.outside.clock.now();
  const signed = await world.signed('probe-machines', { ring: 'canary' });
  await world.runToEnd(signed);
  await watchProtection(world.context);
  const until = world.outside.clock.now();
  world.wait(600);
  return [from, until];
}

function stretchesOf(machine: Json): readonly Stretch[] {
  const turns = machine['history'] as readonly { at: string; from: string; to: string }[];
  const machineId = String(machine['id']).toLowerCase();
  const states = turns.length === 0 ? [{ state: machine['protection'] as string, from: null, to: null }] : [];
  for (const [index, { at, from, to }] of turns.entries()) {
    if (index === 0) states.push({ state: from, from: null, to: Date.parse(at) } as never);
    const next = turns[index + 1];
    states.push({ state: to, from: Date.parse(at), to: next ? Date.parse(next.at) : null } as never);
  }
  return states.flatMap(({ state, from, to }) => {
    const condition = CONDITIONS[state];
    return condition === undefined ? [] : [{ machineId, condition, from, to }];
  });
}

const overlaps = (gap: GapRecord, stretch: Stretch) =>
  gap.machineId === stretch.machineId &&
  gap.condition === stretch.condition &&
  gap.firstBad >= (stretch.from ?? 0) &&
  gap.lastBad <= (stretch.to ?? Infinity);

it('finds every gap that a probe could see, no other one, and each within its range', async () => {
  const ring = (await machines()).filter((machine) => machine['tags']['ring'] === 'canary' && machine['protection'] !== 'unknown');
  const names = ring.map((machine) => String(machine['name']));
  expect(names.length).toBeGreaterThan(1);
  const [first, second] = names as [string, string];
  const product = (name: string) => ring.find((machine) => machine['name'] === name)!['guest'].thirdParty[0].vendor as string;

  const looks = [await probe()];
  await act(first, 'stop-product', { product: product(first) });
  world.wait(900);
  looks.push(await probe());
  await change({ machines: [{ name: second, guest: { onboarded: false, defender: { disabledByPolicy: false } } }] });
  looks.push(await probe());
  await act(first, 'start-product', { product: product(first) });
  world.wait(300);
  looks.push(await probe());
  await act(second, 'stop-product', { product: product(second) });
  looks.push(await probe());
  await act(first, 'remove-product', { product: product(first) });
  looks.push(await probe());

  const inRing = (await machines()).filter((machine) => names.includes(String(machine['name'])));
  const stretches = inRing.flatMap(stretchesOf);
  const gaps = await world.context.store.transact((tx) => tx.gaps({ of: 'span', from: 0, to: Number.MAX_SAFE_INTEGER }));
  const ofRing = gaps.filter(({ machineId }) => inRing.some((machine) => String(machine['id']).toLowerCase() === machineId));
  expect(new Set(ofRing.map(({ condition }) => condition))).toEqual(new Set(['none-active', 'both-active']));
  expect(ofRing.some(({ ended }) => ended === 'good')).toBe(true);

  for (const gap of ofRing) {
    const truth = stretches.filter((stretch) => overlaps(gap, stretch));
    expect(truth).toHaveLength(1);
    const [{ from, to }] = truth as [Stretch];
    if (gap.lastGood !== null) expect(gap.lastGood).toBeLessThanOrEqual(from!);
    expect(gap.lastGood === null).toBe(from === null || from < looks[0]![0]);
    if (gap.firstGood !== null) expect(gap.firstGood).toBeGreaterThanOrEqual(to!);
    expect(gap.ended === null).toBe(to === null);
    const { atLeast, atMost } = gapLength(gap);
    const really = (to ?? world.outside.clock.now()) - (from ?? 0);
    expect(atLeast).toBeLessThanOrEqual(really);
    if (atMost !== null) expect(atMost).toBeGreaterThanOrEqual(really);
  }
  for (const stretch of stretches) {
    const seen = looks.some(([from, until]) => from >= (stretch.from ?? 0) && until <= (stretch.to ?? Infinity));
    expect(ofRing.filter((gap) => overlaps(gap, stretch))).toHaveLength(seen ? 1 : 0);
  }
  await tellGaps(world.context);
  const untold = await world.context.store.transact((tx) => tx.untoldGaps());
  expect(untold).toEqual([]);
});
