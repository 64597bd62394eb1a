import type { Collection, Evidence } from '../../../core/evidence.ts';
import { read } from '../../../core/evidence.ts';
import type { DeviceFacts, JoinedBy } from '../../../core/facts/devices.ts';
import type { Instant } from '../../../core/instant.ts';
import type { DefenderContext } from '../context.ts';
import type { HuntedDevice } from '../devices.ts';
import { readDevices } from '../devices.ts';
import { collectJoined } from '../joined-collection.ts';
import { readings } from '../readings.ts';

const SOURCE = 'Defender advanced hunting';

type Mode = Extract<DeviceFacts, { found: true }>['antivirusMode'];

/**
 * `AvMode` of DeviceTvmInfoGathering. Microsoft lists no values; these are the ones its published hunting queries tell apart
 * (Azure-Sentinel, query 9fddf2f5). Anything else says nothing.
 */
const MODES: ReadonlyMap<string, Mode> = new Map([
  ['0', 'active'],
  ['1', 'passive'],
  ['2', 'disabled'],
  ['4', 'edr-blocked'],
  ['5', 'passive-audit'],
]);

/** What advanced hunting knows of every machine: its sensor, and its antivirus mode as vulnerability management saw it. */
export function collectDevices(context: DefenderContext): Promise<Collection<'device'>> {
  return collectJoined(context, {
    kind: 'device',
    source: SOURCE,
    reading: readings.hunting,
    read: () => readDevices(context.graph),
    fact: factOf,
  });
}

function factOf(device: HuntedDevice, joinedBy: JoinedBy, at: Instant): Evidence<DeviceFacts> {
  const { deviceId, onboarding, sensorHealth, lastSeen, mode, modeSeen } = device;
  const antivirusMode = MODES.get(mode) ?? null;
  return read(
    { found: true, deviceId, joinedBy, onboarded: onboarding === 'Onboarded', sensorHealth, lastSeen, antivirusMode, modeSeen },
    SOURCE,
    at,
  );
}
