import type { Instant } from './instant.ts';
import { HOUR, MINUTE } from './instant.ts';
import type { MachineFacts } from './machine.ts';

/** The Defender for Endpoint extension on a machine (MDE.Windows or MDE.Linux). */
export type ExtensionFacts =
  | { readonly present: false }
  | { readonly present: true; readonly type: string; readonly state: string; readonly version: string };

/** What the read-only probe found inside a machine. */
export interface GuestFacts {
  readonly platform: 'windows' | 'linux';
  /** Azure's id of the machine it looked into: another machine of the same name was never probed. */
  readonly vmId: string;
  readonly host: string;
  /** Windows: ForceDefenderPassiveMode (0 or 1, null when absent). Linux: 1 when mdatp reports passive mode, 0 when not, null without mdatp. */
  readonly passiveKey: 0 | 1 | null;
  /** True when the Defender sensor reports it is onboarded. */
  readonly onboarded: boolean;
  readonly defender: null | {
    /** Windows: AMRunningMode (`Normal`, `Passive Mode`, `SxS Passive Mode`, `EDR Block Mode`, `Not running`). Linux: `Normal` or `Passive Mode`. */
    readonly mode: string;
    readonly antivirusEnabled: boolean;
    readonly realTimeProtection: boolean;
    readonly tamperProtected: boolean;
  };
  readonly rebootPending: boolean;
  /** Products of others that were seen. Empty means "not detected", never "absent". */
  readonly thirdParty: readonly { readonly vendor: string; readonly running: boolean }[];
}

/** Defender for Cloud's integration settings of one subscription. */
export interface SecuritySettings {
  /** WDATP: endpoint protection on or off for the subscription. Null when the setting is not listed. */
  readonly endpointProtection: boolean | null;
  /** WDATP_UNIFIED_SOLUTION (or its older name WDATP_VNEXT). */
  readonly unifiedSolution: boolean | null;
  /** The reading of WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW turned round: true when Linux machines are included. */
  readonly includesLinux: boolean | null;
}

/** The Defender for Servers plan of one subscription. */
export interface DefenderPlan {
  readonly tier: 'Free' | 'Standard';
  readonly subPlan: string | null;
}

/** Policy assignments that reach a subscription and deploy the Defender agent or flip the integration setting back on. */
export interface DefenderPolicies {
  readonly assignments: readonly {
    readonly id: string;
    readonly name: string;
    readonly scope: string;
    readonly does: 'deploys-agent' | 'turns-endpoint-protection-on';
    /** `Default` acts on its own; `DoNotEnforce` acts only through a remediation. */
    readonly enforcement: string;
  }[];
}

/** Every kind of evidence and the shape of its fact. */
export interface EvidenceOf {
  readonly machine: MachineFacts;
  readonly 'defender-extension': ExtensionFacts;
  readonly guest: GuestFacts;
  readonly 'security-settings': SecuritySettings;
  readonly 'defender-plan': DefenderPlan;
  readonly 'defender-policies': DefenderPolicies;
}

export type EvidenceKind = keyof EvidenceOf;

/** What a fact is about. */
export type SubjectKind = 'machine' | 'subscription';

interface KindRow {
  readonly subject: SubjectKind;
  /** Older than this and a finding resting on it is unknown. */
  readonly maxAge: number;
  /** `azure`: a collector reads it. `run`: only a signed run of the probe brings it. */
  readonly from: 'azure' | 'run';
  /** How people call it. */
  readonly words: string;
}

/** One row per kind: a new kind does not compile until a collector exists for it. */
export const evidenceKinds = {
  machine: { subject: 'machine', maxAge: 2 * HOUR, from: 'azure', words: 'inventory' },
  'defender-extension': { subject: 'machine', maxAge: 2 * HOUR, from: 'azure', words: 'Defender extensions' },
  guest: { subject: 'machine', maxAge: 24 * HOUR, from: 'run', words: 'probe of the machine' },
  'security-settings': { subject: 'subscription', maxAge: 30 * MINUTE, from: 'azure', words: 'Defender for Cloud settings' },
  'defender-plan': { subject: 'subscription', maxAge: 2 * HOUR, from: 'azure', words: 'Defender for Servers plan' },
  'defender-policies': { subject: 'subscription', maxAge: 2 * HOUR, from: 'azure', words: 'policy assignments' },
} as const satisfies Record<EvidenceKind, KindRow>;

/** The kinds that a collector in services reads. */
export type CollectedKind = { [K in EvidenceKind]: (typeof evidenceKinds)[K]['from'] extends 'azure' ? K : never }[EvidenceKind];

/** A fact with its source and time, or the reason why there is none. */
export type Evidence<T> = Read<T> | Unread;

export interface Read<T> {
  readonly state: 'read';
  readonly value: T;
  readonly source: string;
  readonly observedAt: Instant;
}

/** `since` is when this was first found unreadable; `fix` is what would mend it, e.g. the role to grant. */
export interface Unread {
  readonly state: 'unread';
  readonly reason: string;
  readonly fix: string;
  readonly source: string;
  readonly since: Instant;
}

export function read<T>(value: T, source: string, observedAt: Instant): Read<T> {
  return { state: 'read', value, source, observedAt };
}

export function unread(reason: string, fix: string, source: string, since: Instant): Unread {
  return { state: 'unread', reason, fix, source, since };
}

/** One collector's result: evidence per subject id, and the failure when the collection as a whole could not be read. */
export interface Collection<K extends EvidenceKind> {
  readonly kind: K;
  readonly source: string;
  readonly collectedAt: Instant;
  readonly subjects: Readonly<Record<string, Evidence<EvidenceOf[K]>>>;
  /** Set when nothing could be read, or not all of it: then every known subject that is not in `subjects` is unread for this reason. */
  readonly failure: Unread | null;
}
