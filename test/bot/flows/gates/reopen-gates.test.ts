import type { Context } from '../../../../bot/flows/context.ts';
import { createWatchGates, reopenGates } from '../../../../bot/flows/gates/reopen-gates.ts';
import { requestClosePhase } from '../../../../bot/flows/requests/request-close-phase.ts';
import { requestWaiver } from '../../../../bot/flows/requests/request-waiver.ts';
import { beginRuns } from '../../../../bot/flows/runs/begin-runs.ts';
import { loadSnapshot } from '../../../../bot/flows/snapshot.ts';
import { hostileNames } from '../../../../cards/samples.ts';
import type { Evidence, EvidenceOf } from '../../../../core/evidence.ts';
import { read, unread } from '../../../../core/evidence.ts';
import { openPhase } from '../../../../core/gate.ts';
import { DAY, HOUR, MINUTE } from '../../../../core/instant.ts';
import type { PlanRecord } from '../../../../core/ports.ts';
import { step } from '../../../../core/step.ts';
import { prepareCluster } from '../../../services/store/engines.ts';
import { machineFacts, NOW, planOf } from '../../../support/facts.ts';
import type { FlowBot, WorldStore } from '../support/flow-world.ts';
import { FlowWorld, member, openWorldStore } from '../support/flow-world.ts';
import { migrationText } from '../support/migration-text.ts';

jest.setTimeout(240_000);

const tagged = (id: string, over: object = {}) =>
  step({
    id,
    phase: 'prepare',
    title: `It is ${id}`,
    why: '',
    link: '',
    subject: 'machine',
    needs: ['machine'],
    owner: 'server owner',
    check: ({ machine }) =>
      machine.tags[id] === 'no'
        ? { verdict: 'not-ready', code: 'untagged', because: `the tag ${id} says no`, fix: 'Tag it.' }
        : { verdict: 'ready', because: 'it is tagged' },
    ...over,
  });

type Tags = Readonly<Record<string, string>>;

