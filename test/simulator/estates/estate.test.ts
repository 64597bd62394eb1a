import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type Estate, EstateError, parseEstate } from '../../../simulator/estates/estate.ts';
import { loadEstate } from '../../../simulator/estates/load.ts';
import { CHANNEL, PEOPLE } from '../../../simulator/estates/people.ts';
import { SUBSCRIPTIONS } from '../../../simulator/estates/sample-frame.ts';

const NOW = Date.parse('2026-03-02T09:00:00Z');
const sample = loadEstate('sample', 7, NOW);
const migration = parse(readFileSync(new URL('../../../simulator/estates/sample.migration.yaml', import.meta.url), 'utf8'));

function count(estate: Estate, is: (machine: Estate['machines'][number]) => boolean): number {
  return estate.machines.filter(is).length;
}

describe('the sample', () => {
  test('is the same for the same seed and time', () => {
    expect(loadEstate('sample', 7, NOW)).toEqual(sample);
  });
  test('has a canary ring of six that mixes kinds and holds no liar', () => {
    const canary = sample.machines.filter((machine) => machine.tags['ring'] === 'canary');
    expect(canary).toHaveLength(6);
    expect(new Set(canary.map((machine) => machine.kind)).size).toBe(2);
    expect(canary.some((machine) => machine.lies)).toBe(false);
    expect(sample.machines.find((machine) => machine.lies)).toMatchObject({ name: 'srv-liar-01', tags: { ring: 'pilot' } });
  });
  test.each([
    ['disconnected', (machine) => machine.arc?.status === 'Disconnected'],
    ['expired', (machine) => machine.arc?.status === 'Expired'],
    ['in monitor mode', (machine) => machine.arc?.configMode === 'monitor'],
    [
      'with an extension that failed',
      (machine) => machine.extensions.some(({ state, message }) => state === 'Failed' && /code 12/.test(message)),
    ],
    ['with Windows Server 2008 R2', (machine) => /2008 R2/.test(machine.os.name)],
    ['without a known system', (machine) => machine.os.type === ''],
    ['with 2012 R2 as a virtual machine', (machine) => machine.kind === 'vm' && /2012 R2/.test(machine.os.name)],
    ['with 2025 on Arc', (machine) => machine.kind === 'arc' && /2025/.test(machine.os.name)],
    ['with an id in odd letter case', (machine) => /resourcegroups/.test(machine.id)],
    ['with hardly a property', (machine) => machine.sparse],
    ['in no ring', (machine) => machine.tags['ring'] === undefined],
    ['onboarded already', (machine) => machine.guest.onboarded],
  ] satisfies [string, (machine: Estate['machines'][number]) => boolean][])('has a machine %s', (_, is) => {
    expect(count(sample, is)).toBeGreaterThan(0);
  });
  test('has two machines of one name', () => {
    expect(new Set(sample.machines.map(({ name }) => name)).size).toBe(sample.machines.length - 1);
  });
  test('runs a third-party product on most machines', () => {
    expect(count(sample, (machine) => machine.guest.thirdParty.length > 0)).toBeGreaterThan(sample.machines.length * 0.8);
  });
  test('agrees with its migration file', () => {
    expect(migration.channel).toEqual({ tenantId: CHANNEL.tenantId, teamId: CHANNEL.teamId, channelId: CHANNEL.channelId });
    expect(migration.subscriptions).toEqual(sample.subscriptions.map(({ id, name }) => ({ id, name })));
    const approvers = PEOPLE.filter(({ role }) => role === 'approver').map(({ id, name, title }) => ({ id, name, role: title }));
    expect(migration.approvers).toEqual(approvers);
    const rings = new Set(sample.machines.flatMap(({ tags }) => (tags['ring'] ? [`ring=${tags['ring']}`] : [])));
    expect(migration.rings.map(({ tag }: { tag: string }) => tag).sort()).toEqual([...rings].sort());
  });
  test('names the owners its machines carry, and nobody who takes no part', () => {
    const { owners } = migration.people;
    const carried = new Set(sample.machines.flatMap(({ tags }) => tags[owners.tag] ?? []));
    expect(Object.keys(owners.people).sort()).toEqual([...carried].sort());
    const known = PEOPLE.map(({ id, name }) => `${id} ${name}`);
    const named = Object.values(owners.people).flat() as { id: string; name: string }[];
    expect(named.filter(({ id, name }) => !known.includes(`${id} ${name}`))).toEqual([]);
  });
});

describe('a generated estate', () => {
  const generated = loadEstate('1000', 3, NOW);
  test('has the asked size and repeats with its seed only', () => {
    expect(generated.machines).toHaveLength(1000);
    expect(loadEstate('1000', 3, NOW)).toEqual(generated);
    expect(loadEstate('1000', 4, NOW)).not.toEqual(generated);
  });
  test('keeps to realistic proportions', () => {
    expect(count(generated, ({ kind }) => kind === 'arc')).toBeGreaterThan(250);
    expect(count(generated, ({ os }) => os.type === 'linux')).toBeGreaterThan(100);
    expect(count(generated, ({ tags }) => tags['ring'] === 'broad')).toBeGreaterThan(500);
  });
});

describe('a hand-written estate', () => {
  const base = { name: 'own', tenantId: '8c1d6f3a-52b4-4e0b-9a77-3f60c5e1d204', managementGroup: { id: 'mg', name: 'MG' } };
  const subscriptions = [{ id: SUBSCRIPTIONS.prod, name: 'corp-prod' }];
  const server = {
    name: 'a',
    kind: 'vm',
    subscriptionId: SUBSCRIPTIONS.prod,
    resourceGroup: 'rg',
    os: { type: 'windows', name: 'Windows Server 2022' },
  };
  test('may leave out whatever Azure would fill in', () => {
    const estate = parseEstate({ ...base, subscriptions, machines: [server] });
    expect(estate.machines[0]).toMatchObject({ id: expect.stringContaining('/virtualMachines/a'), vm: { power: 'running' } });
    expect(estate.subscriptions[0]?.resourceGroups).toEqual([{ name: 'rg', location: 'westeurope', tags: {} }]);
  });
  test.each([
    ['an unknown subscription', { ...server, subscriptionId: SUBSCRIPTIONS.branch }, 'machines[0].subscriptionId'],
    ['an unknown kind', { ...server, kind: 'aws' }, 'machines[0].'],
    ['a mistyped field', { ...server, vm: { power: 'on' } }, 'machines[0].vm.power'],
    [
      'an id that says something else',
      { ...server, id: `/subscriptions/${SUBSCRIPTIONS.prod}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/b` },
      'machines[0].id',
    ],
  ])('with %s is refused by its place', (_, machine, path) => {
    expect(() => parseEstate({ ...base, subscriptions, machines: [machine] })).toThrow(EstateError);
    expect(() => parseEstate({ ...base, subscriptions, machines: [machine] })).toThrow(path);
  });
  test('with the same machine twice is refused', () => {
    expect(() => parseEstate({ ...base, subscriptions, machines: [server, { ...server, name: 'A' }] })).toThrow(/exists already/);
  });
  test.each([['0'], ['no-such-file.json'], ['999999']])('--estate %s is refused', (spec) => {
    expect(() => loadEstate(spec, 1, NOW)).toThrow(EstateError);
  });
});
