import type { Machine } from '../../estates/machine.ts';
import { windowsRelease } from '../../estates/windows-releases.ts';
import { createRandom, seedOf } from '../../random.ts';
import type { Agenda } from '../agenda.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const SILENT_DAYS = 7;
/** What the installation package brings; KB5005292 brings a newer one. */
const PACKAGE_VERSION = '10.8735.25857.1001';
const LINUX_VERSION = '101.25092.0005';

/** The id the Defender service knows the machine by; the same machine always draws the same. */
export function deviceIdOf(machine: Machine): string {
  const random = createRandom(seedOf(`${machine.id.toLowerCase()}|device`));
  return `${random.guid()}${random.guid()}`.replaceAll('-', '').slice(0, 40);
}

/** Plans the first report of a sensor that has just been set up: within minutes. */
export function planFirstReport(agenda: Agenda, machine: Machine, now: number): void {
  const subject = machine.id.toLowerCase();
  const delay = createRandom(seedOf(`${subject}|reports`)).between(2 * MINUTE, 8 * MINUTE);
  agenda.schedule({ at: now + delay, kind: 'sensor-reports', subject });
}

/** The sensor is installed (where the system has none), runs and belongs to the tenant from `now` on; it has not reported yet. */
export function startSensor(machine: Machine, now: number): void {
  const { sensor } = machine.guest;
  sensor.deviceId ??= deviceIdOf(machine);
  sensor.service = 'Running';
  sensor.onboardedAt = new Date(now).toISOString();
  sensor.health = 'NoSensorData';
  sensor.lastSeen = null;
  if (sensor.version === '') sensor.version = packagedVersion(machine);
}

function packagedVersion(machine: Machine): string {
  if (machine.os.type === 'linux') return LINUX_VERSION;
  return windowsRelease(machine)?.unifiedAgent ? PACKAGE_VERSION : `10.8815.${machine.guest.osBuild || '0'}`;
}

/** The sensor reports, if it can, or is found to be silent. True when anything about it is different. */
export function reportSensor(machine: Machine, now: number): boolean {
  const { guest } = machine;
  const { sensor } = guest;
  if (!guest.onboarded || sensor.deviceId === null) return false;
  const before = JSON.stringify(sensor);
  if (!isUp(machine) || sensor.service !== 'Running') markSilent(machine, now);
  else if (guest.egress !== 'open') sensor.health = sensor.lastSeen === null ? 'NoSensorData' : 'ImpairedCommunication';
  else markSeen(machine, now);
  return JSON.stringify(sensor) !== before;
}

function isUp({ vm, guest }: Machine): boolean {
  return guest.online && (vm === null || vm.power === 'running');
}

function markSilent({ guest: { sensor } }: Machine, now: number): void {
  if (sensor.lastSeen !== null && now - Date.parse(sensor.lastSeen) > SILENT_DAYS * DAY) sensor.health = 'Inactive';
}

// A domain controller is never managed by Defender for Endpoint.
function markSeen({ guest: { sensor, roles } }: Machine, now: number): void {
  sensor.lastSeen = new Date(now).toISOString();
  sensor.health = 'Active';
  if (roles.includes('domain-controller')) Object.assign(sensor, { managedBy: 'Unknown', managedByStatus: 'Unknown' });
  else if (sensor.managedBy === 'Unknown') Object.assign(sensor, { managedBy: 'MicrosoftDefenderForEndpoint', managedByStatus: 'Success' });
}
