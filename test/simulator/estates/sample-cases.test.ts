import { readFileSync } from 'node:fs';
import { installationFailure } from '../../../simulator/azure/machines/installation-failure.ts';
import { protectionOf } from '../../../simulator/azure/machines/protection.ts';
import { isReachable, requireRunCommands } from '../../../simulator/azure/machines/reach.ts';
import { assess } from '../../../simulator/azure/machines/updates.ts';
import type { Estate } from '../../../simulator/estates/estate.ts';
import type { Machine } from '../../../simulator/estates/machine.ts';
import { sampleEstate } from '../../../simulator/estates/sample.ts';
import { SAMPLE_CASES } from '../../../simulator/estates/sample-cases.ts';

const NOW = Date.parse('2026-03-02T09:00:00Z');
const sample = sampleEstate(7, NOW);
type Has = (machine: Machine, estate: Estate) => unknown;

const list = readFileSync(new URL('../../../simulator/estates/sample.servers.csv', import.meta.url), 'utf8');
const LISTED = new Set(list.split('\n').map((line) => line.split(',')[0]?.toLowerCase()));
const SERVERS = ['2008 R2', '2012 R2', '2016', '2019', '2022', '2025'];
const refused = (machine: Machine, reason: RegExp) => {
  try {
    requireRunCommands(machine);
    return false;
  } catch (error) {
    return reason.test((error as Error).message);
  }
};
// The extension says what an installation on this machine would say now.
const failedWith = (code: number): Has => {
  return (machine) => {
    const failure = installationFailure(machine);
    const told = machine.extensions.find(({ state }) => state === 'Failed')?.message;
    return failure?.code === code && told?.endsWith(`exit code ${code}: ${failure.message}`);
  };
};
const wsusOf = ({ guest }: Machine, { machines }: Estate) =>
  machines.find(({ name }) => guest.updates.wsus?.server === `http://${name}.corp.example:8530`)?.guest.wsusServer;
const onboardedAndReporting = ({ guest, extensions }: Machine) => guest.onboarded && extensions.some(({ state }) => state === 'Succeeded');

