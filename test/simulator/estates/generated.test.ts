import type { Estate } from '../../../simulator/estates/estate.ts';
import { generatedEstate } from '../../../simulator/estates/generated.ts';
import { generatedSubscriptions } from '../../../simulator/estates/generated-subscriptions.ts';
import type { Machine } from '../../../simulator/estates/machine.ts';
import { sampleEstate } from '../../../simulator/estates/sample.ts';

const NOW = Date.parse('2026-03-02T09:00:00Z');
const sampleIds = sampleEstate(7, NOW).subscriptions.map(({ id }) => id);
type Is = (machine: Machine) => unknown;

const isArc: Is = ({ arc }) => arc;
const isWindows: Is = ({ os }) => os.type === 'windows';
const isMachine: Is = () => true;

/** What it is, of which machines, and between which shares of them (percent), for 400 and for 5,000 machines. */
const PROPORTIONS: [words: string, is: Is, of: Is, small: [number, number], large: [number, number]][] = [
  ['on Arc', isArc, isMachine, [28, 42], [33, 37]],
  ['Linux', ({ os }) => os.type === 'linux', isMachine, [11, 24], [14, 20]],
  ['2012 R2', ({ os }) => /2012 R2/.test(os.name), isMachine, [4, 12], [6, 9]],
  ['2016', ({ os }) => /2016/.test(os.name), isMachine, [13, 26], [17, 22]],
  ['2019 or 2022', ({ os }) => /2019|2022/.test(os.name), isMachine, [41, 60], [46, 54]],
  ['2025', ({ os }) => /2025/.test(os.name), isMachine, [2, 9], [3, 7]],
  ['in ring canary', ({ tags }) => tags['ring'] === 'canary', isMachine, [1.5, 7], [3, 5]],
  ['in ring pilot', ({ tags }) => tags['ring'] === 'pilot', isMachine, [10, 22], [14, 18]],
  ['in ring broad', ({ tags }) => tags['ring'] === 'broad', isMachine, [63, 81], [69, 75]],
  ['without an owner', ({ tags }) => !tags['owner'], isMachine, [5, 20], [9, 15]],
  ['without a tag', ({ tags }) => Object.keys(tags).length === 0, isMachine, [1, 6], [2, 4.5]],
  ['bound to WSUS', ({ guest }) => guest.updates.wsus, isWindows, [50, 68], [56, 63]],
  ['lacking updates', ({ guest }) => guest.updates.missing.length > 0, isMachine, [44, 68], [50, 62]],
  ['with a restart pending', ({ guest }) => guest.rebootPending, isMachine, [2, 8.5], [4, 6]],
  ['without a third-party product', ({ guest }) => guest.thirdParty.length === 0, isMachine, [2.5, 11], [4.5, 9]],
  ['domain controllers', ({ guest }) => guest.roles.includes('domain-controller'), isMachine, [0.5, 4.5], [1.4, 2.7]],
  ['onboarded', ({ guest }) => guest.onboarded, isMachine, [7, 19], [12, 20]],
  ['with a failed extension', ({ extensions }) => extensions.some(({ state }) => state === 'Failed'), isMachine, [0.2, 3.5], [0.7, 2.2]],
  ['with an outage now or soon', ({ guest }) => guest.outages.length > 0, isMachine, [0.7, 7], [2.7, 4.7]],
  ['offline now', ({ guest }) => !guest.online, isMachine, [0, 3], [0.4, 1.6]],
  ['disconnected by now', ({ arc }) => arc?.status === 'Disconnected', isArc, [1, 10], [3.3, 7]],
  ['in monitor mode', ({ arc }) => arc?.configMode === 'monitor', isArc, [0.2, 6], [1, 3.2]],
  ['with Defender blocked', ({ arc }) => arc?.blockList.length, isArc, [0, 4], [0.3, 2]],
  ['with an old agent', ({ arc }) => arc?.agentVersion.startsWith('1.30'), isArc, [0.3, 7], [1.8, 4.5]],
  ['in an availability set', ({ vm }) => vm?.availabilitySet, ({ vm }) => vm, [8, 26], [13, 20]],
  ['powered off', ({ vm }) => vm?.power === 'deallocated', ({ vm }) => vm, [1.5, 8], [3, 6]],
  ['assessed by the platform', ({ patching }) => patching.assessmentMode === 'AutomaticByPlatform', isMachine, [70, 88], [77, 83]],
  ['with an id in odd letter case', ({ id }) => id.includes('/resourcegroups/'), isMachine, [1, 6], [2, 4]],
  ['with hardly a property', ({ sparse }) => sparse, isMachine, [0, 2], [0.2, 1.1]],
];

