import { EDR_ASSESSMENTS } from '../../../services/azure/edr-assessment.ts';
import { type ConnectedOutside, connectOutside } from './connected-outside.ts';
import { arcId, vmId } from './graph-pages.ts';
import type { PretendArm } from './pretend-arm.ts';
import { connectTo, NOW, ONE, startPretendArm, TWO } from './pretend-arm.ts';

describe('one machine of the sample estate, read again', () => {
  let world: ConnectedOutside;
  beforeAll(async () => {
    world = await connectOutside({ patience: { pause: () => Promise.resolve() } });
  });
  afterAll(() => world.end());

  test('says of every machine what the collections say', async () => {
    const { collectors, machine } = world.client;
    const [facts, extensions, edr] = await Promise.all([
      collectors.machine(),
      collectors['defender-extension'](),
      collectors['edr-assessment'](),
    ]);
    for (const [id, evidence] of Object.entries(facts.subjects)) {
      const found = await machine(id);
      const own = (one: unknown) => (one as { readonly value?: unknown } | undefined)?.value;
      expect(own(found.machine)).toEqual(own(evidence));
      expect(own(found['defender-extension'])).toEqual(own(extensions.subjects[id]));
      if (found['edr-assessment']) expect(own(found['edr-assessment'])).toEqual(own(edr.subjects[id]));
      // The limits of a machine and of a subscription fill up again.
      world.clock.move({ advanceSeconds: 1 });
    }
  });

  test('asks the resource providers and not Resource Graph', async () => {
    const { subjects } = await world.client.collectors.machine();
    const before = (await world.requests()).length;
    await world.client.machine(Object.keys(subjects)[0] ?? '');
    const asked = (await world.requests()).slice(before).filter(({ server }) => server === 'azure');
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter(({ operation }) => operation.includes('ResourceGraph'))).toEqual([]);
  });
});

describe('what a provider answers', () => {
  let arm: PretendArm;
  beforeEach(async () => {
    arm = await startPretendArm();
  });
  afterEach(() => arm.close());

  const VM = /\/virtualMachines\/a\?/i;
  const VM_EXTENSIONS = /\/virtualMachines\/a\/extensions\?/i;
  const ASSESSMENTS = /^\/subscriptions\/.*\/virtualMachines\/a\/providers\/Microsoft\.Security\/assessments\?/i;
  const ARC_EXTENSIONS = /\/machines\/b\/extensions\?/i;
  const read = (id: string) => connectTo(arm).machine(id);
  const vm = {
    body: { name: 'A', location: 'West Europe', properties: { vmId: 'VM-1', storageProfile: { osDisk: { osType: 'Linux' } } } },
  };
  const extension = (
    type: string,
    provisioningState: string,
    more: object = {},
    publisher = 'Microsoft.Azure.AzureDefenderForServers',
  ) => ({
    name: type,
    type: 'Microsoft.Compute/virtualMachines/extensions',
    properties: { publisher, type, provisioningState, typeHandlerVersion: '1.0', ...more },
  });

  test('is told with its source and the time it was asked', async () => {
    arm.on('GET', VM, vm);
    arm.on('GET', VM_EXTENSIONS, { body: { value: [extension('AzureMonitorLinuxAgent', 'Failed', {}, 'Microsoft.Azure.Monitor')] } });
    arm.on('GET', ASSESSMENTS, {
      body: {
        value: [
          {
            name: EDR_ASSESSMENTS.presence,
            properties: { status: { code: 'Healthy' }, additionalData: { edrSolution: 'Sophos' }, resourceDetails: { source: 'Azure' } },
          },
          { name: 'another', properties: { status: { code: 'Unhealthy' }, resourceDetails: { source: 'Azure' } } },
        ],
      },
    });
    const found = await read(vmId(ONE, 'A'));
    expect(found.machine).toMatchObject({
      state: 'read',
      source: 'the resource provider',
      observedAt: NOW,
      value: { id: vmId(ONE, 'a').toLowerCase(), name: 'A', location: 'westeurope', resourceGroup: 'rg-one', os: 'linux', vmId: 'vm-1' },
    });
    expect(found['defender-extension']).toMatchObject({ state: 'read', value: { present: false } });
    expect(found['edr-assessment']).toMatchObject({ state: 'read', value: { code: 'Healthy', product: 'Sophos' } });
    expect(Object.keys(found)).toEqual(['machine', 'defender-extension', 'edr-assessment']);
    expect(new Set(arm.asked.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer reader-token']));
  });

  test('a failed extension of an Arc server comes with its words', async () => {
    const status = { code: 'error', level: 'Error', message: 'exit code 12: requirements' };
    arm.on('GET', ARC_EXTENSIONS, { body: { value: [extension('MDE.Windows', 'Failed', { instanceView: { status } })] } });
    expect((await read(arcId(TWO, 'b')))['defender-extension']).toMatchObject({
      value: { present: true, type: 'MDE.Windows', state: 'Failed', message: 'exit code 12: requirements', exitCode: 12 },
    });
  });

  test('each kind fails by itself, and names its role', async () => {
    const refused = { status: 403, body: { error: { code: 'AuthorizationFailed' } } };
    arm.on('GET', VM, refused);
    arm.on('GET', VM_EXTENSIONS, { body: { value: [] } });
    arm.on('GET', ASSESSMENTS, refused);
    const found = await read(vmId(ONE, 'a'));
    expect(found.machine).toMatchObject({ state: 'unread', fix: expect.stringContaining('role Reader on machine a') });
    expect(found['defender-extension']).toMatchObject({ state: 'read', value: { present: false } });
    expect(found['edr-assessment']).toMatchObject({ state: 'unread', fix: expect.stringContaining('role Security Reader on machine a') });
  });

  test.each([[{ body: {} }], [{ text: '' }], [{ body: { value: [{ properties: { type: 7 } }] } }], [{ status: 404 }]])(
    'a list of extensions that is none (%j) is unread, not “no extension”',
    async (answer) => {
      arm.on('GET', VM_EXTENSIONS, answer);
      arm.on('GET', ARC_EXTENSIONS, answer);
      expect((await read(vmId(ONE, 'a')))['defender-extension']).toMatchObject({ state: 'unread' });
      expect((await read(arcId(ONE, 'b')))['defender-extension']).toMatchObject({ state: 'unread' });
    },
  );

  test('a list of extensions in pages is unread', async () => {
    arm.on('GET', ARC_EXTENSIONS, { body: { value: [], nextLink: 'https://elsewhere.example' } });
    expect((await read(arcId(ONE, 'b')))['defender-extension']).toMatchObject({
      state: 'unread',
      reason: expect.stringContaining('only some'),
    });
  });

  test('a server that Azure does not show, or any other text, asks for nothing', async () => {
    for (const id of [
      'listed:srv-1',
      '',
      '/subscriptions/x',
      '/subscriptions/x/resourceGroups/y/providers/Microsoft.Compute/disks/z',
      '../../x',
    ]) {
      expect(await read(id)).toEqual({});
    }
    expect(arm.asked).toEqual([]);
  });

  test('a name cannot become a path or a query', async () => {
    await read(arcId(ONE, '..%2f..%2fx?y=1'));
    for (const { path } of arm.asked) expect(path).toMatch(/\/machines\/\.\.%252f\.\.%252fx%3fy%3d1(\/extensions)?\?api-version=/i);
    expect(arm.asked.length).toBeGreaterThan(0);
  });
});
