/** The Defender for Endpoint extension on a machine (MDE.Windows or MDE.Linux). */
export type ExtensionFacts =
  | { readonly present: false }
  | {
      readonly present: true;
      readonly type: string;
      /** Azure's provisioning state: `Succeeded`, `Failed`, `Creating`, `Updating`, `Deleting`. */
      readonly state: string;
      readonly version: string;
      /** The provider's own words on one that did not succeed; empty when it succeeded or said nothing. */
      readonly message: string;
      /** Told in the message of one that failed; null when it is not. */
      readonly exitCode: number | null;
    };

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
  /** The plan's extensions by name, such as `AgentlessVmScanning`: on or off. Empty when none is shown. */
  readonly extensions: Readonly<Record<string, boolean>>;
}

/** The machines an agent policy is for: the four built-in definitions. */
export type AgentPolicy = 'azure-windows' | 'azure-linux' | 'arc-windows' | 'arc-linux';

/** What part of its scope an assignment is narrowed to. Everything in lower case; null lets everything through. */
export interface ResourceSelector {
  /** `type` is a resource type such as `microsoft.hybridcompute/machines`. */
  readonly what: 'location' | 'type';
  readonly in: readonly string[] | null;
  readonly notIn: readonly string[] | null;
}

/** An assignment that deploys the Defender agent or flips the integration setting back on. */
export interface DefenderAssignment {
  readonly id: string;
  readonly name: string;
  /** Where it is assigned: a management group, a subscription, a resource group or one resource. */
  readonly scope: string;
  readonly does: 'deploys-agent' | 'turns-endpoint-protection-on';
  /** `Default` acts on its own; `DoNotEnforce` acts only through a remediation. */
  readonly enforcement: string;
  /** True when a remediation of it is under way now. */
  readonly remediating: boolean;
  /** Which machines it deploys the agent to; empty for one that does not. */
  readonly deploys: readonly AgentPolicy[];
  /** Scopes and resources it leaves out, in lower case. */
  readonly excludes: readonly string[];
  /** It reaches what all selectors of one of these groups let through; empty when it reaches all of its scope. */
  readonly selects: readonly (readonly ResourceSelector[])[];
  /** What Greenlight noted on one that it assigned itself, to know it again; left out on any other. */
  readonly mark?: string;
}

/** Policy assignments that reach a subscription and deploy the Defender agent or flip the integration setting back on. */
export interface DefenderPolicies {
  readonly assignments: readonly DefenderAssignment[];
}

/** Does an assignment act now? One that is not enforced acts only through a remediation. */
export function acts({ enforcement, remediating }: DefenderAssignment): boolean {
  return enforcement !== 'DoNotEnforce' || remediating;
}

/** How far the assignments of {@link DefenderPolicies} got in one subscription. */
export interface PolicyProgress {
  readonly assignments: readonly {
    readonly id: string;
    readonly name: string;
    readonly compliant: number;
    readonly nonCompliant: number;
    /** Has Azure Policy judged anything by it? A while after it was assigned it has. */
    readonly judged: boolean;
  }[];
  readonly remediations: readonly {
    readonly id: string;
    readonly name: string;
    readonly assignmentId: string;
    /** `Accepted`, `Evaluating`, `Running`, `Succeeded`, `Complete`, `Failed`, `Canceled`, `Cancelling`. */
    readonly state: string;
    readonly total: number;
    readonly successful: number;
    readonly failed: number;
  }[];
}

/** The SHA-256 of each onboarding package of one subscription; null where Defender for Cloud has none. The packages themselves are secret. */
export interface OnboardingPackages {
  readonly windows: string | null;
  readonly linux: string | null;
}
