import { createTidyRuns } from '../../../../bot/flows/runs/tidy-runs.ts';
import type { Store } from '../../../../core/ports.ts';
import { RunWorld, type Signed } from '../support/run-world.ts';

jest.setTimeout(240_000);

const DAY = RunWorld.DAY;

// One estate for all of them: each works on machines of its own, and leaves nothing to tidy.
let world: RunWorld;
beforeAll(async () => {
  world = await RunWorld.start();
});
afterEach(async () => {
  world.send = null;
  world.freezes = [];
  await world.clearFaults();
  world.wait(DAY);
  await world.tidyFor(120);
  expect(await tidied()).toBe(true);
});
afterAll(() => world.end());

const probe = (machine: string) => world.signed('probe-machines', { machine });
const tidied = async () => (await world.context.store.transact((tx) => tx.untidiedRuns())).length === 0;

/** A run command that is none of ours, and has come to its end. */
async function somebodyElses(machine: string, name: string): Promise<void> {
  const path = `${(await world.machine(machine)).id}/runCommands/${name}?api-version=2024-11-01`;
  const body = { location: 'westeurope', properties: { source: { script: 'hostname' } } };
  expect((await world.outside.arm('PUT', path, { identity: 'writer', body })).status).toBe(201);
  world.wait(30);
}

function deletionsOn(machine: string): readonly string[] {
  return world.deletions().filter((path) => path.includes(`/${machine}/`));
}

async function journal({ hash }: Signed) {
  const lines = await world.context.store.transact((tx) => tx.journal(hash));
  return lines.map(({ callId, outcome }) => `${callId} ${outcome}`);
}

describe('after a run that was proven', () => {
  it('no run command of it is left on any machine, and the record says what was deleted', async () => {
    const plan = await world.signed('set-passive-mode', { ring: 'canary' });
    expect((await world.runToEnd(plan)).verdict).toBe('complete');
    const names = plan.plan.targets.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(2);
    for (const name of names) expect(await world.commandsOn(name)).toHaveLength(2);
    await world.tidyFor(180);
    for (const name of names) expect(await world.commandsOn(name)).toEqual([]);
    // What it did stays.
    for (const name of names) expect((await world.machine(name)).guest.passiveKey).toBe(1);
    const ids = plan.plan.targets.map(({ id }) => id);
    const count = 2 * ids.length;
    expect(await world.ledger(plan.hash)).toEqual([
      { plan: plan.plan.id, count, targets: ids },
      { plan: plan.plan.id, deleted: count, left: 0 },
    ]);
    expect(await tidied()).toBe(true);
  });

  it('thirty probes of one machine, one after the other, all come to their end', async () => {
    for (let nth = 1; nth <= 30; nth += 1) {
      const run = await world.runToEnd(await probe('srv-app-01'));
      expect([nth, run.verdict]).toEqual([nth, 'complete']);
      await world.tidyFor(60, 30);
    }
    expect(await world.commandsOn('srv-app-01')).toEqual([]);
  });

  it('run commands of other people stay', async () => {
    await somebodyElses('srv-app-02', 'theirs');
    await world.runToEnd(await probe('srv-app-02'));
    await world.tidyFor(60);
    expect(await world.commandsOn('srv-app-02')).toEqual(['theirs']);
  });
});

describe('what may explain a failure stays for a day', () => {
  it('on a machine that could not be proven, with everything the run left there', async () => {
    const name = 'srv-liar-01';
    const plan = await world.signed('set-passive-mode', { machine: name });
    expect((await world.runToEnd(plan)).verdict).not.toBe('complete');
    const left = await world.commandsOn(name);
    expect(left.length).toBeGreaterThan(1);
    await world.tidyFor(600, 60);
    expect(await world.commandsOn(name)).toEqual(left);
    world.wait(DAY);
    await world.tidyFor(120);
    expect(await world.commandsOn(name)).toEqual([]);
    expect(await tidied()).toBe(true);
  });
});

