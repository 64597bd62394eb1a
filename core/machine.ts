import type { Instant } from './instant.ts';

/** The operating systems the migration knows, and `unsupported` for one that is read but not among them. */
export type OperatingSystem =
  | 'windows-server-2012-r2'
  | 'windows-server-2016'
  | 'windows-server-2019'
  | 'windows-server-2022'
  | 'windows-server-2025'
  | 'linux'
  | 'unsupported';

/** Where a machine lives: an Azure virtual machine, a server connected through Azure Arc, or `listed`: on the server list, and nowhere in Azure. */
export type MachineKind = 'azure-vm' | 'arc' | 'listed';

/** What the inventory says of one machine. `id` is the lower-case Azure resource id (`listed:<name>` for one that Azure does not show); it is the machine's identity everywhere. */
export interface MachineFacts {
  readonly id: string;
  readonly name: string;
  readonly kind: MachineKind;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** Azure region name, e.g. `westeurope`; a run command must repeat it. */
  readonly location: string;
  /** Null when Azure has not reported one. */
  readonly os: OperatingSystem | null;
  /** As Azure words it, for show. */
  readonly osLabel: string;
  /** Arc: Connected, Disconnected, Expired, Error. Azure VM: the power state code. Empty when not reported. */
  readonly status: string;
  /** Arc: `full` or `monitor`; monitor blocks Run Command. Null for Azure VMs and when not reported. */
  readonly configMode: string | null;
  readonly agentVersion: string | null;
  /** Arc: does the machine itself refuse extensions or Run Command by its mode or its allow and block lists? Null where it could not be told. */
  readonly refuses: { readonly defender: boolean; readonly runCommand: boolean } | null;
  /** Arc: since when it has this status. Null for Azure VMs and when not reported. */
  readonly statusSince: Instant | null;
  /** Fully qualified name in lower case; empty when not reported. */
  readonly fqdn: string;
  /** Extended Security Updates of Windows Server 2012 R2; null where nothing is reported. */
  readonly esu: 'assigned' | 'not-assigned' | null;
  /** Azure's id of this very machine: differs when a machine of the same name was made anew. */
  readonly vmId: string | null;
  /** Resource id of the availability set, in lower case; null for none. Two machines of one set are never changed at once. */
  readonly availabilitySet: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** Azure VM: what it was made from; left out where nothing is reported. `id` is empty for an image of the marketplace. */
  readonly image?: { readonly publisher: string; readonly id: string };
}

const WINDOWS_YEARS = {
  '2012': 'windows-server-2012-r2',
  '2016': 'windows-server-2016',
  '2019': 'windows-server-2019',
  '2022': 'windows-server-2022',
  '2025': 'windows-server-2025',
} as const;

/** Reads an operating system from what Azure reports (`osType` windows | linux, and a name or SKU); null when Azure said nothing. */
export function operatingSystem(osType: string, label: string): OperatingSystem | null {
  const type = osType.trim().toLowerCase();
  if (type === 'linux') return 'linux';
  if (type === '' && label.trim() === '') return null;
  if (type !== '' && !type.startsWith('windows')) return 'unsupported';
  const year = /\b(20\d\d)\b/.exec(label)?.[1];
  if (year === undefined) return label.trim() === '' ? null : 'unsupported';
  if (year === '2012' && !/\br2\b/i.test(label)) return 'unsupported';
  return WINDOWS_YEARS[year as keyof typeof WINDOWS_YEARS] ?? 'unsupported';
}

export function isWindows(os: OperatingSystem | null): boolean {
  return os?.startsWith('windows-') ?? false;
}
