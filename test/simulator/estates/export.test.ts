import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Estate, EstateError } from '../../../simulator/estates/estate.ts';
import { loadEstate } from '../../../simulator/estates/load.ts';
import { type Json, type StartedOutside, startedOutside } from '../started-outside.ts';

const NOW = Date.parse('2026-03-02T09:00:00Z');
const folder = mkdtempSync(join(tmpdir(), 'export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function loaded(value: unknown): Estate {
  const file = join(folder, 'export.json');
  writeFileSync(file, JSON.stringify(value));
  return loadEstate(file, 1, NOW);
}

const SUBSCRIPTION = '11111111-2222-4333-8444-555555555555';
const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/RG-Shop`;
const vm: Json = {
  id: `${group}/providers/Microsoft.Compute/virtualMachines/shop-01`,
  name: 'shop-01',
  type: 'microsoft.compute/virtualmachines',
  location: 'westeurope',
  tags: { ring: 'canary' },
  properties: {
    vmId: 'aaaaaaaa-2222-4333-8444-555555555555',
    storageProfile: {
      osDisk: { osType: 'Windows' },
      imageReference: { publisher: 'MicrosoftWindowsServer', offer: 'WindowsServer', sku: '2019-datacenter' },
    },
    extended: {
      instanceView: { osName: 'Windows Server 2019 Datacenter', osVersion: '10.0.17763', powerState: { code: 'PowerState/running' } },
    },
  },
};
const arc: Json = {
  id: `${group}/providers/Microsoft.HybridCompute/Machines/shop-02`,
  name: 'shop-02',
  type: 'microsoft.hybridcompute/machines',
  location: 'northeurope',
  tags: null,
  properties: {
    status: 'Disconnected',
    osType: 'linux',
    osSku: 'Ubuntu 22.04',
    vmId: 'bbbbbbbb-2222-4333-8444-555555555555',
    agentConfiguration: { configMode: 'monitor' },
  },
};
const extension: Json = {
  id: `${vm['id'].toLowerCase()}/extensions/MDE.Windows`,
  name: 'MDE.Windows',
  type: 'microsoft.compute/virtualmachines/extensions',
  properties: { publisher: 'Microsoft.Azure.AzureDefenderForServers', type: 'MDE.Windows', provisioningState: 'Failed' },
};

describe('an export of a real estate', () => {
  it.each([
    ['a list of rows', [vm, arc, extension]],
    ['the answer of a query', { totalRecords: 3, count: 3, data: [vm, arc, extension] }],
    ['rows with guests', { rows: [vm, arc, extension], guests: {} }],
  ])('loads as %s', (_, value) => {
    const { machines, subscriptions } = loaded(value);
    expect(machines.map(({ name, kind, guestKnown }) => ({ name, kind, guestKnown }))).toEqual([
      { name: 'shop-01', kind: 'vm', guestKnown: false },
      { name: 'shop-02', kind: 'arc', guestKnown: false },
    ]);
    expect(subscriptions).toMatchObject([{ id: SUBSCRIPTION, settings: { WDATP: false } }]);
  });

  it('keeps what Azure says of a machine', () => {
    const [first, second] = loaded([vm, arc, extension]).machines;
    expect(first).toMatchObject({
      tags: { ring: 'canary' },
      os: { type: 'windows', name: 'Windows Server 2019 Datacenter', version: '10.0.17763' },
      vm: { vmId: vm['properties'].vmId, power: 'running', reported: true },
      extensions: [{ name: 'MDE.Windows', state: 'Failed' }],
    });
    expect(second).toMatchObject({
      os: { type: 'linux', name: 'Ubuntu 22.04' },
      arc: { status: 'Disconnected', configMode: 'monitor' },
      extensions: [],
    });
  });

  it('takes what it is told of the inside of a machine', () => {
    const [first, second] = loaded({ rows: [vm, arc], guests: { 'SHOP-01': { passiveKey: 1 } } }).machines;
    expect(first).toMatchObject({ guestKnown: true, guest: { passiveKey: 1 } });
    expect(second?.guestKnown).toBe(false);
  });

  it('gives a subscription with a Standard plan what such a plan switches on', () => {
    const pricing = {
      id: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Security/pricings/VirtualMachines`,
      name: 'VirtualMachines',
      type: 'microsoft.security/pricings',
      properties: { pricingTier: 'Standard', subPlan: 'P2', extensions: [{ name: 'AgentlessVmScanning', isEnabled: 'True' }] },
    };
    expect(loaded([vm, pricing]).subscriptions[0]).toMatchObject({
      plan: { tier: 'Standard', subPlan: 'P2', extensions: [{ name: 'AgentlessVmScanning', isEnabled: true }] },
      settings: { WDATP: true, WDATP_UNIFIED_SOLUTION: true },
    });
  });

  it.each([
    ['no machine at all', [extension], 'rows', /no virtual machine/],
    ['a row without an id', [{ ...vm, id: undefined }], 'rows[0].id', /./],
    ['a machine whose id is none', [arc, { ...vm, id: '/somewhere/else' }], 'rows[1].id', /not the id/],
    ['a guest of nobody', { rows: [vm], guests: { other: {} } }, 'guests.other', /neither/],
    ['a guest with a mistake', { rows: [vm], guests: { 'shop-01': { passiveKey: 7 } } }, 'machines[0].guest.passiveKey', /./],
  ])('refuses %s and says where', (_, value, path, reason) => {
    expect(() => loaded(value)).toThrow(EstateError);
    expect(() => loaded(value)).toThrow(expect.objectContaining({ path, reason: expect.stringMatching(reason) }));
  });
});

