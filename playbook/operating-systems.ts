import type { OperatingSystem } from '../core/machine.ts';

/** Windows Server from 2016 on: Defender Antivirus is a feature of the system. */
export const FEATURE_SERVERS = [
  'windows-server-2016',
  'windows-server-2019',
  'windows-server-2022',
  'windows-server-2025',
] as const satisfies readonly OperatingSystem[];

/** The Windows Server versions the migration moves. */
export const WINDOWS_SERVERS = ['windows-server-2012-r2', ...FEATURE_SERVERS] as const satisfies readonly OperatingSystem[];

/** Those whose sensor is a package of its own (unified solution), with updates of its own. From 2019 on the sensor is part of the system. */
const PACKAGED_SENSOR: ReadonlySet<OperatingSystem | null> = new Set<OperatingSystem | null>([
  'windows-server-2012-r2',
  'windows-server-2016',
]);

export function hasPackagedSensor(os: OperatingSystem | null): boolean {
  return PACKAGED_SENSOR.has(os);
}
