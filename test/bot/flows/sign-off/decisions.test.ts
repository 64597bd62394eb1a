import { createCollecting } from '../../../../bot/flows/collect-evidence.ts';
import type { Context } from '../../../../bot/flows/context.ts';
import { requestAction } from '../../../../bot/flows/requests/request-action.ts';
import { requestClosePhase } from '../../../../bot/flows/requests/request-close-phase.ts';
import { requestWaiver } from '../../../../bot/flows/requests/request-waiver.ts';
import { beginRuns } from '../../../../bot/flows/runs/begin-runs.ts';
import { createRepeatStanding } from '../../../../bot/flows/runs/repeat-standing.ts';
import { stopRuns } from '../../../../bot/flows/runs/stop-run.ts';
import { loadSnapshot } from '../../../../bot/flows/snapshot.ts';
import type { Evidence, EvidenceOf } from '../../../../core/evidence.ts';
import { read } from '../../../../core/evidence.ts';
import { DAY, HOUR, MINUTE } from '../../../../core/instant.ts';
import type { MachineFacts } from '../../../../core/machine.ts';
import type { PlanRecord } from '../../../../core/ports.ts';
import { judge, step } from '../../../../core/step.ts';
import { probeMachines } from '../../../../playbook/actions/probe-machines.ts';
import { prepareCluster } from '../../../services/store/engines.ts';
import { machineFacts } from '../../../support/facts.ts';
import type { FlowBot, WorldStore } from '../support/flow-world.ts';
import { FlowWorld, member, openWorldStore } from '../support/flow-world.ts';
import { migrationText } from '../support/migration-text.ts';

jest.setTimeout(60_000);

const tagged = step({
  id: 'tagged',
  phase: 'prepare',
  title: 'It is tagged',
  why: '',
  link: '',
  subject: 'machine',
  needs: ['machine'],
  owner: 'server owner',
  check: ({ machine }) =>
    machine.tags['ready'] === 'yes'
      ? { verdict: 'ready', because: 'it is tagged' }
      : { verdict: 'not-ready', code: 'untagged', because: 'the tag is missing', fix: 'Tag it.' },
});

