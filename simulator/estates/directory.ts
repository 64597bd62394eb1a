import { z } from 'zod';

const GUID = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
const guid = z.string().regex(GUID, 'must be a GUID');
const instant = z.iso.datetime();
/** The id Defender for Endpoint gives a device: 40 hexadecimal digits. */
const sensorId = z.string().regex(/^[0-9a-f]{40}$/, 'must be 40 hexadecimal digits');
const ESTATE_BEGINS = '2026-01-05T08:00:00.000Z';

const deviceSchema = z.strictObject({
  /** Object id in the directory. */
  id: guid,
  deviceId: guid,
  displayName: z.string().min(1),
  operatingSystem: z.string().default('Windows Server'),
  operatingSystemVersion: z.string().default(''),
  managementType: z.enum(['MicrosoftSense', 'MDM', 'ConfigurationManager']).nullable().default('MicrosoftSense'),
  accountEnabled: z.boolean().default(true),
  registeredAt: instant.default(ESTATE_BEGINS),
  /** Resource id of the machine it stands for (lower case); null = a device Azure knows nothing of. */
  machineId: z.string().nullable().default(null),
});
export type DirectoryDevice = z.infer<typeof deviceSchema>;

const groupSchema = z.strictObject({
  id: guid,
  displayName: z.string().min(1).max(256),
  description: z.string().nullable().default(null),
  mailNickname: z.string().min(1).max(64),
  /** null = members are added by hand. */
  membershipRule: z.string().min(1).max(3072).nullable().default(null),
  membershipRuleProcessingState: z.enum(['On', 'Paused']).nullable().default(null),
  createdAt: instant.default(ESTATE_BEGINS),
  /** Object ids of directory devices. */
  members: z.array(guid).default([]),
});
export type Group = z.infer<typeof groupSchema>;

const TARGETS = ['groupAssignmentTarget', 'exclusionGroupAssignmentTarget', 'allDevicesAssignmentTarget'] as const;
export type AssignmentTarget = (typeof TARGETS)[number];

const policySchema = z.strictObject({
  id: guid,
  name: z.string().min(1),
  description: z.string().default(''),
  platforms: z.enum(['windows10']).default('windows10'),
  technologies: z.string().default('mdm,microsoftSense'),
  templateId: z.string(),
  roleScopeTagIds: z.array(z.string()).default(['0']),
  /** Values by setting definition id. */
  settings: z.record(z.string(), z.array(z.string())).default({}),
  assignments: z.array(z.strictObject({ target: z.enum(TARGETS), groupId: guid.nullable().default(null) })).default([]),
  createdAt: instant.default(ESTATE_BEGINS),
  modifiedAt: instant.default(ESTATE_BEGINS),
});
export type ConfigurationPolicy = z.infer<typeof policySchema>;

const sightingSchema = z.strictObject({
  id: sensorId,
  name: z.string().min(1),
  osPlatform: z.string().default('WindowsServer2019'),
  osBuild: z.number().int().nullable().default(null),
  deviceType: z.enum(['Server', 'Workstation', 'Printer', 'NetworkDevice']).default('Server'),
  onboardingStatus: z.enum(['Onboarded', 'CanBeOnboarded', 'Unsupported', 'InsufficientInfo']).default('CanBeOnboarded'),
  firstSeen: instant,
  lastSeen: instant,
  ip: z.string().default(''),
  /** The device this one turned out to be: an id, or the name of a machine that has an id by now. */
  mergedInto: z.string().nullable().default(null),
});
export type Sighting = z.infer<typeof sightingSchema>;

/** What Entra, Intune and Defender for Endpoint hold that no Azure resource shows. */
export const directorySchema = z.strictObject({
  devices: z.array(deviceSchema).default([]),
  groups: z.array(groupSchema).default([]),
  configurationPolicies: z.array(policySchema).default([]),
  /** Devices Defender for Endpoint knows beside the sensors of the machines: seen on the network, or left over from an earlier life. */
  sightings: z.array(sightingSchema).default([]),
  /** Whether Defender may manage security settings; without a user licence of Defender for Endpoint it may not. */
  securitySettingsManagement: z.boolean().default(true),
  /** How long Defender for Endpoint takes to show what a sensor reported, in virtual minutes. */
  lagMinutes: z.strictObject({ devices: z.number().min(0).default(10), vulnerabilities: z.number().min(0).default(180) }).prefault({}),
  /** Machines the Defender API puts on one page. */
  machinesPage: z.number().int().min(1).max(10_000).default(10_000),
});
export type Directory = z.infer<typeof directorySchema>;
