import type { Sighting } from '../../estates/directory.ts';
import type { Estate } from '../../estates/estate.ts';
import type { Machine } from '../../estates/machine.ts';
import { createRandom, seedOf } from '../../random.ts';
import { addressesOf, dnsName, sensorIdFrom } from './device-identity.ts';
import { isHeard } from './facts.ts';
import { buildOf, platformOf } from './platforms.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A device Defender for Endpoint knows without a sensor's word; `mergedTo` is the id it now goes by. */
export type Seen = Sighting & { mergedTo: string };

/** What the estate declares, and the neighbours that onboarded machines have noticed on their network. */
export function sightingsOf(estate: Estate, now: number): Seen[] {
  const declared = estate.directory.sightings.map((sighting) => ({ ...sighting, mergedTo: resolved(estate, sighting.mergedInto) }));
  const watched = new Set(estate.machines.filter(isHeard).map(network));
  const noticed = estate.machines.filter((machine) => machine.guest.sensor.deviceId === null && watched.has(network(machine)));
  return [...declared, ...noticed.filter(isNoticed).map((machine) => sightingOf(machine, now))];
}

function network({ subscriptionId, resourceGroup }: Machine): string {
  return `${subscriptionId}/${resourceGroup}`.toLowerCase();
}

// Discovery hears some machines and not others: two in three.
function isNoticed({ id, os, vm }: Machine): boolean {
  return os.type !== '' && vm?.power !== 'deallocated' && createRandom(seedOf(`${id.toLowerCase()}|noticed`)).next() < 2 / 3;
}

function sightingOf(machine: Machine, now: number): Seen {
  const lastSeen = Math.floor(now / HOUR) * HOUR - HOUR;
  return {
    id: sensorIdFrom(`${machine.id.toLowerCase()}|seen`),
    name: dnsName(machine),
    osPlatform: platformOf(machine).osPlatform,
    osBuild: buildOf(machine),
    deviceType: 'Server',
    onboardingStatus: /2008/.test(machine.os.name) ? 'Unsupported' : 'CanBeOnboarded',
    firstSeen: new Date(lastSeen - 9 * DAY).toISOString(),
    lastSeen: new Date(lastSeen).toISOString(),
    ip: addressesOf(machine).internal,
    mergedInto: null,
    mergedTo: '',
  };
}

function resolved({ machines }: Estate, name: string | null): string {
  if (name === null) return '';
  if (/^[0-9a-f]{40}$/.test(name)) return name;
  return machines.find((machine) => machine.name.toLowerCase() === name.toLowerCase())?.guest.sensor.deviceId ?? '';
}
