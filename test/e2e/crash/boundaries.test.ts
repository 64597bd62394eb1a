import { setTimeout as pause } from 'node:timers/promises';
import { unlawfulRequests } from '../support/lawful.ts';
import { type Boundary, boundaries, WAVE_SIZE } from './boundaries.ts';
import { CrashHouse } from './crash-house.ts';
import { engines } from './engines.ts';
import { fleetOf } from './servers.ts';
import type { Witness } from './witness.ts';

/** What is caught by looking may be missed by a moment: the run offers it again with each server. */
const TRIES = 6;

jest.setTimeout(240_000);

describe.each(engines)('a bot on the store %s that is killed', (engine) => {
  const house = new CrashHouse(fleetOf(16, 1, { size: WAVE_SIZE, concurrency: WAVE_SIZE }), { calm: true });
  beforeAll(() => house.open(engine));
  afterAll(() => house.close());

  it.each(boundaries)('right after: $name', async (boundary) => {
    let hit = false;
    for (let attempt = 1; attempt <= TRIES && !hit; attempt += 1) {
      const { witness, mark } = await caughtAt(boundary);
      hit = boundary.hit(witness, mark);
      await house.restart();
    }
    expect(hit).toBe(true);
  });

  it('came to the announced end of its run, with every server changed once', async () => {
    await house.people.news(house.id('lukas'), / is complete: 16 of 16 proven/, 120);
    expect(await house.wrongs()).toEqual([]);
    expect(await unlawfulRequests(house.rehearsal)).toEqual([]);
  });

  /** Brings the bot to a boundary and kills it there. */
  async function caughtAt({ name, hold, holdWhen, act, until }: Boundary): Promise<{ witness: Witness; mark: number }> {
    const mark = (await house.runningEntries()).length;
    const end = performance.now() + 120_000;
    while (holdWhen && !holdWhen(await house.runningEntries()) && performance.now() < end) await pause(10);
    if (hold) await house.rehearsal.fault(hold(house.rehearsal.ready));
    const acting = act?.(house).catch(() => undefined);
    while (!(until(await house.runningEntries(), mark) && (hold === null || (await isHeld())))) {
      if (performance.now() > end) throw new Error(`never came to: ${name}\n${house.rehearsal.errors.slice(-2_000)}`);
      await pause(10);
    }
    await house.kill();
    await acting;
    const witness = await house.witness();
    await house.rehearsal.clearFaults();
    return { witness, mark };
  }

  async function isHeld(): Promise<boolean> {
    return (await house.rehearsal.faults()).some(({ hits }) => hits > 0);
  }
});
