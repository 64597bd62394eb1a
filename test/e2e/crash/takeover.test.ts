import { setTimeout as pause } from 'node:timers/promises';
import type { PostedPlan } from '../support/conversation.ts';
import type { Rehearsal } from '../support/rehearsal.ts';
import { CrashHouse } from './crash-house.ts';
import { hasServer } from './engines.ts';
import { fleetOf } from './servers.ts';
import { changeOf, type Witness } from './witness.ts';

const SERVERS = 24;
/** One that stands still in the middle of a transaction holds its row until the server ends its session, a minute later. */
const TAKEOVER_SECONDS = 120;

jest.setTimeout(300_000);

(hasServer ? describe : describe.skip)('two bots on one PostgreSQL', () => {
  const house = new CrashHouse(fleetOf(SERVERS, 3, { size: 6, concurrency: 3 }), { calm: true });
  let other: Rehearsal;
  let plan: PostedPlan;
  beforeAll(async () => {
    await house.open('PostgreSQL');
    plan = await house.request();
    for (const name of ['ingrid', 'jonas']) await house.sign(name, plan);
    await house.rehearsal.until('the first change', async () => changes(await house.witness()) > 0);
    other = await house.second();
  });
  afterAll(async () => {
    await other?.stop();
    await house.close();
  });

  it('leave a run to the one that took it over, though the one that stood still comes back', async () => {
    house.rehearsal.freeze(true);
    const before = await settled();
    await other.until('the other one’s first change', async () => changes(await house.witness()) > Number(before[0]), TAKEOVER_SECONDS);

    // Now only the one that lost the run is awake, and the lease of the other one lasts.
    other.freeze(true);
    const { fence } = await house.lease();
    const base = await settled();
    house.rehearsal.freeze(false);
    let looks = 0;
    for (;;) {
      const seen = ofRun(await house.witness());
      const lease = await house.lease();
      if (lease.fence !== fence || !lease.lasts) break;
      expect(seen).toEqual(base);
      looks += 1;
    }
    expect(looks).toBeGreaterThan(0);
  });

  it('bring a run to its end when one of them is killed in the middle of it', async () => {
    await house.rehearsal.until('the lease of the first one', async () => (await house.lease()).lasts, TAKEOVER_SECONDS);
    const { fence } = await house.lease();
    await house.kill();
    const before = await settled();
    other.freeze(false);
    await house.people.news(house.id('lukas'), new RegExp(`${plan.id} \\(.* is complete: ${SERVERS} of ${SERVERS} proven`), 180);
    expect(changes(await house.witness())).toBeGreaterThan(Number(before[0]));
    expect((await house.lease()).fence).toBeGreaterThan(fence);
  });

  it('leave one history, in which nothing happened twice', async () => {
    expect(await house.wrongs()).toEqual([]);
  });

  /** What both had done when they stood still, once nothing of it is on its way any more. */
  async function settled(): Promise<readonly number[]> {
    for (let last = ofRun(await house.witness()); ; ) {
      await pause(500);
      const next = ofRun(await house.witness());
      if (next.every((count, index) => count === last[index])) return next;
      last = next;
    }
  }
});

const changes = ({ log }: Witness) => log.filter((request) => changeOf(request) !== null).length;

/** Changes sent, and what the ledger says of the run. */
function ofRun(witness: Witness): readonly number[] {
  const kinds = ['intent', 'outcome', 'proof', 'run-ended'];
  return [changes(witness), ...kinds.map((kind) => witness.ledger.filter((entry) => entry.kind === kind).length)];
}
