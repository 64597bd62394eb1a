import type { OperatingSystem } from '../core/machine.ts';

/** The Windows Server versions the migration moves. */
export const WINDOWS_SERVERS = [
  'windows-server-2012-r2',
  'windows-server-2016',
  'windows-server-2019',
  'windows-server-2022',
  'windows-server-2025',
] as const satisfies readonly OperatingSystem[];
