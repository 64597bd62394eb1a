import type { Instant } from '../instant.ts';

/** Defender Antivirus as it reports itself. */
export interface AntivirusFacts {
  /** Windows: AMRunningMode (`Normal`, `Passive Mode`, `SxS Passive Mode`, `EDR Block Mode`, `Not running`). Linux: `Normal` or `Passive Mode`. */
  readonly mode: string;
  /** Linux: mdatp has a licence; without one it does not protect. */
  readonly antivirusEnabled: boolean;
  readonly realTimeProtection: boolean;
  readonly tamperProtected: boolean;
  /** Days since the newest definitions; null when it does not say. */
  readonly signatureAgeDays: number | null;
  /** Linux: `up_to_date` as mdatp words it. Null on Windows. */
  readonly definitions: string | null;
  /** Windows: AMProductVersion. Linux: mdatp's app_version. Empty when it does not say. */
  readonly version: string;
  /** Linux: mdatp calls itself healthy. Windows: always true, its parts are told apart above. */
  readonly healthy: boolean;
}

/** What a WSUS server takes from Microsoft and gives on. */
export interface WsusServerFacts {
  readonly products: readonly string[];
  readonly classifications: readonly string[];
  readonly rules: readonly {
    readonly name: string;
    readonly enabled: boolean;
    /** Null when the rule names none: it is for all of them (UNVERIFIED: Microsoft's page does not say). */
    readonly products: readonly string[] | null;
    readonly classifications: readonly string[] | null;
  }[];
  readonly lastSync: Instant | null;
  /**
   * True when the lists did not fit. What has Defender or Windows Server 2012 R2 in its name, and the classifications of their updates, is
   * still all there; other names are left out, and so may be rules that are off or for other products.
   */
  readonly shortened: boolean;
}

/** A trace of another vendor's product. Drivers, installed programs and files stay behind when a removal was not finished. */
export type ProductTrace = 'service' | 'driver' | 'program' | 'files';

/**
 * What the probe looks at that can fail while the rest is read. The passive key, the sensor, its onboarding, Defender Antivirus itself and
 * the policy that keeps it off are not among them: without one of those there is no evidence at all.
 */
export type GuestPart =
  | 'os-build'
  | 'last-boot'
  | 'feature'
  | 'reboot'
  | 'wsus'
  | 'wsus-server'
  | 'hotfixes'
  | 'services'
  | 'drivers'
  | 'programs';

/** How people call a part. */
export const guestPartWords: Readonly<Record<GuestPart, string>> = {
  'os-build': 'the build of the system',
  'last-boot': 'the last boot',
  feature: 'the Defender feature',
  reboot: 'whether a restart is pending',
  wsus: 'where it takes its updates from',
  'wsus-server': 'the WSUS server on it',
  hotfixes: 'the installed updates',
  services: 'the services',
  drivers: 'the drivers',
  programs: 'the installed programs',
};

/** What the looks before this one add to it. */
export interface GuestHistory {
  /** When a probe last saw another vendor's product; null when none ever did. */
  readonly productSeen: Instant | null;
  /** The first of the row of probes up to this one, or to the last that saw a product, that saw traces of one and none running; null when none did. */
  readonly stoppedSince?: Instant | null;
  /** The first of the unbroken row of probes up to this one that saw none; null when this one sees one. */
  readonly cleanSince: Instant | null;
  /** The first of the unbroken row of probes up to this one that saw it onboarded; null when this one does not. */
  readonly onboardedSince: Instant | null;
}

/** What the read-only probe found inside a machine. */
export interface GuestFacts {
  readonly platform: 'windows' | 'linux';
  /** Azure's id of the machine it looked into: another machine of the same name was never probed. */
  readonly vmId: string;
  readonly host: string;
  /** Windows: build and revision, `20348.2402`. Linux: the kernel's release. Empty when it does not say. */
  readonly osBuild: string;
  readonly lastBoot: Instant | null;
  /** Windows: ForceDefenderPassiveMode (0 or 1, null when absent). Linux: 1 when mdatp reports passive mode, 0 when not, null without mdatp. */
  readonly passiveKey: 0 | 1 | null;
  /** Linux: a managed configuration decides on passive mode, so that the command line changes nothing. Windows: always false. */
  readonly passiveManaged: boolean;
  /** True when the Defender sensor reports it is onboarded. */
  readonly onboarded: boolean;
  /** The sensor's service. */
  readonly sensor: 'running' | 'stopped' | 'absent';
  /** Windows Server 2016 on: the Defender feature; `removed` means that its files are gone too. Null where there is no such feature. */
  readonly feature: 'installed' | 'available' | 'removed' | null;
  /** Null when Defender Antivirus does not answer. */
  readonly defender: AntivirusFacts | null;
  /** The policy value DisableAntiSpyware is 1: it keeps Defender off. */
  readonly disabledByPolicy: boolean;
  readonly rebootPending: boolean;
  /** Where the machine notes it, in its own words. */
  readonly rebootReasons: readonly string[];
  /** The WSUS it takes its updates from; null when it takes them elsewhere. */
  readonly wsus: { readonly server: string } | null;
  /** Null on a machine that is no WSUS server. */
  readonly wsusServer: WsusServerFacts | null;
  /** KB numbers (`KB5005292`) among those the steps ask for that are installed. */
  readonly hotfixes: readonly string[];
  /** Products of others that were seen. Empty means "not detected", never "absent". */
  readonly thirdParty: readonly { readonly vendor: string; readonly running: boolean; readonly traces: readonly ProductTrace[] }[];
  /** Parts that could not be checked: null, false and empty lists say nothing about them, and what was seen of them may not be all. */
  readonly unchecked: readonly GuestPart[];
  /** Kept when a look is saved; the probe itself knows nothing of earlier ones. */
  readonly history?: GuestHistory;
}

/** The parts among these that the probe could not check; empty when it could check them all. */
export function uncheckedOf({ unchecked }: Pick<GuestFacts, 'unchecked'>, ...parts: readonly GuestPart[]): readonly GuestPart[] {
  return parts.filter((part) => unchecked.includes(part));
}