describe('a closed gate', () => {
  let opened: WorldStore;
  let world: FlowWorld;
  let bot: FlowBot;
  let context: Context;
  let tags: Record<string, Tags>;

  beforeAll(async () => {
    await prepareCluster();
  });
  beforeEach(async () => {
    opened = await openWorldStore(process.env['TEST_DATABASE_URL'] ?? null);
    world = new FlowWorld(opened);
    world.write(migrationText());
    bot = await world.bot();
    context = Object.assign(bot.context, { steps: [tagged('kept'), tagged('brief', { holdsThrough: 'prepare' })] }) as Context;
    tags = { 'srv-1': { ring: 'canary' }, 'srv-2': { ring: 'canary' } };
    await collect();
    await bot.tick();
  });
  afterEach(async () => {
    world.remove();
    await opened.remove();
  });

  async function collect(failing = false) {
    const subjects: Record<string, Evidence<EvidenceOf['machine']>> = {};
    for (const [name, said] of Object.entries(tags)) {
      const facts = machineFacts({ id: `/m/${name}`, name, tags: said });
      subjects[facts.id] = read(facts, 'test', world.now);
    }
    const failure = failing ? unread('403', 'grant Reader', 'test', world.now) : null;
    await context.store.transact((tx) =>
      tx.saveCollection({ kind: 'machine', source: 'test', collectedAt: world.now, subjects: failing ? {} : subjects, failure }),
    );
    return loadSnapshot(context);
  }
  async function sign(): Promise<PlanRecord> {
    const [record] = await context.store.transact((tx) => tx.openPlans());
    await bot.approve(record!.hash, 1);
    await bot.approve(record!.hash, 2);
    world.now += 3 * MINUTE;
    await beginRuns(context);
    await bot.send();
    return record!;
  }
  async function close(): Promise<PlanRecord> {
    await requestClosePhase(context, () => collect(), { phase: 'prepare', ring: 'canary', person: member(9), ticket: null });
    const record = await sign();
    expect(await gates()).toHaveLength(1);
    return record;
  }
  const gates = async () => (await loadSnapshot(context)).gates;
  const entries = async (hash: string) => (await context.store.transact((tx) => tx.ledger(hash))).filter(({ kind }) => kind === 'gate');
  async function change(name: string, said: Tags): Promise<void> {
    tags = { ...tags, [name]: said };
    world.now += MINUTE;
    await collect();
    await reopenGates(context);
    await bot.send();
  }

  it('opens again when a step of a machine is found not ready, once, and says what changed', async () => {
    const record = await close();
    const before = world.posts.length;
    await change('srv-2', { ring: 'canary', kept: 'no' });
    await reopenGates(context);
    await bot.send();
    expect(await gates()).toEqual([]);
    expect(openPhase(await gates(), ['canary'])).toBe('prepare');
    expect(world.posts.slice(before)).toHaveLength(1);
    const [post] = world.posts.slice(before);
    expect(post!.words).toMatch(/Prepare is open again for ring canary: GL-0001 had closed it .*1 finding of it is not ready any more/);
    expect(post!.words).toMatch(/It is kept: srv-2: the tag kept says no\. Seen Sun 22 Nov 10:04 CET/);
    expect(post!.mentions.toSorted()).toEqual(['Person 1', 'Person 2', 'Person 9']);
    expect(await entries(record.hash)).toMatchObject([
      {
        actor: null,
        data: { event: 're-opened', phase: 'prepare', ring: 'canary', findings: 1, first: ['srv-2, kept: the tag kept says no'] },
      },
    ]);
  });

  it('stays closed by what says nothing: a reading that failed, one that is too old, and nothing at all', async () => {
    await close();
    world.now += MINUTE;
    await collect(true);
    await reopenGates(context);
    expect(await gates()).toHaveLength(1);
    world.now += DAY;
    await reopenGates(context);
    expect(await gates()).toHaveLength(1);
    tags = {};
    await collect();
    await reopenGates(context);
    expect(await gates()).toHaveLength(1);
  });

  it('stays closed by a machine that joined, by one that left, and by a step that is over with its phase', async () => {
    await close();
    await change('srv-3', { ring: 'canary', kept: 'no' });
    await change('srv-4', { kept: 'no' });
    await change('srv-2', { kept: 'no' });
    await change('srv-1', { ring: 'canary', brief: 'no' });
    expect(await gates()).toHaveLength(1);
    await change('srv-1', { ring: 'canary', brief: 'no', kept: 'no' });
    expect(await gates()).toEqual([]);
  });

  it('stays closed by a step that it was not closed on', async () => {
    await close();
    context = Object.assign(context, { steps: [...context.steps, tagged('added')] }) as Context;
    await change('srv-1', { ring: 'canary', added: 'no' });
    expect(await gates()).toHaveLength(1);
  });

  it('opens again when a waiver it was closed on has ended and nothing was mended', async () => {
    tags = { ...tags, 'srv-2': { ring: 'canary', kept: 'no' } };
    await collect();
    const asked = { machine: 'srv-2', step: 'kept', to: '2026-11-25', reason: 'the vendor is slow', ticket: null, person: member(9) };
    await requestWaiver(context, () => collect(), asked);
    await sign();
    await close();
    await reopenGates(context);
    expect(await gates()).toHaveLength(1);
    world.now = NOW + 5 * DAY;
    await collect();
    await reopenGates(context);
    expect(await gates()).toEqual([]);
  });

  it('waits for the end of a run of ours that holds the machine', async () => {
    await close();
    const target = { ...planOf(1).targets[0]!, id: '/m/srv-2', holds: ['/m/srv-2'] };
    const hash = await bot.request({ targets: [target], waves: [{ name: 'canary', ring: 'canary', targetIds: [target.id] }] });
    await bot.approve(hash, 1);
    await bot.approve(hash, 2);
    world.now += 3 * MINUTE;
    await beginRuns(context);
    await change('srv-2', { ring: 'canary', kept: 'no' });
    expect(await gates()).toHaveLength(1);
    await context.store.transact(async (tx) => {
      const { run, version } = (await tx.run(hash))!;
      await tx.stopRun({ ...run, state: 'finished', verdict: 'stopped', endedAt: world.now }, version);
    });
    await reopenGates(context);
    expect(await gates()).toEqual([]);
  });

  it('can be closed anew once it is mended, and what had closed it before counts no more', async () => {
    await close();
    await change('srv-2', { ring: 'canary', kept: 'no' });
    tags = { ...tags, 'srv-2': { ring: 'canary' } };
    await collect();
    await requestClosePhase(context, () => collect(), { phase: 'prepare', ring: 'canary', person: member(9), ticket: null });
    const again = await sign();
    expect(await gates()).toMatchObject([{ plan: again.plan.id }]);
    await reopenGates(context);
    expect(await gates()).toHaveLength(1);
  });

  it('is looked at when something changed, and now and then', async () => {
    await close();
    const watch = createWatchGates(context);
    await watch();
    let evaluated = 0;
    const kept = context.steps[0]!;
    const check: typeof kept.check = (...given) => {
      evaluated += 1;
      return kept.check(...given);
    };
    context = Object.assign(context, { steps: [{ ...kept, check }] }) as Context;
    await watch();
    expect(evaluated).toBe(0);
    world.now += MINUTE;
    await collect();
    await watch();
    expect(evaluated).toBe(2);
    await watch();
    expect(evaluated).toBe(2);
    world.now += HOUR;
    await watch();
    expect(evaluated).toBe(4);
  });

  it('names machines as text only, however they are called', async () => {
    tags = Object.fromEntries(hostileNames.slice(0, 5).map((bad) => [bad, { ring: 'canary' }]));
    await collect();
    await close();
    tags = Object.fromEntries(hostileNames.slice(0, 5).map((bad) => [bad, { ring: 'canary', kept: 'no' }]));
    world.now += MINUTE;
    await collect();
    await reopenGates(context);
    await bot.send();
    const { words, card } = world.posts.at(-1)!;
    expect(words).toMatch(/5 findings of it are not ready/);
    expect(words).not.toMatch(/<\/?at\b|\{\{/i);
    expect(JSON.stringify(card)).not.toMatch(/"type":"(Image|Action\.OpenUrl)"/);
  });
});