const HAS: Record<string, Has> = {
  '2012 R2 on Azure: no managed run command reaches it': (machine) => machine.vm && refused(machine, /Windows Server 2016 or later/),
  '2012 R2 without its last rollup': ({ os, guest }) =>
    /2012 R2/.test(os.name) && guest.updates.missing.includes('KB5031419') && !guest.updates.hotfixes.includes('KB5031419'),
  '2012 R2 on Arc with Extended Security Updates': ({ os, arc }) => /2012 R2/.test(os.name) && arc?.esu === 'Assigned',
  'an operating system outside the list': ({ os }) => /2008 R2/.test(os.name),
  'an operating system nobody has read': ({ os }) => os.type === '' && os.name === '',
  'Windows Server 2025 on Arc, which the built-in policy leaves out': ({ os, arc }) => arc && /2025/.test(os.name),
  "the feature's payload is gone: enabling it needs a WIM": ({ guest }) => guest.defender?.feature === 'Removed',
  'the feature is off, its payload is there': ({ guest }) => guest.defender?.feature === 'Available',
  'a restart is pending': ({ guest }) => guest.rebootPending,
  'a WSUS with the definitions, without the sensor': ({ guest }) =>
    guest.roles.includes('wsus-server') &&
    guest.wsusServer?.rules.some(({ enabled, products }) => enabled && products.includes('Microsoft Defender Antivirus')) &&
    !guest.wsusServer.products.includes('Microsoft Defender for Endpoint'),
  'takes its updates from that WSUS': (machine, estate) =>
    machine.guest.updates.wsus?.offersDefender && wsusOf(machine, estate)?.products.includes('Microsoft Defender Antivirus'),
  'a WSUS that never offers Defender': ({ guest }) =>
    guest.wsusServer && !guest.wsusServer.products.some((product) => /defender/i.test(product)),
  'payload gone, and its WSUS has no feature files': (machine, estate) =>
    machine.guest.defender?.feature === 'Removed' && wsusOf(machine, estate) !== undefined,
  'assessed as clean because its WSUS never offers Defender': (machine) => {
    const { guest } = machine;
    const direct = { ...machine, guest: { ...guest, updates: { ...guest.updates, wsus: null } } };
    return assess(machine, NOW).patches.length === 0 && assess(direct, NOW).patches.some(({ name }) => /Defender/.test(name));
  },
  'Arc: disconnected': ({ arc, guest }) => arc?.status === 'Disconnected' && guest.outages.length === 0,
  'Arc: expired': ({ arc }) => arc?.status === 'Expired',
  'Arc: monitor mode': (machine) => machine.arc?.configMode === 'monitor' && refused(machine, /monitor mode/),
  'Arc: the block list holds Defender': ({ arc }) => arc?.blockList.some(({ type }) => type === 'MDE.Windows'),
  'Arc: the allow list lacks the run command handler': (machine) => machine.arc?.allowList.length && refused(machine, /extension lists/),
  'Arc: an agent without run commands': ({ arc }) => arc && Number(arc.agentVersion.split('.')[1]) < 33,
  'Arc: made by a multicloud connector': ({ tags }) => tags['MDFCSecurityConnector'] === 'true',
  'offline now, back in some hours': (machine) =>
    !isReachable(machine) && machine.guest.outages.some(({ from, until }) => Date.parse(from) < NOW && NOW < Date.parse(until)),
  'powered off': ({ vm }) => vm?.power === 'deallocated',
  'the VM agent is silent': (machine) => machine.vm?.reported === false && !isReachable(machine),
  'scripts report success and change nothing': ({ lies }) => lies,
  'a name used twice': ({ name }, { machines }) => machines.filter((other) => other.name === name).length === 2,
  'an id in odd letter case': ({ id }) => id.includes('/resourcegroups/'),
  'hardly a property': ({ sparse }) => sparse,
  'a pair in an availability set': ({ vm, subscriptionId }, { machines }) =>
    vm?.availabilitySet &&
    machines.filter((other) => other.vm?.availabilitySet === vm.availabilitySet && other.subscriptionId === subscriptionId).length === 2,
  'on nobody’s server list': ({ name }) => !LISTED.has(name.toLowerCase()),
  'onboarded already': onboardedAndReporting,
  'the extension failed with 4: no way to the package': failedWith(4),
  'the extension failed with 5: the old product blocks it': failedWith(5),
  'the extension failed with 12: requirements': failedWith(12),
  'the extension failed with 31: the service does not answer': failedWith(31),
  'onboarded, but its sensor is silent': (machine) =>
    onboardedAndReporting(machine) &&
    machine.guest.sensor.health === 'ImpairedCommunication' &&
    NOW - Date.parse(machine.guest.sensor.lastSeen ?? '') > 86_400_000,
  'Intune manages its Defender': ({ guest }) => guest.onboarded && guest.sensor.managedBy === 'Intune',
  'Defender on Linux without a licence': ({ guest }) => guest.mdatp?.licensed === false && !guest.onboarded,
  'a domain controller': ({ guest }) => guest.roles.includes('domain-controller'),
  'the passive key is set': ({ guest }) => guest.passiveKey === 1 && guest.gpo === null && !guest.onboarded,
  'the domain deletes the passive key': ({ guest }) => guest.passiveKey === 1 && guest.gpo?.passiveKey === null,
  'both engines are active': ({ guest }) => protectionOf(guest) === 'both',
  'Defender alone, never onboarded': ({ guest }) => protectionOf(guest) === 'defender' && !guest.onboarded,
  'nobody protects it: product gone, key still set': ({ guest }) =>
    protectionOf(guest) === 'none' && guest.onboarded && guest.passiveKey === 1 && guest.thirdParty.length === 0,
  'active with tamper protection: there is no way back': ({ guest }) =>
    protectionOf(guest) === 'defender' && guest.onboarded && guest.defender?.tamperProtected,
  'Linux where the old product’s driver blocks a second engine': ({ os, guest, extensions }) =>
    os.type === 'linux' && guest.thirdParty.some(({ blocks }) => blocks) && extensions.length === 0,
  'the old product wants a token to go': ({ guest }) => guest.thirdParty.some(({ token }) => token !== null),
};

function find(estate: Estate, named: string): Machine[] {
  return estate.machines.filter(({ name, resourceGroup }) => [name, `${resourceGroup.toLowerCase()}/${name}`].includes(named));
}

