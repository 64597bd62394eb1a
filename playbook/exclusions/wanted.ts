import { OWN_GROUPS } from '../../core/facts/devices.ts';
import { isWindows } from '../../core/machine.ts';
import type { MachineSubject, Snapshot } from '../../core/snapshot.ts';
import { evidenceFor } from '../../core/snapshot.ts';
import { notLookedEverywhere } from '../platform/products.ts';
import { products } from '../products/index.ts';
import type { ProductExclusions } from './old-products.ts';
import { oldProductExclusions } from './old-products.ts';

export type Platform = 'windows' | 'linux';

/** As people and Entra call the servers of a platform. */
export const platforms: Readonly<Record<Platform, { readonly words: string; readonly deviceType: string; readonly profile: string }>> = {
  windows: { words: 'Windows', deviceType: 'Windows Server', profile: 'Windows, Microsoft Defender Antivirus exclusions' },
  linux: { words: 'Linux', deviceType: 'Linux', profile: 'Linux, Microsoft Defender Antivirus exclusions' },
};

/** The group and the policy that one platform is to have. */
export interface WantedExclusions extends ProductExclusions {
  readonly platform: Platform;
  /** The products it is about, by vendor. */
  readonly vendors: readonly string[];
  /** Those among them of which nobody knows here what they consist of. */
  readonly unlisted: readonly string[];
  /** Servers of the platform that could not be looked into: they may have other products. */
  readonly unseen: number;
  readonly group: { readonly name: string; readonly nickname: string; readonly rule: string };
  readonly policyName: string;
}

/** What is wanted where a product of another vendor was seen in this fleet, or is named by the migration; nothing for a platform that has none. */
export function wantedExclusions(snapshot: Snapshot): readonly WantedExclusions[] {
  return (['windows', 'linux'] as const).map((platform) => wantedOn(platform, snapshot)).filter(({ vendors }) => vendors.length > 0);
}

/** The servers that could not be looked into, whatever their platform. */
export function unseenServers(snapshot: Snapshot): number {
  return (['windows', 'linux'] as const).reduce((sum, platform) => sum + seenOn(platform, snapshot).unseen, 0);
}

function wantedOn(platform: Platform, snapshot: Snapshot): WantedExclusions {
  const { vendors, unseen } = seenOn(platform, snapshot);
  const named = snapshot.options.removeThirdParty.scripts.filter(({ os }) => os === platform).map(({ vendor }) => vendor);
  const all = distinct([...vendors, ...named].map(asListed)).toSorted();
  const known = all.flatMap((vendor) => exclusionsOf(vendor, platform) ?? []);
  const { words, deviceType } = platforms[platform];
  return {
    platform,
    vendors: all,
    unlisted: all.filter((vendor) => exclusionsOf(vendor, platform) === null),
    unseen,
    processes: distinct(known.flatMap(({ processes }) => processes)),
    paths: distinct(known.flatMap(({ paths }) => paths)),
    group: {
      name: `${OWN_GROUPS} ${words} servers managed by Defender`,
      nickname: `greenlight-${platform}-servers`,
      rule: `(device.managementType -eq "MicrosoftSense") and (device.deviceOSType -eq "${deviceType}")`,
    },
    policyName: `Greenlight exclusions ${words}: ${snapshot.organisation.name}`,
  };
}

/** What Defender is to leave alone of a product; null for one that no table knows. */
export function exclusionsOf(vendor: string, platform: Platform): ProductExclusions | null {
  const own = oldProductExclusions[asListed(vendor)]?.[platform];
  if (!own) return null;
  const listed = platform === 'linux' ? (products.find((product) => product.vendor === asListed(vendor))?.linux.paths ?? []) : [];
  return { processes: own.processes, paths: distinct([...listed, ...own.paths]) };
}

function seenOn(platform: Platform, snapshot: Snapshot): { readonly vendors: readonly string[]; readonly unseen: number } {
  const looked = snapshot.machines.filter((machine) => isOn(platform, machine)).map(({ id }) => evidenceFor(snapshot, 'guest', id));
  return {
    vendors: looked.flatMap((guest) => (guest.state === 'read' ? guest.value.thirdParty.map(({ vendor }) => vendor) : [])),
    unseen: looked.filter((guest) => guest.state === 'unread' || notLookedEverywhere(guest.value)).length,
  };
}

/** What is not known to be Linux may be a Windows server, also when its version is not recognised. */
function isOn(platform: Platform, { facts: { kind, os } }: MachineSubject): boolean {
  if (kind === 'listed') return false;
  return platform === 'linux' ? os === 'linux' : os === null || os === 'unsupported' || isWindows(os);
}

/** In the spelling of the list of products. */
function asListed(vendor: string): string {
  return products.find((product) => product.vendor.toLowerCase() === vendor.trim().toLowerCase())?.vendor ?? vendor.trim();
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