describe('a rehearsal on an export of the sample', () => {
  let sample: StartedOutside;
  let copy: StartedOutside;
  const INVENTORY =
    "resources | where type in~ ('microsoft.compute/virtualmachines', 'microsoft.hybridcompute/machines') | project id=tolower(id), name, type, location, tags, properties | order by id asc";

  beforeAll(async () => {
    sample = await startedOutside();
    const rows = [];
    for (const table of ['resources', 'resourcecontainers', 'securityresources', 'policyresources']) {
      const answer = await sample.query(`${table} | project id, name, type, location, tags, identity, properties | order by id asc`, {
        options: { $top: 1000, resultFormat: 'objectArray', authorizationScopeFilter: 'AtScopeAboveAndBelow' },
      });
      rows.push(...answer.body.data);
    }
    const file = join(folder, 'sample.json');
    writeFileSync(file, JSON.stringify(rows));
    copy = await startedOutside({ estate: file });
  });
  afterAll(() => Promise.all([sample.end(), copy.end()]));

  it('shows the same machines in Resource Graph', async () => {
    const names = async (outside: StartedOutside) =>
      (await outside.query(INVENTORY, { options: { $top: 1000, resultFormat: 'objectArray' } })).body.data.map(({ id }: Json) => id);
    expect(await names(copy)).toEqual(await names(sample));
  });

  it('lets no script find a fact nobody supplied', async () => {
    const { machines } = (await copy.door('GET', '/_estate')).body;
    const machine = machines.find(({ name }: Json) => name === 'srv-web-01');
    const path = `${machine.id}/runCommands/probe?api-version=2024-07-01`;
    const body = {
      location: machine.location,
      properties: {
        source: { script: '# greenlight-script: probe-windows v2\n' },
        parameters: [{ name: 'Nonce', value: 'ab' }],
        asyncExecution: true,
      },
    };
    expect(await copy.arm('PUT', path, { identity: 'writer', body })).toMatchObject({ status: 201 });
    await copy.door('POST', '/_clock', { advanceSeconds: 60 });
    const { body: seen } = await copy.arm('GET', `${path}&$expand=instanceView`, { identity: 'writer' });
    expect(seen.properties.instanceView).toMatchObject({ executionState: 'Failed', exitCode: 1, output: '' });
    expect(machine.protection).toBe('unknown');
  });
});
