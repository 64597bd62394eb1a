import type { Machine } from './machine.ts';

/** What differs between the releases of Windows Server as far as Defender goes. */
export interface WindowsRelease {
  name: string;
  /** The feature Get-WindowsFeature lists; null = the release has none of its own. */
  feature: string | null;
  /** Gets Defender for Endpoint as an installed package (unified agent) instead of having the sensor on board. */
  unifiedAgent: boolean;
  /** Whether Defender for Endpoint takes it through Defender for Cloud at all. */
  supported: boolean;
}

// In the order in which the names are looked for; R2 before its plain sibling.
const RELEASES: readonly WindowsRelease[] = [
  { name: '2003', feature: null, unifiedAgent: false, supported: false },
  { name: '2008', feature: null, unifiedAgent: false, supported: false },
  { name: '2012 R2', feature: null, unifiedAgent: true, supported: true },
  { name: '2012', feature: null, unifiedAgent: true, supported: false },
  { name: '2016', feature: 'Windows-Defender-Features', unifiedAgent: true, supported: true },
  { name: '2019', feature: 'Windows-Defender', unifiedAgent: false, supported: true },
  { name: '2022', feature: 'Windows-Defender', unifiedAgent: false, supported: true },
  { name: '2025', feature: 'Windows-Defender', unifiedAgent: false, supported: true },
];

/** The release of a Windows machine by the name its system gives itself; null when it is none of these. */
export function windowsRelease({ os }: Pick<Machine, 'os'>): WindowsRelease | null {
  if (os.type !== 'windows') return null;
  return RELEASES.find(({ name }) => os.name.includes(name)) ?? null;
}