describe('tidying', () => {
  it('waits for the end of the run', async () => {
    const plan = await probe('srv-hr-01');
    await world.tidyFor(120);
    await world.runToEnd(plan);
    expect(deletionsOn('srv-hr-01')).toEqual([]);
    expect(await world.commandsOn('srv-hr-01')).toHaveLength(1);
  });

  it('waits while changes are frozen', async () => {
    await world.runToEnd(await probe('srv-hr-02'));
    const now = world.outside.clock.now();
    world.freezes = [{ from: now, until: now + 3_600_000, reason: 'year-end' }];
    await world.tidyFor(1_800, 60);
    expect(deletionsOn('srv-hr-02')).toEqual([]);
    world.wait(3_600);
    await world.tidyFor(60);
    expect(await world.commandsOn('srv-hr-02')).toEqual([]);
  });

  it('that was announced and cut off before it was sent is finished by the next process, and announced once', async () => {
    const plan = await probe('srv-web-02');
    await world.runToEnd(plan);
    world.send = () => Promise.reject(new Error('the power fails'));
    await expect(world.tidier()()).rejects.toThrow('the power fails');
    expect(await journal(plan)).toEqual(['probe settled', 'probe-tidy open']);
    expect(deletionsOn('srv-web-02')).toEqual([]);
    world.send = null;
    await world.tidyFor(60, 15, world.tidier('the next process'));
    expect(await world.commandsOn('srv-web-02')).toEqual([]);
    expect(await journal(plan)).toEqual(['probe settled', 'probe-tidy settled']);
    expect((await world.ledger(plan.hash)).filter(({ targets }) => targets)).toHaveLength(1);
  });

  it('announces and sends nothing when another instance has taken the run over', async () => {
    const plan = await probe('srv-web-03');
    await world.runToEnd(plan);
    const { store } = world.context;
    let transactions = 0;
    const overtaken: Store = {
      ...store,
      async transact(work) {
        const result = await store.transact(work);
        transactions += 1;
        // Its second one claims the run. At once the lease is over, and another has it.
        if (transactions === 2) while ((await store.transact((tx) => tx.claimRun(plan.hash, 'another'))) === null);
        return result;
      },
    };
    await createTidyRuns({ ...world.context, store: overtaken }, 'one')();
    expect(await journal(plan)).toEqual(['probe settled']);
    expect(await world.ledger(plan.hash)).toEqual([]);
    expect(deletionsOn('srv-web-03')).toEqual([]);
  });

  it.each([
    ['was throttled', { status: 429, retryAfter: 20 }],
    ['met a 500', { status: 500 }],
    ['was cut off after it took effect', { reset: true, after: true }],
  ])('is tried again when a deletion %s', async (_how, fault) => {
    const plan = await probe('srv-sql-01');
    await world.runToEnd(plan);
    await world.fault({ match: { server: 'azure', method: 'DELETE' }, fault, times: 2 });
    await world.tidyFor(600, 15);
    expect(await world.commandsOn('srv-sql-01')).toEqual([]);
    expect(await world.ledger(plan.hash)).toContainEqual({ plan: plan.plan.id, deleted: 1, left: 0 });
  });

  it('is given up after a day, with a line in the log, and the record says what is left', async () => {
    const plan = await probe('srv-sql-02');
    await world.runToEnd(plan);
    await world.fault({ match: { server: 'azure', method: 'DELETE' }, fault: { status: 403, code: 'AuthorizationFailed' } });
    await world.tidyFor(DAY + 7_200, 1_800);
    expect(await world.commandsOn('srv-sql-02')).toHaveLength(1);
    expect(await world.ledger(plan.hash)).toContainEqual({ plan: plan.plan.id, deleted: 0, left: 1 });
    const lines = world.logged.filter((line) => line.startsWith('tidying up after a run'));
    expect(lines).toEqual([expect.stringContaining('may not change')]);
  });
});

it('a machine whose run commands are all in use by others says so, and what mends it', async () => {
  for (let slot = 1; slot <= 25; slot += 1) await somebodyElses('srv-sql-03', `theirs-${slot}`);
  const run = await world.runToEnd(await probe('srv-sql-03'));
  const [progress] = Object.values(run.targets);
  expect(progress?.status).toBe('failed');
  expect(progress?.note).toContain('srv-sql-03 holds as many run commands as Azure allows');
  expect(progress?.note).toContain('Delete those on srv-sql-03 that nobody needs');
});
