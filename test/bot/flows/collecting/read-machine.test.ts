import { createCollecting } from '../../../../bot/flows/collect-evidence.ts';
import { readForMachine } from '../../../../bot/flows/collecting/read-machine.ts';
import type { Context } from '../../../../bot/flows/context.ts';
import { loadSnapshot } from '../../../../bot/flows/snapshot.ts';
import { read, unread } from '../../../../core/evidence.ts';
import { HOUR, MINUTE, SECOND } from '../../../../core/instant.ts';
import type { MachineReader } from '../../../../core/ports.ts';
import type { Snapshot } from '../../../../core/snapshot.ts';
import { evidenceFor } from '../../../../core/snapshot.ts';
import { ready, step } from '../../../../core/step.ts';
import { prepareCluster } from '../../../services/store/engines.ts';
import { extensionFacts, machineFacts, NOW } from '../../../support/facts.ts';
import { EvidenceWorld } from '../support/evidence-world.ts';
import type { WorldStore } from '../support/flow-world.ts';
import { openWorldStore } from '../support/flow-world.ts';

jest.setTimeout(120_000);

const probed = step({
  id: 'some-step',
  phase: 'prepare',
  title: 'Something is so',
  why: 'Because.',
  link: 'https://learn.microsoft.com',
  subject: 'machine',
  needs: ['defender-extension', 'guest'],
  owner: 'platform team',
  check: () => ready('it is'),
});

describe('a question about one machine', () => {
  let opened: WorldStore;
  let world: EvidenceWorld;
  let asked: string[];
  let answer: Awaited<ReturnType<MachineReader>>;
  beforeAll(async () => {
    await prepareCluster();
    opened = await openWorldStore(null);
  }, 120_000);
  beforeEach(async () => {
    world = new EvidenceWorld(opened);
    await world.empty();
    world.machines = ['srv-01', 'srv-02'].map((name) => machineFacts({ id: `/m/${name}`, name }));
    asked = [];
    answer = {
      machine: read(
        machineFacts({ id: '/m/srv-01', name: 'srv-01', status: 'PowerState/deallocated' }),
        'the resource provider',
        NOW + HOUR,
      ),
      'defender-extension': read(extensionFacts({ state: 'Failed' }), 'the resource provider', NOW + HOUR),
    };
  });
  afterAll(() => opened.remove());

  async function known() {
    const { context, collecting } = world.bot('a');
    await collecting.collect();
    world.reads.length = 0;
    const readMachine: MachineReader = async (id) => {
      asked.push(id);
      return answer;
    };
    const with_: Context = { ...context, steps: [probed], readMachine };
    return async (machine: string, over: Partial<Context> = {}): Promise<Snapshot> => {
      const asking: Context = { ...with_, ...over };
      await readForMachine(asking, createCollecting(asking, 'a'), { machine });
      return loadSnapshot(asking);
    };
  }

  it('reads that machine alone, and keeps what it finds', async () => {
    const ask = await known();
    world.now += HOUR;
    const snapshot = await ask('SRV-01');
    expect([asked, world.reads]).toEqual([['/m/srv-01'], []]);
    expect(evidenceFor(snapshot, 'machine', '/m/srv-01')).toMatchObject({
      value: { status: 'PowerState/deallocated' },
      observedAt: NOW + HOUR,
    });
    expect(evidenceFor(snapshot, 'defender-extension', '/m/srv-01')).toMatchObject({ value: { state: 'Failed' } });
    expect(evidenceFor(snapshot, 'machine', '/m/srv-02')).toMatchObject({ observedAt: NOW });
  });

  it('reads nothing that is less than a minute old', async () => {
    const ask = await known();
    world.now += MINUTE;
    await ask('srv-01');
    expect([asked, world.reads]).toEqual([[], []]);
    world.now += SECOND;
    await ask('srv-01');
    expect(asked).toEqual(['/m/srv-01']);
  });

  it('says what could not be read for it', async () => {
    const ask = await known();
    world.now += HOUR;
    answer = { machine: unread('it did not answer', 'Look.', 'the resource provider', world.now) };
    const snapshot = await ask('srv-01');
    expect(evidenceFor(snapshot, 'machine', '/m/srv-01')).toMatchObject({ state: 'unread', reason: 'it did not answer' });
    expect(evidenceFor(snapshot, 'defender-extension', '/m/srv-01')).toMatchObject({ state: 'read', observedAt: NOW });
  });

  it('reads the fleet for what cannot be read alone and does not count any more', async () => {
    const ask = await known();
    world.now += 3 * HOUR;
    answer = { machine: read(machineFacts({ id: '/m/srv-01', name: 'srv-01' }), 'the resource provider', world.now) };
    await ask('srv-01');
    expect(world.reads).toEqual(['defender-extension']);
  });

  it.each([
    ['several machines of that name', 'srv-*'],
    ['a machine nobody knows yet', 'srv-03'],
  ])('reads the fleet for %s', async (_words, name) => {
    const ask = await known();
    world.now += HOUR;
    await ask(name);
    expect(asked).toEqual([]);
    expect(world.reads.toSorted()).toEqual(['defender-extension', 'machine', 'server-list']);
  });

  it('reads the fleet for a server that only the list knows', async () => {
    const servers = [{ name: 'srv-vault', fqdn: '', owner: '', os: '' }];
    world.list = { loaded: true, asOf: NOW, attestedBy: 'Priya Nair', sha256: '0', servers };
    const ask = await known();
    world.now += HOUR;
    const snapshot = await ask('srv-vault');
    expect(asked).toEqual([]);
    expect(evidenceFor(snapshot, 'machine', 'listed:srv-vault')).toMatchObject({ state: 'read', observedAt: NOW + HOUR });
  });

  it('reads the fleet where a machine cannot be read alone', async () => {
    const ask = await known();
    world.now += HOUR;
    await ask('srv-01', { readMachine: undefined } as unknown as Partial<Context>);
    expect(world.reads).toContain('machine');
  });
});
