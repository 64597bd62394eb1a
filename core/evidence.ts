import type {
  DefenderPlan,
  DefenderPolicies,
  ExtensionFacts,
  OnboardingPackages,
  PolicyProgress,
  SecuritySettings,
} from './facts/defender.ts';
import type { DeviceFacts, EdrAssessment, ExclusionPolicies, ManagementFacts } from './facts/devices.ts';
import type { GuestFacts } from './facts/guest.ts';
import type { ServerList } from './facts/server-list.ts';
import type { ConfigurationFacts, MaintenanceFacts, UpdateFacts } from './facts/updates.ts';
import type { Instant } from './instant.ts';
import { DAY, HOUR, MINUTE } from './instant.ts';
import type { MachineFacts } from './machine.ts';

/** Every kind of evidence and the shape of its fact. */
export interface EvidenceOf {
  readonly 'server-list': ServerList;
  readonly machine: MachineFacts;
  readonly 'defender-extension': ExtensionFacts;
  readonly guest: GuestFacts;
  readonly updates: UpdateFacts;
  readonly 'machine-configuration': ConfigurationFacts;
  readonly maintenance: MaintenanceFacts;
  readonly device: DeviceFacts;
  readonly management: ManagementFacts;
  readonly 'edr-assessment': EdrAssessment;
  readonly 'security-settings': SecuritySettings;
  readonly 'defender-plan': DefenderPlan;
  readonly 'defender-policies': DefenderPolicies;
  readonly 'policy-progress': PolicyProgress;
  readonly 'onboarding-package': OnboardingPackages;
  readonly 'exclusion-policies': ExclusionPolicies;
}

export type EvidenceKind = keyof EvidenceOf;

/** What a fact is about. */
export type SubjectKind = 'machine' | 'subscription' | 'organisation';

interface KindRow {
  readonly subject: SubjectKind;
  /** Older than this and a finding resting on it is unknown. */
  readonly maxAge: number;
  /** It is read again this long after the last time; half its age and less, so that one failure does not make it too old. */
  readonly cadence: number;
  /** `run`: only a signed run of the probe brings it. Anything else: a collector reads it, there. */
  readonly from: 'azure' | 'defender' | 'graph' | 'file' | 'run';
  /** How people call it. */
  readonly words: string;
}

/** One row per kind: a new kind does not compile until a collector exists for it. */
export const evidenceKinds = {
  'server-list': { subject: 'organisation', maxAge: DAY, cadence: 15 * MINUTE, from: 'file', words: 'server list' },
  machine: { subject: 'machine', maxAge: 2 * HOUR, cadence: 15 * MINUTE, from: 'azure', words: 'inventory' },
  'defender-extension': { subject: 'machine', maxAge: 2 * HOUR, cadence: 15 * MINUTE, from: 'azure', words: 'Defender extensions' },
  guest: { subject: 'machine', maxAge: DAY, cadence: 6 * HOUR, from: 'run', words: 'probe of the machine' },
  updates: { subject: 'machine', maxAge: 6 * HOUR, cadence: HOUR, from: 'azure', words: 'update assessments' },
  'machine-configuration': { subject: 'machine', maxAge: 6 * HOUR, cadence: HOUR, from: 'azure', words: 'machine configuration' },
  maintenance: { subject: 'machine', maxAge: DAY, cadence: 6 * HOUR, from: 'azure', words: 'maintenance configurations' },
  device: { subject: 'machine', maxAge: 4 * HOUR, cadence: 30 * MINUTE, from: 'graph', words: 'Defender hunting' },
  management: { subject: 'machine', maxAge: 4 * HOUR, cadence: 30 * MINUTE, from: 'defender', words: 'Defender machines list' },
  'edr-assessment': { subject: 'machine', maxAge: DAY, cadence: 6 * HOUR, from: 'azure', words: 'agentless assessments' },
  'security-settings': {
    subject: 'subscription',
    maxAge: 30 * MINUTE,
    cadence: 10 * MINUTE,
    from: 'azure',
    words: 'Defender for Cloud settings',
  },
  'defender-plan': { subject: 'subscription', maxAge: 2 * HOUR, cadence: 15 * MINUTE, from: 'azure', words: 'Defender for Servers plan' },
  'defender-policies': { subject: 'subscription', maxAge: 2 * HOUR, cadence: 15 * MINUTE, from: 'azure', words: 'policy assignments' },
  'policy-progress': { subject: 'subscription', maxAge: 2 * HOUR, cadence: 15 * MINUTE, from: 'azure', words: 'policy compliance' },
  'onboarding-package': { subject: 'subscription', maxAge: DAY, cadence: 6 * HOUR, from: 'azure', words: 'onboarding packages' },
  'exclusion-policies': { subject: 'organisation', maxAge: 6 * HOUR, cadence: HOUR, from: 'graph', words: 'exclusion policies' },
} as const satisfies Record<EvidenceKind, KindRow>;

/** The kinds that come from there. */
export type KindFrom<F extends KindRow['from']> = {
  [K in EvidenceKind]: (typeof evidenceKinds)[K]['from'] extends F ? K : never;
}[EvidenceKind];

/** The kinds that a collector in services reads. */
export type CollectedKind = Exclude<EvidenceKind, KindFrom<'run'>>;

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
