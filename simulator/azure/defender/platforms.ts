import type { Machine } from '../../estates/machine.ts';

export interface Platform {
  osPlatform: string;
  /** The version's popular name, as the machines API gives it. */
  version: string;
  osVersion: string;
  distribution: string;
}

const WINDOWS: [RegExp, string, string, string][] = [
  [/2025/, 'WindowsServer2025', '24H2', '10.0'],
  [/2022/, 'WindowsServer2022', '21H2', '10.0'],
  [/2019/, 'WindowsServer2019', '1809', '10.0'],
  [/2016/, 'WindowsServer2016', '1607', '10.0'],
  [/2012 R2/i, 'WindowsServer2012R2', '6.3', '6.3'],
  [/2008 R2/i, 'WindowsServer2008R2', '6.1', '6.1'],
];
const LINUX: [RegExp, string][] = [
  [/ubuntu/i, 'Ubuntu'],
  [/red hat/i, 'RedHatEnterpriseLinux'],
  [/suse/i, 'SuseLinuxEnterpriseServer'],
  [/debian/i, 'Debian'],
];

/** The operating system in Defender for Endpoint's words. */
export function platformOf({ os }: Machine): Platform {
  if (os.type === 'linux') {
    const distribution = LINUX.find(([pattern]) => pattern.test(os.name))?.[1] ?? 'Linux';
    return { osPlatform: 'Linux', version: os.version, osVersion: os.version, distribution };
  }
  const [, osPlatform, version, osVersion] = WINDOWS.find(([pattern]) => pattern.test(os.name)) ?? [null, 'Windows', '', ''];
  return { osPlatform, version, osVersion, distribution: osPlatform };
}

/** Build number without the revision; null where the sensor tells none. */
export function buildOf({ os, guest }: Machine): number | null {
  const build = os.type === 'windows' ? Number.parseInt(guest.osBuild, 10) : Number.NaN;
  return Number.isNaN(build) ? null : build;
}
