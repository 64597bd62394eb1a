import { DAY, MINUTE, NOW, server } from './server.ts';
import { world } from './world.ts';

const HOURS = 60;
const DAYS = 24 * HOURS;
const at = (minutes: number) => new Date(NOW + minutes * MINUTE).toISOString();
const outage = (from: number, until: number, kind: 'network' | 'power' = 'network') => ({ from: at(from), until: at(until), kind });
const arc = (guest: object) => server('2022', guest, { kind: 'arc' });

describe('an outage', () => {
  test('shows on Arc after fifteen minutes without a heartbeat and ends when the machine is back', () => {
    const { wait, machine } = world([arc({ outages: [outage(10, 100)] })]);
    wait(20);
    expect([machine.guest.online, machine.arc?.status]).toEqual([false, 'Connected']);
    wait(6);
    expect(machine.arc).toMatchObject({ status: 'Disconnected', lastStatusChange: at(25) });
    wait(100);
    expect([machine.guest.online, machine.arc?.status, machine.arc?.lastStatusChange]).toEqual([true, 'Connected', at(100)]);
  });
  test('of 45 days expires the machine, and coming back does not undo that', () => {
    const { wait, machine } = world([arc({ outages: [outage(0, 50 * DAYS)] })]);
    wait(45 * DAYS - 1);
    expect(machine.arc?.status).toBe('Disconnected');
    wait(2);
    expect(machine.arc).toMatchObject({ status: 'Expired', lastStatusChange: at(45 * DAYS) });
    wait(10 * DAYS);
    expect([machine.guest.online, machine.arc?.status]).toEqual([true, 'Expired']);
  });
  test('comes out the same after one jump over all of it as after small steps', () => {
    const outages = [outage(10, 100, 'power'), outage(200, 300), outage(400, 420, 'power')];
    const guest = { defender: { feature: 'Available' as const, featureAfterBoot: 'Installed' as const }, rebootPending: true, outages };
    const jumped = world([server('2022', guest)]);
    jumped.wait(500);
    const walked = world([server('2022', guest)]);
    for (let step = 0; step < 50; step += 1) walked.wait(10);
    expect(jumped.machine).toEqual(walked.machine);
    expect(jumped.machine.guest).toMatchObject({ lastBoot: at(420), online: true, rebootPending: false, defender: { mode: 'Normal' } });
  });
  test('of power switches a virtual machine off and boots it at the end', () => {
    const { wait, machine } = world([server('2022', { outages: [outage(10, 100, 'power')] })]);
    wait(11);
    expect(machine.vm?.power).toBe('deallocated');
    wait(100);
    expect([machine.vm?.power, machine.guest.lastBoot]).toEqual(['running', at(100)]);
  });
  test('goes on after the process began again', () => {
    const first = world([arc({ outages: [outage(10, 100)] })]);
    first.wait(20);
    const second = first.restarted();
    second.wait(6);
    expect(second.machine.arc?.status).toBe('Disconnected');
    second.wait(75);
    expect(second.machine.arc?.status).toBe('Connected');
  });
});

describe('a WSUS server', () => {
  const synced = (guest: object) => {
    const { wait, machine } = world([server('2022', { wsusServer: { lastSync: at(-60) }, ...guest })]);
    wait(3 * DAYS);
    return (NOW + 3 * DAYS * MINUTE - Date.parse(machine.guest.wsusServer?.lastSync ?? '')) / DAY;
  };
  test('synchronises every day while it gets through', () => {
    expect(synced({})).toBeLessThan(1.25);
  });
  test('does not while it is cut off, nor when it never did', () => {
    expect(synced({ egress: 'azure-only' })).toBeGreaterThan(3);
    expect(synced({ wsusServer: { lastSync: null } })).toBeNaN();
  });
});

describe('definitions', () => {
  const guest = { defender: { mode: 'Normal', signatureAgeDays: 5 } } as const;
  const wsus = (offersDefender: boolean) => ({ updates: { wsus: { server: 'http://wsus:8530', offersDefender } } });
  test.each([
    ['come straight from Microsoft', guest, 0],
    ['come from a WSUS that has them', { ...guest, ...wsus(true) }, 0],
    ['grow older behind a WSUS that has none', { ...guest, ...wsus(false) }, 15],
    ['grow older without a way to them', { ...guest, egress: 'azure-only' as const }, 15],
    ['grow older where Defender does not run', { defender: { ...guest.defender, mode: 'Not running' as const } }, 15],
  ])('%s', (_, given, age) => {
    const { wait, machine } = world([server('2022', given)]);
    wait(10 * DAYS);
    expect(machine.guest.defender?.signatureAgeDays).toBe(age);
  });
  test('are fresh hours after the WSUS was put right', () => {
    const { wait, machine } = world([server('2022', { ...guest, ...wsus(false) })]);
    wait(2 * DAYS);
    expect(machine.guest.defender?.signatureAgeDays).toBe(7);
    machine.guest.updates.wsus!.offersDefender = true;
    wait(4 * HOURS);
    expect(machine.guest.defender?.signatureAgeDays).toBe(0);
  });
});

describe('a domain policy', () => {
  const guest = { onboarded: true, passiveKey: 1, defender: { mode: 'Passive' }, gpo: { passiveKey: null, refreshMinutes: 90 } } as const;
  test('rewrites the key at the next refresh and Defender becomes active', () => {
    const { wait, machine } = world([server('2022', guest)]);
    wait(95);
    expect(machine.guest).toMatchObject({ passiveKey: null, defender: { mode: 'Normal' }, history: [{ cause: 'group policy' }] });
  });
  test('waits for the machine to be on the network', () => {
    const { wait, machine } = world([server('2022', { ...guest, outages: [outage(0, 300)] })]);
    wait(299);
    expect(machine.guest.passiveKey).toBe(1);
    wait(96);
    expect(machine.guest.passiveKey).toBeNull();
  });
  test('rewrites what a script has written as often as it is written', () => {
    const { wait, machine } = world([server('2022', { ...guest, passiveKey: null })]);
    for (let round = 0; round < 3; round += 1) {
      machine.guest.passiveKey = 1;
      wait(95);
      expect(machine.guest.passiveKey).toBeNull();
    }
  });
});

test('a sensor reports through the day while its machine is on, and not while it is off', () => {
  const { wait, machine } = world([server('2022', { onboarded: true, outages: [outage(2 * DAYS, 12 * DAYS)] })]);
  expect(machine.guest.sensor).toMatchObject({ service: 'Running', health: 'Active', lastSeen: at(0) });
  wait(1 * DAYS);
  expect(NOW + DAY - Date.parse(machine.guest.sensor.lastSeen!)).toBeLessThan(4 * HOURS * MINUTE);
  wait(10 * DAYS);
  expect(machine.guest.sensor.health).toBe('Inactive');
  wait(1 * DAYS + 4 * HOURS);
  expect(machine.guest.sensor.health).toBe('Active');
});
