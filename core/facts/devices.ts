import type { Instant } from '../instant.ts';

/** How a machine of Azure was found among Defender's devices: a resource id is certain, a name is not. */
export type JoinedBy = 'resource-id' | 'vm-id' | 'name';

/** What advanced hunting tells of a machine. */
export type DeviceFacts =
  | { readonly found: false }
  | {
      readonly found: true;
      readonly deviceId: string;
      readonly joinedBy: JoinedBy;
      readonly onboarded: boolean;
      /** `Active`, `Inactive`, `Misconfigured`, `Impaired communications`, `No sensor data` as Defender words it. */
      readonly sensorHealth: string;
      readonly lastSeen: Instant | null;
      /** From vulnerability management, which lags. Null when it does not say. */
      readonly antivirusMode: 'active' | 'passive' | 'disabled' | 'edr-blocked' | 'passive-audit' | null;
      /** When vulnerability management saw that mode. */
      readonly modeSeen: Instant | null;
    };

/** What Defender's machines list tells of a machine: who manages its security settings. */
export type ManagementFacts =
  | { readonly found: false }
  | {
      readonly found: true;
      readonly deviceId: string;
      readonly joinedBy: JoinedBy;
      /** `MicrosoftDefenderForEndpoint`, `Intune`, `SystemCenterConfigurationManager`, `Unknown`. */
      readonly managedBy: string;
      /** `Success`, `Error`, `Unknown`. */
      readonly status: string;
      /** `Onboarded`, `CanBeOnboarded`, `Unsupported`, `InsufficientInfo`. */
      readonly onboarding: string;
      readonly health: string;
      /** Of the last full report, which comes about once a day. */
      readonly lastSeen: Instant | null;
    };

/** What the agentless scan of a machine's disks found of endpoint detection. Azure virtual machines under a plan that has it. */
export type EdrAssessment =
  | { readonly assessed: false }
  | {
      readonly assessed: true;
      /** `Healthy`, `Unhealthy`, `NotApplicable`. */
      readonly code: string;
      readonly cause: string;
      /** As the assessment words it; null when it names none. */
      readonly product: string | null;
    };

/** Antivirus policies of Intune that exclude something, the groups they are assigned to, and the groups they could be. */
export interface ExclusionPolicies {
  readonly policies: readonly {
    readonly id: string;
    readonly name: string;
    /** Of the servers it is for. */
    readonly platform: 'windows' | 'linux';
    readonly processes: readonly string[];
    readonly paths: readonly string[];
    readonly extensions: readonly string[];
    /** True when it is assigned to all devices, whatever groups there are. */
    readonly toAllDevices: boolean;
    /** Names of the groups whose members it leaves out, whoever else it is assigned to. */
    readonly leavesOut: readonly string[];
    readonly groups: readonly {
      readonly id: string;
      readonly name: string;
      /** Empty for a group that is not dynamic. */
      readonly rule: string;
      readonly processing: boolean;
      /** Null when its members could not be counted. */
      readonly members: number | null;
    }[];
  }[];
  /** The tenant's dynamic groups of devices, and every group that Greenlight may have made, whether anything is assigned to them or not. */
  readonly deviceGroups: readonly {
    readonly id: string;
    readonly name: string;
    /** Empty for a group that is not dynamic. */
    readonly rule: string;
    readonly processing: boolean;
  }[];
}

/** How the name of every group begins that Greenlight makes. */
export const OWN_GROUPS = 'Greenlight';
