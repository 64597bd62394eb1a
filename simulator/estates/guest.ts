import { z } from 'zod';

const thirdParty = z.strictObject({
  vendor: z.string().min(1),
  service: z.string().min(1),
  state: z.enum(['Running', 'Stopped']).default('Running'),
});

const defender = z.strictObject({
  /** What Get-WindowsFeature says: Installed, Available (off, files present) or Removed (files gone too). */
  feature: z.enum(['Installed', 'Available', 'Removed']).default('Installed'),
  mode: z.enum(['Normal', 'Passive', 'SxS Passive Mode', 'EDR Block Mode', 'Not running']).nullable().default(null),
  antivirusEnabled: z.boolean().default(false),
  realTimeProtection: z.boolean().default(false),
  tamperProtected: z.boolean().default(false),
  signatureAgeDays: z.number().int().min(0).default(1),
  /** A policy of the third-party product keeps it off while the machine is not onboarded. */
  disabledByPolicy: z.boolean().default(false),
});

const mdatp = z.strictObject({
  healthy: z.boolean().default(true),
  passiveMode: z.boolean().default(true),
  realTimeProtection: z.boolean().default(false),
  licensed: z.boolean().default(true),
  definitions: z.enum(['up_to_date', 'outdated', 'not_installed']).default('up_to_date'),
});

/** What is true inside a machine; nobody sees it except through a script or an agent. */
export const guestSchema = z.strictObject({
  osBuild: z.string().default(''),
  lastBoot: z.iso.datetime().default('2026-01-05T03:00:00.000Z'),
  /** Value of ForceDefenderPassiveMode; null when the value is absent. */
  passiveKey: z
    .union([z.literal(0), z.literal(1)])
    .nullable()
    .default(null),
  onboarded: z.boolean().default(false),
  defender: defender.nullable().default(null),
  mdatp: mdatp.nullable().default(null),
  rebootPending: z.boolean().default(false),
  thirdParty: z.array(thirdParty).default([]),
  /** How an installation of the Defender extension ends on this machine; null = well. */
  extensionFailure: z.strictObject({ code: z.number().int(), message: z.string() }).nullable().default(null),
});

export type Guest = z.infer<typeof guestSchema>;
export type Defender = NonNullable<Guest['defender']>;
