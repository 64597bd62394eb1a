import type { z } from 'zod';
import type { Random } from '../random.ts';
import type { GuestInput } from './guest.ts';
import type { MachineKind, machineSchema } from './machine.ts';
import { OPERATING_SYSTEMS, type OsName } from './operating-systems.ts';
import { type ProductName, product } from './products.ts';
import { KNOWN_UPDATES, LAST_2012_R2_ROLLUP } from './updates-catalogue.ts';
import { windowsRelease } from './windows-releases.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;
// Offered to nobody before its day, which lies after the clock's start.
const [LAST_ROLLUP] = LAST_2012_R2_ROLLUP;
export type MachineInput = Omit<z.input<typeof machineSchema>, 'id' | 'vm' | 'arc'> & { id?: string; vm?: object; arc?: object };

export interface Plain {
  name: string;
  kind: MachineKind;
  subscriptionId: string;
  resourceGroup: string;
  location: string;
  os: OsName;
  ring: string | null;
  owner: string | null;
  product: ProductName | null;
  /** Value of the tag; otherwise the end of the resource group's name. */
  environment?: string;
}

/** An ordinary machine before a migration: the third-party product runs and keeps Defender Antivirus off. */
export function plainMachine(plain: Plain, random: Random, now: number): MachineInput {
  const { os, osBuild, hasFeature } = OPERATING_SYSTEMS[plain.os];
  const tags: Record<string, string> = { environment: plain.environment ?? plain.resourceGroup.split('-').at(-1) ?? '' };
  if (plain.ring) tags['ring'] = plain.ring;
  if (plain.owner) tags['owner'] = plain.owner;
  const release = windowsRelease({ os });
  const guest: GuestInput = {
    osBuild,
    lastBoot: new Date(now - random.between(2, 40) * DAY - random.between(0, 900) * MINUTE).toISOString(),
    thirdParty: plain.product ? [product(plain.product, os.type)] : [],
    defender: hasFeature ? offDefender(random.between(3, 90)) : null,
    // From Windows Server 2019 on the sensor is part of the system and sleeps until it is onboarded.
    sensor: { service: release?.supported && !release.unifiedAgent ? 'Stopped' : 'Absent' },
    updates: { hotfixes: hotfixesOf(release?.name ?? ''), missing: release?.name === '2012 R2' ? [LAST_ROLLUP] : [] },
  };
  const { name, kind, subscriptionId, resourceGroup, location } = plain;
  const base = { name, kind, subscriptionId, resourceGroup, location, tags, os, guest };
  if (kind === 'vm') return { ...base, vm: { size: random.pick(['Standard_D2s_v5', 'Standard_D4s_v5', 'Standard_E4s_v5']) } };
  return { ...base, os: { ...os, image: null }, arc: { lastStatusChange: new Date(now - random.between(1, 20) * DAY).toISOString() } };
}

function offDefender(signatureAgeDays: number): GuestInput['defender'] {
  return { feature: 'Installed', mode: 'Not running', signatureAgeDays, disabledByPolicy: true };
}

// An ordinary machine has what the unified agent asks for.
function hotfixesOf(release: string): string[] {
  return [...KNOWN_UPDATES.values()].filter(({ unifiedAgent }) => unifiedAgent.includes(release)).map(({ kb }) => kb);
}
