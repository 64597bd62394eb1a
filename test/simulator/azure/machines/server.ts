import type { GuestInput } from '../../../../simulator/estates/guest.ts';
import { completed, type Machine, machineSchema } from '../../../../simulator/estates/machine.ts';
import { OPERATING_SYSTEMS, type OsName } from '../../../../simulator/estates/operating-systems.ts';
import { SUBSCRIPTIONS } from '../../../../simulator/estates/sample-frame.ts';

export const NOW = Date.parse('2026-03-02T09:00:00Z');
export const MINUTE = 60_000;
export const DAY = 86_400_000;
const HAS_FEATURE: readonly OsName[] = ['2016', '2019', '2022', '2025'];

/** A server with the given operating system and guest; Windows Server 2016 and later have the Defender feature, installed. */
export function server(os: OsName, guest: GuestInput = {}, more: object = {}): Machine {
  const { os: system, osBuild } = OPERATING_SYSTEMS[os];
  const defender = HAS_FEATURE.includes(os) ? { defender: {} } : {};
  const input = { name: 'srv-1', kind: 'vm', subscriptionId: SUBSCRIPTIONS.prod, resourceGroup: 'rg', os: system, ...more };
  return machineSchema.parse(completed({ ...input, guest: { osBuild, ...defender, ...guest } }));
}

/** A third-party product with nothing special about it. */
export const PRODUCT = { vendor: 'CrowdStrike', service: 'CSFalconService' };
