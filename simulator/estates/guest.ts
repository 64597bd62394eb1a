import { z } from 'zod';
import { sensorSchema } from './guest-sensor.ts';
import { updatesSchema, wsusServerSchema } from './guest-updates.ts';

const serviceState = z.enum(['Running', 'Stopped']).default('Running');

/** A product of another vendor. */
export const productSchema = z.strictObject({
  vendor: z.string().min(1),
  /** The service that protects; the others only belong to it. */
  service: z.string().min(1),
  state: serviceState,
  otherServices: z.array(z.strictObject({ name: z.string().min(1), state: serviceState })).default([]),
  drivers: z.array(z.string()).default([]),
  /** Linux: the files and folders it has of its own. */
  paths: z.array(z.string()).default([]),
  /** Its entry among the installed programs or packages. */
  uninstall: z.strictObject({ name: z.string(), version: z.string() }).nullable().default(null),
  /** While it runs, its driver (Linux: fanotify in blocking mode) lets no second engine become active. */
  blocks: z.boolean().default(false),
  /** What its uninstaller asks for; null = nothing. */
  token: z.string().nullable().default(null),
});

/** Defender Antivirus of a Windows machine. */
export const defenderSchema = z.strictObject({
  /** What Get-WindowsFeature says: Installed, Available (off, files present) or Removed (files gone too). */
  feature: z.enum(['Installed', 'Available', 'Removed']).default('Installed'),
  /** What the feature will be after the next boot; null = nothing is pending. */
  featureAfterBoot: z.enum(['Installed', 'Available', 'Removed']).nullable().default(null),
  mode: z.enum(['Normal', 'Passive', 'SxS Passive Mode', 'EDR Block Mode', 'Not running']).nullable().default(null),
  antivirusEnabled: z.boolean().default(false),
  realTimeProtection: z.boolean().default(false),
  tamperProtected: z.boolean().default(false),
  signatureAgeDays: z.number().int().min(0).default(1),
  platformVersion: z.string().default('4.18.25110.6'),
  exclusions: z
    .strictObject({
      processes: z.array(z.string()).default([]),
      paths: z.array(z.string()).default([]),
      extensions: z.array(z.string()).default([]),
    })
    .prefault({}),
  /** The policy value DisableAntiSpyware is 1: it keeps Defender off while the machine is not onboarded. */
  disabledByPolicy: z.boolean().default(false),
});

/** Defender for Endpoint on a Linux machine, as `mdatp health` tells it. */
export const mdatpSchema = z.strictObject({
  healthy: z.boolean().default(true),
  passiveMode: z.boolean().default(true),
  realTimeProtection: z.boolean().default(false),
  licensed: z.boolean().default(true),
  definitions: z.enum(['up_to_date', 'outdated', 'not_installed']).default('up_to_date'),
  version: z.string().default('101.25092.0005'),
  engineLoad: z.string().default('Engine load succeeded'),
  conflictingApplications: z.array(z.string()).default([]),
  /** The managed JSON, which wins over the command line; null = there is none. */
  managed: z.strictObject({ passiveMode: z.boolean() }).nullable().default(null),
});

/** A Windows image that the machine can open. */
const imageSchema = z.strictObject({
  path: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** The build of Windows in it, such as 20348; empty = the machine's own. */
  build: z.string().default(''),
});

const gpo = z.strictObject({
  /** What the domain writes to ForceDefenderPassiveMode; null = it deletes the value. */
  passiveKey: z.union([z.literal(0), z.literal(1)]).nullable(),
  refreshMinutes: z.number().int().min(1).default(90),
});

const outage = z.strictObject({
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  /** Cut off from the network, or without power (then it boots at the end). */
  kind: z.enum(['network', 'power']).default('network'),
});

/** A change of what protects the machine; kept for whoever judges a migration from outside. */
const turn = z.strictObject({ at: z.iso.datetime(), from: z.string(), to: z.string(), cause: z.string() });

/** What is true inside a machine; nobody sees it except through a script or an agent. */
export const guestSchema = z.strictObject({
  osBuild: z.string().default(''),
  lastBoot: z.iso.datetime().default('2026-01-05T03:00:00.000Z'),
  /** Value of ForceDefenderPassiveMode; null when the value is absent. */
  passiveKey: z
    .union([z.literal(0), z.literal(1)])
    .nullable()
    .default(null),
  /** A domain policy that rewrites the passive key at each refresh. */
  gpo: gpo.nullable().default(null),
  onboarded: z.boolean().default(false),
  defender: defenderSchema.nullable().default(null),
  mdatp: mdatpSchema.nullable().default(null),
  sensor: sensorSchema.prefault({}),
  rebootPending: z.boolean().default(false),
  /** Where Windows notes it: Component Based Servicing, Windows Update, PendingFileRenameOperations; empty = Windows Update. */
  rebootReasons: z.array(z.enum(['cbs', 'wu', 'pfro'])).default([]),
  thirdParty: z.array(productSchema).default([]),
  /** Drivers of products that were removed; they go with the next boot. */
  driversUntilBoot: z.array(z.string()).default([]),
  updates: updatesSchema.prefault({}),
  images: z.array(imageSchema).default([]),
  roles: z.array(z.enum(['domain-controller', 'wsus-server'])).default([]),
  wsusServer: wsusServerSchema.nullable().default(null),
  /** The Azure agent (VM agent, azcmagent, walinuxagent). */
  agent: serviceState,
  /** False during an outage. */
  online: z.boolean().default(true),
  /** What it gets through to: everything, all but the sensor's own service, or Azure alone. */
  egress: z.enum(['open', 'no-sensor-service', 'azure-only']).default('open'),
  outages: z.array(outage).default([]),
  /** How an installation of the Defender extension ends on this machine; null = as the machine itself decides. */
  extensionFailure: z.strictObject({ code: z.number().int(), message: z.string() }).nullable().default(null),
  history: z.array(turn).default([]),
});

export type Guest = z.infer<typeof guestSchema>;
export type GuestInput = z.input<typeof guestSchema>;
export type Defender = NonNullable<Guest['defender']>;
export type Product = Guest['thirdParty'][number];
export type RebootReason = Guest['rebootReasons'][number];
