import type { Machine } from './machine.ts';

export interface OperatingSystem {
  os: Machine['os'];
  osBuild: string;
  /** Whether Windows has a Defender Antivirus feature of its own. */
  hasFeature: boolean;
}

function windows(name: string, version: string, sku: string, osBuild: string, hasFeature = true): OperatingSystem {
  return {
    os: { type: 'windows', name, version, image: { publisher: 'MicrosoftWindowsServer', offer: 'WindowsServer', sku } },
    osBuild,
    hasFeature,
  };
}

function linux(name: string, version: string, publisher: string, offer: string, sku: string): OperatingSystem {
  return { os: { type: 'linux', name, version, image: { publisher, offer, sku } }, osBuild: version, hasFeature: false };
}

/** The operating systems of the pretend fleets, by the short name the estate tables use. */
export const OPERATING_SYSTEMS = {
  '2008r2': windows('Windows Server 2008 R2 Standard', '6.1.7601', '2008-R2-SP1', '7601.27320', false),
  '2012r2': windows('Windows Server 2012 R2 Datacenter', '6.3.9600', '2012-R2-Datacenter', '9600.22221', false),
  '2016': windows('Windows Server 2016 Datacenter', '10.0.14393', '2016-Datacenter', '14393.7428'),
  '2019': windows('Windows Server 2019 Datacenter', '10.0.17763', '2019-datacenter-gensecond', '17763.6414'),
  '2022': windows('Windows Server 2022 Datacenter', '10.0.20348', '2022-datacenter-g2', '20348.2762'),
  '2025': windows('Windows Server 2025 Datacenter', '10.0.26100', '2025-datacenter-g2', '26100.2314'),
  ubuntu: linux('Ubuntu 22.04.5 LTS', '22.04', 'Canonical', '0001-com-ubuntu-server-jammy', '22_04-lts-gen2'),
  rhel: linux('Red Hat Enterprise Linux 9.4 (Plow)', '9.4', 'RedHat', 'RHEL', '9-lvm-gen2'),
  blank: { os: { type: '', name: '', version: '', image: null }, osBuild: '', hasFeature: false },
} satisfies Record<string, OperatingSystem>;

export type OsName = keyof typeof OPERATING_SYSTEMS;
