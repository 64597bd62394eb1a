import { createReadiness } from '../../../bot/flows/readiness/overview.ts';
import { loadSnapshot } from '../../../bot/flows/snapshot.ts';
import { checklistView, findingsOf, namesOf, readChecklist } from '../../../bot/flows/views/checklist.ts';
import { machineView, readMachine } from '../../../bot/flows/views/machine.ts';
import type { ListedServer } from '../../../core/facts/server-list.ts';
import { DAY, HOUR, MINUTE } from '../../../core/instant.ts';
import { makePlan } from '../../../core/make-plan.ts';
import { machinesIn } from '../../../core/scope.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import { evidenceFor } from '../../../core/snapshot.ts';
import { notReady, ready, step } from '../../../core/step.ts';
import { actions } from '../../../playbook/actions/index.ts';
import { prepareCluster } from '../../services/store/engines.ts';
import { machineFacts, migration, NOW, person, SUBSCRIPTION, utc } from '../../support/facts.ts';
import { EvidenceWorld } from './support/evidence-world.ts';
import type { WorldStore } from './support/flow-world.ts';
import { openWorldStore } from './support/flow-world.ts';

jest.setTimeout(120_000);

const inAzure = step({
  id: 'in-azure',
  phase: 'prepare',
  title: 'It is in Azure',
  why: 'Because.',
  link: 'https://learn.microsoft.com',
  subject: 'machine',
  needs: ['machine'],
  appliesTo: { kinds: ['azure-vm', 'arc', 'listed'] },
  owner: 'platform team',
  check: ({ machine }) => (machine.kind === 'listed' ? notReady('absent', 'Azure does not show it', 'Connect it.') : ready('it is there')),
});
const noExtension = step({
  ...inAzure,
  id: 'no-extension',
  needs: ['defender-extension'],
  check: () => ready('it was read'),
});

