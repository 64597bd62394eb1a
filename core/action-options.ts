import type { PlanScript } from './plan.ts';
import type { SecretReference } from './secret-reference.ts';

/** What a migration file says about single actions; nothing optional is left. */
export interface ActionOptions {
  readonly installDefenderFeature: InstallFeatureOptions;
  readonly installUpdates: InstallUpdatesOptions;
  readonly createExclusionPolicy: ExclusionPolicyOptions;
  readonly assignDefenderInitiative: AssignInitiativeOptions;
  readonly removeThirdParty: RemoveThirdPartyOptions;
}

/** Where the files of a removed Defender feature come from, and whether it may be installed before the old product leaves Defender alone. */
export interface InstallFeatureOptions {
  /** An image in the servers’ reach; null when none is named. */
  readonly image: InstallImage | null;
  /** Why the feature may be installed without the old product’s exclusions being vouched for; null when it may not. */
  readonly withoutExclusions: string | null;
}

/** A Windows image file. */
export interface InstallImage {
  /** As a server reaches it: `\\files\images\install.wim` or `D:\sources\install.wim`. */
  readonly path: string;
  /** The edition in it, from 1. */
  readonly index: number;
  /** Of the file’s bytes; a server that finds another file installs nothing. */
  readonly sha256: string;
}

/** What Update Manager installs. */
export interface InstallUpdatesOptions {
  /** Classifications as Update Manager names them: `Critical`, `Security`, `UpdateRollUp`, `ServicePack`, `Definition`, `Updates`. */
  readonly classifications: readonly string[];
  readonly reboot: 'IfRequired' | 'Never' | 'Always';
  /** The most time it may take on one machine. Hours, 1 to 4. */
  readonly hours: number;
}

export interface ExclusionPolicyOptions {
  /** True: groups and policies that are missing are made; false: they are only compared, and what is missing is handed over. */
  readonly write: boolean;
}

export interface AssignInitiativeOptions {
  /** ARM id of the user-assigned identity that carries the deployments out, with its region; null when none is named. */
  readonly identity: { readonly id: string; readonly location: string } | null;
  /** Resource groups or machines it leaves alone, as ARM ids. */
  readonly exclude: readonly string[];
  /** Image publishers, and image ids, it leaves alone. */
  readonly excludePublishers: readonly string[];
  readonly excludeImages: readonly string[];
  /** What people read of a machine that does not comply. */
  readonly message: string;
}

/** How the old products are taken off, and how long a machine may be without one engine that is proven active. */
export interface RemoveThirdPartyOptions {
  readonly scripts: readonly RemovalScript[];
  /** Minutes, from the removal to the proof; over it the wave stops. */
  readonly unprotectedMinutes: number;
}

/** The customer’s own script that takes one vendor’s product off. */
export interface RemovalScript {
  /** As the product list names it. */
  readonly vendor: string;
  readonly os: 'windows' | 'linux';
  readonly script: PlanScript;
  /** Parameters that are never shown, by name. */
  readonly secrets: Readonly<Record<string, SecretReference>>;
  /** How long it takes at the most. Minutes. */
  readonly minutes: number;
}
