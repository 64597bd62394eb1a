import type { Collection, Evidence } from '../../../core/evidence.ts';
import { read, unread } from '../../../core/evidence.ts';
import type { JoinedBy, ManagementFacts } from '../../../core/facts/devices.ts';
import type { Instant } from '../../../core/instant.ts';
import type { DefenderContext } from '../context.ts';
import { collectJoined } from '../joined-collection.ts';
import type { ListedMachine } from '../machines-list.ts';
import { readMachinesList } from '../machines-list.ts';
import { readings } from '../readings.ts';

const SOURCE = 'Defender machines list';

/** Who manages the security settings of every machine, by Defender's machines list. */
export function collectManagement(context: DefenderContext): Promise<Collection<'management'>> {
  return collectJoined(context, {
    kind: 'management',
    source: SOURCE,
    reading: readings.machines,
    read: () => readMachinesList(context.defender),
    fact: factOf,
  });
}

function factOf(machine: ListedMachine, joinedBy: JoinedBy, at: Instant): Evidence<ManagementFacts> {
  const { deviceId, managedBy, managedByStatus, onboarding, health, lastSeen } = machine;
  if (managedBy === null || managedByStatus === null) {
    const fix = 'Ask again in an hour; if it stays, look at “Managed by” of the device in the Defender portal (Assets > Devices).';
    return unread('Defender’s machines list does not say who manages this machine', fix, SOURCE, at);
  }
  return read({ found: true, deviceId, joinedBy, managedBy, status: managedByStatus, onboarding, health, lastSeen }, SOURCE, at);
}