describe.each(SAMPLE_CASES)('%s', (words, traits, ...names) => {
  const has: Has = HAS[words] ?? (() => undefined);

  test.each(names)('%s is such a machine', (name) => {
    const machines = find(sample, name);
    expect(machines).toHaveLength(1);
    expect(Boolean(has(machines[0]!, sample))).toBe(true);
  });
  test('not every machine is one', () => {
    expect(sample.machines.every((machine) => has(machine, sample))).toBe(false);
  });
  if (traits.length > 0) {
    test('without its traits no machine of that name is', () => {
      const gone = new Set<string>(traits);
      const others = SAMPLE_CASES.map(([label, own, ...rest]): (typeof SAMPLE_CASES)[number] => {
        return [label, own.filter((trait) => !gone.has(trait)), ...rest];
      });
      const plain = sampleEstate(7, NOW, others);
      for (const name of names) expect([name, Boolean(has(find(plain, name)[0]!, plain))]).toEqual([name, false]);
    });
  }
});

test('every case is checked, and its words stand for one case', () => {
  expect(SAMPLE_CASES.map(([words]) => words).toSorted()).toEqual(Object.keys(HAS).toSorted());
});

test('a name no operating system of Windows Server explains is on no Windows machine', () => {
  const windows = sample.machines.filter(({ os }) => os.type === 'windows');
  expect(windows.filter(({ os }) => !SERVERS.some((release) => os.name.includes(release)))).toEqual([]);
});

test('names of Windows machines fit NetBIOS', () => {
  expect(sample.machines.filter(({ os, name }) => os.type !== 'linux' && name.length > 15).map(({ name }) => name)).toEqual([]);
});

describe('plans and policies of the sample', () => {
  const { subscriptions, assignments, policySets, managementGroup } = sample;
  const nonprod = subscriptions.find(({ name }) => name === 'corp-nonprod')!;

  test('corp-nonprod: a plan has switched endpoint protection on by itself', () => {
    expect([nonprod.plan.tier, nonprod.settings.WDATP]).toEqual(['Standard', true]);
    expect(subscriptions.filter(({ settings }) => settings.WDATP).map(({ name }) => name)).toEqual(['corp-nonprod']);
  });
  test('mde-settings: an initiative at the management group flips it back there and nowhere else', () => {
    const above = assignments.find(({ name }) => name === 'mde-settings');
    expect(above?.scope.endsWith(`/managementGroups/${managementGroup.id}`)).toBe(true);
    expect(above?.policyDefinitionId).toMatch(/77b391e3-2d5d-40c3-83bf-65c846b3c6a3$/);
    const spared = subscriptions.filter(({ id }) => above?.notScopes.includes(`/subscriptions/${id}`)).map(({ name }) => name);
    expect(spared.toSorted()).toEqual(['branch-arc', 'corp-prod']);
  });
  test('server-agents: a home-made initiative holds one of the agent policies, and is assigned', () => {
    const set = policySets.find(({ name }) => name === 'server-agents');
    expect(set?.policyDefinitions.map(({ definitionId }) => definitionId)).toContainEqual(
      expect.stringMatching(/1ec9c2c2-6d64-656d-6465-3ec3309b8579$/),
    );
    expect(
      assignments.some(
        ({ policyDefinitionId }) =>
          policyDefinitionId === `${set?.scope}/providers/Microsoft.Authorization/policySetDefinitions/server-agents`,
      ),
    ).toBe(true);
  });
  test('a device that turned out to be tst-app-01 is merged into it', () => {
    const merged = sample.directory.sightings.find(({ mergedInto }) => mergedInto !== null);
    expect(find(sample, merged?.mergedInto ?? '')[0]?.guest.onboarded).toBe(true);
  });
  test('every maintenance configuration is assigned to machines there are', () => {
    const ids = new Set(sample.machines.map(({ id }) => id.toLowerCase()));
    const assigned = sample.maintenanceConfigurations.flatMap(({ machines }) => machines);
    expect(assigned.length).toBeGreaterThan(3);
    expect(assigned.filter((id) => !ids.has(id.toLowerCase()))).toEqual([]);
  });
});