describe.each([
  [400, 1],
  [400, 7],
  [5000, 1],
  [5000, 7],
])('%i machines of seed %i', (size, seed) => {
  const estate = generatedEstate(size, seed, NOW);
  const { machines, subscriptions } = estate;

  test('are as many as asked for', () => {
    expect(machines).toHaveLength(size);
  });
  test.each(PROPORTIONS)('%s: a realistic share', (_, is, of, small, large) => {
    const among = machines.filter(of);
    const share = (100 * among.filter(is).length) / among.length;
    const [low, high] = size === 400 ? small : large;
    expect(share).toBeGreaterThanOrEqual(low);
    expect(share).toBeLessThanOrEqual(high);
  });
  test('share a name rarely, an id never', () => {
    const twice = size - new Set(machines.map(({ name }) => name)).size;
    expect(twice).toBeGreaterThan(0);
    expect(twice).toBeLessThan(size * 0.01);
    expect(new Set(machines.map(({ id }) => id.toLowerCase())).size).toBe(size);
  });
  test('hold pairs of two alike', () => {
    const sets = Map.groupBy(
      machines.filter(({ vm }) => vm?.availabilitySet),
      ({ vm, resourceGroup }) => `${resourceGroup.toLowerCase()}/${vm?.availabilitySet}`,
    );
    const pairs = [...sets.values()].map((members) => [members.length, new Set(members.map(({ os }) => os.name)).size]);
    expect(pairs.length).toBeGreaterThan(5);
    expect(pairs.filter(([count, systems]) => count !== 2 || systems !== 1)).toEqual([]);
  });
  test('take their updates from a WSUS of their own subscription that has what it says', () => {
    const servers = new Map(
      machines.filter(({ guest }) => guest.wsusServer).map((machine) => [`http://${machine.name}.corp.example:8530`, machine]),
    );
    const clients = machines.filter(({ guest }) => guest.updates.wsus);
    const told = clients.map(({ guest, subscriptionId }) => {
      const server = servers.get(guest.updates.wsus!.server);
      const products = server?.guest.wsusServer?.products ?? [];
      return [
        server?.subscriptionId.toLowerCase() === subscriptionId.toLowerCase(),
        products.includes('Microsoft Defender Antivirus') === guest.updates.wsus!.offersDefender,
        products.includes('Microsoft Defender for Endpoint') === guest.updates.wsus!.offersSensor,
      ];
    });
    expect(told.filter((facts) => facts.includes(false))).toEqual([]);
  });
  test('come from one vendor mostly in each subscription, and from several in all', () => {
    const vendors = new Set<string>();
    for (const { id } of subscriptions) {
      const own = machines.filter(({ subscriptionId }) => subscriptionId.toLowerCase() === id);
      const found = own.flatMap(({ guest }) => guest.thirdParty.map(({ vendor }) => vendor));
      const counts = [...Map.groupBy(found, (vendor) => vendor)].map(([vendor, all]) => ({ vendor, count: all.length }));
      const main = counts.toSorted((a, b) => b.count - a.count)[0]!;
      expect(main.count / found.length).toBeGreaterThan(0.7);
      vendors.add(main.vendor);
    }
    expect(vendors.size).toBeGreaterThan(1);
  });
  test('are patched in windows assigned to a fifth of them', () => {
    const ids = new Set(machines.map(({ id }) => id));
    const assigned = estate.maintenanceConfigurations.flatMap((configuration) => configuration.machines);
    expect(assigned.filter((id) => !ids.has(id))).toEqual([]);
    expect(assigned.length / size).toBeGreaterThan(0.12);
    expect(assigned.length / size).toBeLessThan(0.28);
  });
  test('are onboarded where endpoint protection is on, and nowhere else', () => {
    const on = new Set(subscriptions.filter(({ settings }) => settings.WDATP).map(({ id }) => id));
    const strays = machines.filter(({ guest, subscriptionId }) => guest.onboarded && !on.has(subscriptionId.toLowerCase()));
    expect(strays).toEqual([]);
  });
});

describe('a generated estate', () => {
  const text = (estate: Estate) => JSON.stringify(estate);

  test('is the same, byte for byte, for the same size, seed and time, and another for another seed', () => {
    expect(text(generatedEstate(400, 3, NOW))).toBe(text(generatedEstate(400, 3, NOW)));
    expect(text(generatedEstate(400, 4, NOW))).not.toBe(text(generatedEstate(400, 3, NOW)));
  });
  test.each([1, 2, 3, 25, 401])('can have %i machines', (size) => {
    const { machines } = generatedEstate(size, 1, NOW);
    expect(machines).toHaveLength(size);
    const rings = new Set(machines.map(({ tags }) => tags['ring']));
    expect(['canary', 'pilot', 'broad'].slice(0, size).every((ring) => rings.has(ring))).toBe(true);
  });
  test.each([
    [25, 3],
    [400, 3],
    [401, 4],
    [5000, 7],
    [100_000, 20],
  ])('of %i machines has %i subscriptions, those of the sample first', (size, count) => {
    const { subscriptions } = generatedSubscriptions(size, NOW).frame;
    expect(subscriptions).toHaveLength(count);
    expect(subscriptions.slice(0, 3).map(({ id }) => id)).toEqual(sampleIds);
    expect(new Set(subscriptions.map(({ id }) => id)).size).toBe(count);
  });
  test('has plans of every kind when it is large, and an initiative that spares whoever keeps endpoint protection off', () => {
    const { subscriptions, assignments } = generatedSubscriptions(100_000, NOW).frame;
    expect(new Set(subscriptions.map(({ plan }) => plan?.subPlan ?? null))).toEqual(new Set(['P1', 'P2', null]));
    const off = subscriptions.filter(({ settings }) => !settings?.WDATP).map(({ id }) => `/subscriptions/${id}`);
    const initiative = assignments?.find(({ name }) => name === 'mde-settings');
    expect(initiative?.notScopes?.toSorted()).toEqual(off.toSorted());
  });
});
