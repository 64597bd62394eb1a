import { setTimeout as pause } from 'node:timers/promises';
import { unlawfulRequests } from '../support/lawful.ts';
import { type Boundary, boundaries } from './boundaries.ts';
import { CrashHouse } from './crash-house.ts';
import { engines } from './engines.ts';
import { fleetOf } from './servers.ts';
import type { Witness } from './witness.ts';

/** What is caught by looking may be missed by a moment: the run offers it again with each server. */
const TRIES = 6;
const SERVERS = 24;
const WAVE_SIZE = 3;

jest.setTimeout(240_000);

describe.each(engines)('a bot on the store %s that is killed', (engine) => {
  const house = new CrashHouse(fleetOf(SERVERS, 1, { size: WAVE_SIZE, concurrency: WAVE_SIZE }), { calm: true });
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
    await house.people.news(house.id('lukas'), new RegExp(` is complete: ${SERVERS} of ${SERVERS} proven`), 180);
    expect(await house.wrongs()).toEqual([]);
    expect(await unlawfulRequests(house.rehearsal)).toEqual([]);
  });

  /** Brings the bot to a boundary and kills it there. */
  async function caughtAt({ name, hold, act, until }: Boundary): Promise<{ witness: Witness; mark: number }> {
    const ledger = await house.runningEntries();
    const mark = ledger.length;
    const end = performance.now() + 120_000;
    if (hold) await house.rehearsal.fault(hold(house.rehearsal.ready, house.waves, ledger));
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