describe('decisions that people sign', () => {
  let opened: WorldStore;
  let world: FlowWorld;
  let bot: FlowBot;
  let context: Context;
  let machines: MachineFacts[];

  beforeAll(prepareCluster);
  const sample = () => [1, 2].map((n) => machineFacts({ id: `/m/${n}`, name: `srv-${n}`, tags: { ring: 'canary', ready: 'yes' } }));

  async function start(): Promise<void> {
    opened = await openWorldStore(null);
    world = new FlowWorld(opened);
    world.actions = [probeMachines];
    world.write(migrationText());
    bot = await world.bot();
    await bot.tick();
    machines = sample();
    const collector = async () => {
      const subjects: Record<string, Evidence<EvidenceOf['machine']>> = {};
      for (const facts of machines) subjects[facts.id] = read(facts, 'test', world.now);
      return { kind: 'machine' as const, source: 'test', collectedAt: world.now, subjects, failure: null };
    };
    context = Object.assign(bot.context, {
      steps: [tagged],
      collectors: { machine: collector } as Partial<Context['collectors']>,
    }) as Context;
  }
  async function end(): Promise<void> {
    world.remove();
    await opened.remove();
  }

  const collect = () => createCollecting(context, 'test').collect();
  const close = (ring: string | null = 'canary') =>
    requestClosePhase(context, collect, { phase: 'prepare', ring, person: member(9), ticket: null });
  const ask = (over: object = {}) =>
    requestWaiver(context, collect, {
      machine: 'srv-2',
      step: 'tagged',
      to: '2026-12-31',
      reason: 'the vendor forbids it',
      ticket: null,
      person: member(9),
      ...over,
    });
  const open = () => context.store.transact((tx) => tx.openPlans());
  async function sign({ hash }: PlanRecord): Promise<void> {
    await bot.approve(hash, 1);
    await bot.approve(hash, 2);
    world.now += 3 * MINUTE;
    await beginRuns(context);
    await bot.send();
  }
  const untag = () => (machines[1] = { ...machines[1]!, tags: { ring: 'canary' } });

  describe('what is refused', () => {
    beforeAll(start);
    beforeEach(() => (machines = sample()));
    afterAll(end);

    it.each<[string, () => void, RegExp]>([
      ['something is not ready', untag, /1 not ready.*srv-2: the tag is missing/s],
      ['nothing is in the ring', () => (machines = [machineFacts({ tags: {} })]), /no machine in ring canary/],
    ])('does not ask to close it while %s', async (_what, change, words) => {
      change();
      expect((await close()).text).toMatch(words);
      expect(await open()).toEqual([]);
    });

    it('asks for one ring, and for the phases in their order', async () => {
      expect((await close(null)).text).toMatch(/closed for one ring/);
      const onboard = await requestClosePhase(context, collect, { phase: 'onboard', ring: 'canary', person: member(9), ticket: null });
      expect(onboard.text).toMatch(/Prepare is still open/);
    });

    it.each<[string, object, RegExp]>([
      ['without a reason', { reason: null }, /names one machine/],
      ['without an end', { to: null }, /names one machine/],
      ['with a day there is none of', { to: '2026-13-77' }, /names one machine/],
      ['with an end that is past', { to: '2026-01-31' }, /day to come/],
      ['for more than a year', { to: '2028-01-31' }, /day to come/],
      ['for a machine nobody knows', { machine: 'srv-9' }, /which machine/],
      ['where it is ready already', { machine: 'srv-1' }, /ready/],
      ['by a guest', { person: member(9, { isGuest: true }) }, /Guests/],
    ])('asks for no waiver %s', async (_what, over, words) => {
      untag();
      expect((await ask(over)).text).toMatch(words);
      expect(await open()).toEqual([]);
    });
  });

  async function standing(): Promise<PlanRecord> {
    const request = { action: 'probe-machines', scope: { ring: 'canary' }, person: member(9), ticket: null };
    await requestAction(context, collect, { ...request, standing: { everyMinutes: 360, until: world.now + 2 * DAY } });
    const [record] = await open();
    await sign(record!);
    return record!;
  }
  const repeat = async () => {
    await createRepeatStanding(context, collect)();
    return context.store.transact((tx) => tx.latestRuns(10));
  };
  const finish = async () => {
    for (const { run } of await context.store.transact((tx) => tx.openRuns())) await stopRuns(context, planOf(run.planHash), member(9));
  };
  const names = new Map<string, string>();
  const planOf = (hash: string) => names.get(hash) ?? 'GL-9999';
  async function remember(): Promise<void> {
    for (const { run } of await context.store.transact((tx) => tx.latestRuns(10))) {
      const record = await context.store.transact((tx) => tx.plan(run.planHash));
      names.set(run.planHash, record!.plan.id);
    }
  }

  describe('what is signed', () => {
    beforeEach(start);
    afterEach(end);

    it('closes a phase for a ring once it is signed, and says so', async () => {
      await close();
      const [record] = await open();
      expect(record!.plan).toMatchObject({
        action: 'close-phase',
        decides: { kind: 'close-phase', phase: 'prepare', ring: 'canary' },
        targets: [],
      });
      expect((await loadSnapshot(context)).gates).toEqual([]);
      await sign(record!);
      expect((await loadSnapshot(context)).gates).toMatchObject([{ phase: 'prepare', ring: 'canary', plan: record!.plan.id }]);
      expect(world.posts.at(-1)?.words).toMatch(/is in force/);
      expect(await open()).toEqual([]);
      expect((await close()).text).toMatch(/is closed for ring canary already/);
    });

    it('does not close what is no longer done when the signature takes effect', async () => {
      await close();
      const [record] = await open();
      untag();
      await collect();
      await sign(record!);
      expect((await loadSnapshot(context)).gates).toEqual([]);
      expect(world.posts.at(-1)?.words).toMatch(/did not take effect/);
    });

    it('names in the plan what the phase is closed on, and rests on nothing that came later', async () => {
      untag();
      await ask();
      await sign((await open())[0]!);
      await close();
      const [record] = await open();
      expect(record!.plan).toMatchObject({
        blastRadius: '2 machines in ring canary, 1 ready, 1 waived, by 1 waiver',
        decides: { closing: { subjects: ['/m/1', '/m/2'], steps: ['tagged'], waivers: [{ name: 'srv-2', plan: 'GL-0001' }] } },
      });
      machines.push(machineFacts({ id: '/m/3', name: 'srv-3', tags: { ring: 'canary', ready: 'yes' } }));
      await collect();
      await sign(record!);
      expect((await loadSnapshot(context)).gates).toEqual([]);
      expect(world.posts.at(-1)?.words).toMatch(/did not take effect.*not there when it was asked for: srv-3/s);
    });

    it('is asked for anew in place of the request that waits, also when the ring has changed meanwhile', async () => {
      await close();
      machines.push(machineFacts({ id: '/m/3', name: 'srv-3', tags: { ring: 'canary', ready: 'yes' } }));
      await close();
      expect((await open()).map(({ plan }) => plan.id)).toEqual(['GL-0002']);
    });

    it('waives one step of one machine, until its last day is over', async () => {
      untag();
      await ask();
      const [record] = await open();
      await sign(record!);
      const snapshot = await loadSnapshot(context);
      const machine = snapshot.machines.find(({ name }) => name === 'srv-2')!;
      expect(judge(tagged, machine, snapshot, world.now).verdict).toBe('waived');
      const lastMinute = Date.UTC(2026, 11, 31, 22, 59); // Copenhagen is an hour ahead
      const later = { ...snapshot, evidence: { machine: { [machine.id]: read(machine.facts, 'test', lastMinute) } } };
      expect(judge(tagged, machine, later, lastMinute).verdict).toBe('waived');
      expect(judge(tagged, machine, later, lastMinute + MINUTE).verdict).toBe('not-ready');
      await close();
      expect(await open()).toHaveLength(1);
    });

    it('repeats a signed probe at its cadence, each time as a run of its own, over the machines that are there then', async () => {
      const parent = await standing();
      expect(await repeat()).toHaveLength(1);
      expect(await repeat()).toHaveLength(1); // not due again
      await remember();
      await finish();
      world.now += 6 * HOUR;
      machines.push(machineFacts({ id: '/m/3', name: 'srv-3' }));
      const runs = await repeat();
      expect(runs.map(({ run }) => Object.keys(run.targets).length)).toEqual([3, 2]);
      const child = await context.store.transact((tx) => tx.plan(runs[0]!.run.planHash));
      expect(child).toMatchObject({
        plan: { follows: { hash: parent.hash, how: 'standing' } },
        signOff: { state: 'approved', begun: true },
      });
    });

    it('is replaced by a later request for the same while it waits, and by no other', async () => {
      untag();
      await ask();
      await ask({ reason: 'it is patched by hand' });
      await ask({ reason: 'it is patched by hand' });
      await bot.send();
      const [first, later] = await open();
      expect([first!.plan.id, later!.plan.id, (await open()).length]).toEqual(['GL-0001', 'GL-0003', 2]);
      const replaced = await context.store.transact((tx) => tx.planNamed('GL-0002'));
      expect(replaced!.signOff).toMatchObject({ state: 'superseded', ended: { replacedBy: 'GL-0003' } });
      expect(world.posts.map(({ words }) => words)).toContainEqual(
        expect.stringMatching(/GL-0002 .*is void: the same was requested once more/),
      );
    });

    it('says nothing of a run of it that goes well, and tells of one that does not', async () => {
      await standing();
      await repeat();
      const before = world.posts.length;
      await remember();
      await finish();
      await bot.send();
      expect(world.posts.slice(before).map(({ words }) => words)).toEqual([
        expect.stringMatching(/Run of GL-0002/),
        expect.stringMatching(/was stopped/),
      ]);
      world.now += 6 * HOUR;
      await repeat();
      await bot.send();
      expect(world.posts.slice(before + 2)).toEqual([]);
    });

    it('never has two runs of one standing sign-off at a time', async () => {
      await standing();
      await repeat();
      world.now += 6 * HOUR;
      expect(await repeat()).toHaveLength(1);
    });

    it('ends by anybody’s stop, together with its run', async () => {
      const parent = await standing();
      await repeat();
      await stopRuns(context, parent.plan.id, member(3));
      expect(await context.store.transact((tx) => tx.openRuns())).toEqual([]);
      world.now += 6 * HOUR;
      expect(await repeat()).toHaveLength(1);
      expect((await bot.plan(parent.hash)).signOff.state).toBe('withdrawn');
    });

    it('ends when its time is over', async () => {
      const parent = await standing();
      world.now += 3 * DAY;
      await bot.tick();
      expect((await bot.plan(parent.hash)).signOff).toMatchObject({ state: 'expired', ended: { reason: 'its time is over' } });
      expect(await repeat()).toEqual([]);
    });

    it('ends when somebody who signed is no longer listed', async () => {
      const parent = await standing();
      const { migration } = context;
      const fewer = { ...migration, approvers: migration.approvers.slice(1) };
      const alone = Object.defineProperty({ ...context }, 'migration', { value: fewer });
      await createRepeatStanding(alone, collect)();
      expect((await bot.plan(parent.hash)).signOff.state).toBe('superseded');
    });
  });
});