describe('servers of the list', () => {
  let opened: WorldStore;
  let world: EvidenceWorld;
  beforeAll(async () => {
    await prepareCluster();
    opened = await openWorldStore(null);
  }, 120_000);
  beforeEach(async () => {
    world = new EvidenceWorld(opened);
    await world.empty();
    world.migration = { ...migration, owners: { tag: 'Team', people: {} } };
    world.machines = [
      machineFacts({ id: '/m/1', name: 'srv-01', os: 'windows-server-2019' }),
      machineFacts({ id: '/m/2', name: 'srv-jump' }),
      machineFacts({ id: '/m/3', name: 'bk', resourceGroup: 'rg-a' }),
      machineFacts({ id: '/m/4', name: 'bk', resourceGroup: 'rg-b' }),
    ];
    list(['SRV-01'], ['bk'], ['srv-vault', 'Windows Server 2022', 'blue']);
  });
  afterAll(() => opened.remove());

  function list(...rows: readonly (readonly [name: string, os?: string, owner?: string])[]) {
    const servers = rows.map(([name, os = '', owner = '']): ListedServer => ({ name, fqdn: '', owner, os }));
    world.list = { loaded: true, asOf: Date.UTC(2026, 10, 20), attestedBy: 'Priya Nair', sha256: 'ab'.repeat(32), servers };
  }
  const collect = (): Promise<Snapshot> => world.bot('a').collecting.collect();
  const verdicts = (snapshot: Snapshot, now = world.now) =>
    Object.fromEntries(
      [...findingsOf([inAzure, noExtension], snapshot, {}, now)].map(([id, found]) => [
        id,
        Object.fromEntries(found.map(({ subjectId, verdict, because }) => [subjectId, `${verdict}: ${because}`])),
      ]),
    );
  const context = () => ({ ...world.bot('a').context, steps: [inAzure, noExtension] });
  const overview = () => createReadiness(context()).overview();
  const checklist = async () => checklistView(context(), await readChecklist(context(), await overview(), 'prepare', {}));

  it('that Azure does not show are machines of their own, in no ring, and in every count', async () => {
    const snapshot = await collect();
    const [vault] = machinesIn({ machine: 'srv-vault' }, snapshot);
    expect(vault).toMatchObject({
      id: 'listed:srv-vault',
      ring: 'unassigned',
      facts: { kind: 'listed', os: 'windows-server-2022', tags: { Team: 'blue' } },
    });
    expect((await checklist()).machines).toBe(5);
    expect(verdicts(snapshot)).toEqual({
      'in-azure': {
        '/m/1': 'ready: it is there',
        '/m/2': 'ready: it is there',
        '/m/3': 'ready: it is there',
        '/m/4': 'ready: it is there',
        'listed:srv-vault': 'not-ready: Azure does not show it',
      },
      'no-extension': expect.objectContaining({ '/m/1': 'ready: it was read', 'listed:srv-vault': 'unknown: Azure does not show it' }),
    });
  });

  it('are in no subscription and no resource group', async () => {
    const snapshot = await collect();
    expect(machinesIn({ subscription: SUBSCRIPTION }, snapshot)).toHaveLength(4);
    expect(machinesIn({ resourceGroup: 'rg-a' }, snapshot)).toHaveLength(3);
  });

  it('are what they are on the card of one machine, and have a name of their own', async () => {
    world.machines = [machineFacts({ id: '/m/1', name: 'web', fqdn: 'web.a.example' })];
    list(['web.b.example'], ['web.a.example']);
    const snapshot = await collect();
    const [machine] = machinesIn({ machine: 'web.b.example' }, snapshot);
    const { facts } = machineView(context(), await readMachine(context(), await overview(), machine!), null);
    expect(facts).toContainEqual({ title: 'Where', value: 'on the server list, and not in Azure' });
    expect(facts.map(({ title }) => title)).not.toContain('Subscription');
    expect([...namesOf(snapshot).values()]).toContain('web.b.example');
  });

  it.each(actions.filter(({ subject }) => subject === 'machine').map((action) => [action.id, action] as const))(
    'are left out of “%s”, with the reason',
    async (_id, action) => {
      const snapshot = await collect();
      const [vault] = machinesIn({ machine: 'srv-vault' }, snapshot);
      expect(action.consider(vault!, snapshot, world.now)).toEqual({
        include: false,
        code: 'not-in-azure',
        because: expect.stringContaining('Azure does not show it'),
      });
    },
  );

  it('are counted in no plan for a subscription', async () => {
    const action = actions.find(({ id }) => id === 'turn-endpoint-protection-off')!;
    const asked = { action, scope: {}, requestedBy: person(9), ticket: null, follows: null, only: null, standing: null };
    const made = makePlan({ ...asked, planId: 'GL-0001', now: world.now }, world.migration, await collect(), utc);
    expect(made).toMatchObject({ kind: 'ok', value: { blastRadius: 'ALL 4 MACHINES in corp-prod' } });
  });

  it('are not judged while the inventory cannot be read: nobody knows whether Azure shows them', async () => {
    await collect();
    world.broken.add('machine');
    const snapshot = await collect();
    const why = 'unknown: whether Azure shows it is not known: no role';
    expect(verdicts(snapshot)['in-azure']).toMatchObject({ 'listed:srv-vault': why });
    expect(verdicts(snapshot)['no-extension']).toMatchObject({ 'listed:srv-vault': why });
  });

  it('are not judged before the inventory was read', async () => {
    const snapshot = await world.bot('a').collecting.collect(['server-list']);
    expect(evidenceFor(snapshot, 'machine', 'listed:srv-vault')).toMatchObject({
      state: 'unread',
      reason: 'the inventory has not been read yet',
    });
  });

  it('are as old as the older of the list and the inventory', async () => {
    await collect();
    world.now += HOUR;
    const snapshot = await world.bot('a').collecting.collect(['server-list']);
    expect(evidenceFor(snapshot, 'machine', 'listed:srv-vault')).toMatchObject({ observedAt: NOW });
    expect(verdicts(snapshot, NOW + 2 * HOUR)['in-azure']).toMatchObject({ 'listed:srv-vault': expect.stringMatching(/^not-ready/) });
    expect(verdicts(snapshot, NOW + 2 * HOUR + 1)['in-azure']).toMatchObject({ 'listed:srv-vault': expect.stringMatching(/^unknown/) });
  });

  it('are shown by Azure also where their facts could not be read', async () => {
    const bot = world.bot('a');
    await bot.collecting.collect();
    const { store } = bot.context;
    const malformed = { state: 'unread', reason: 'no location', fix: 'Look.', source: 'test', since: NOW } as const;
    await store.transact((tx) => tx.saveEvidence('machine', '/subscriptions/x/machines/srv-vault', malformed));
    expect((await loadSnapshot(bot.context)).listing).toMatchObject({ missing: [] });
  });

  describe('in the blind spot', () => {
    const lines = async () => {
      await collect();
      return (await checklist()).blindSpot;
    };

    it('none: only what Azure sees is counted', async () => {
      world.list = { loaded: false };
      expect((await lines())[0]).toBe('No server list is loaded: only servers that Azure already sees are counted.');
    });

    it('unread: the same, with the reason and what mends it', async () => {
      world.broken.add('server-list');
      expect((await lines())[0]).toBe('Only servers that Azure already sees are counted, because no role. Grant it.');
    });

    it('read: whose list, how old, and what the list and Azure know that the other does not', async () => {
      expect((await lines()).slice(0, 4)).toEqual([
        'Counted are the 3 servers of the list of 2026-11-20, for which Priya Nair vouches (sha256 abababababab), and what else Azure shows',
        '1 server of the list is not in Azure, so nothing is known inside: srv-vault',
        '1 machine in Azure is on nobody’s list: srv-jump',
        'Who is who is not clear: the list’s bk and 2 machines in Azure, bk (rg-a), bk (rg-b); an fqdn in the list would tell',
      ]);
    });

    it('all well: nothing more than whose list it is', async () => {
      world.machines = [machineFacts({ id: '/m/1', name: 'srv-01' })];
      list(['srv-01']);
      expect((await lines()).filter((line) => /list/.test(line))).toHaveLength(1);
    });

    it('the day is that of the migration’s zone', async () => {
      const bot = world.bot('a');
      await bot.collecting.collect();
      const zone = { offsetMinutes: () => -5 * 60 };
      expect((await loadSnapshot({ ...bot.context, zone })).listing).toMatchObject({ day: '2026-11-19' });
    });
  });

  it('that are dated long ago still count: their day is said', async () => {
    world.now += 400 * DAY;
    await collect();
    world.now += MINUTE;
    expect((await collect()).listing).toMatchObject({ servers: 3, day: '2026-11-20' });
  });
});
