import { z } from 'zod';

export const CLASSIFICATIONS = [
  'Critical',
  'Security',
  'UpdateRollup',
  'FeaturePack',
  'ServicePack',
  'Definition',
  'Tools',
  'Updates',
  'Other',
] as const;

/** An update as its publisher describes it. */
export const updateSchema = z.strictObject({
  /** Empty for a Linux package. */
  kb: z
    .string()
    .regex(/^(KB\d+)?$/)
    .default(''),
  name: z.string().min(1),
  classification: z.enum(CLASSIFICATIONS).default('Updates'),
  version: z.string().default(''),
  publishedAt: z.iso.datetime().default('2026-01-13T18:00:00.000Z'),
  rebootBehavior: z.enum(['NeverReboots', 'AlwaysRequiresReboot', 'CanRequestReboot']).default('CanRequestReboot'),
  /** KB numbers that have to be on the machine first. */
  needs: z.array(z.string()).default([]),
  /** What a WSUS has to have ticked to offer it. */
  product: z.enum(['os', 'defender', 'sensor']).default('os'),
});
export type Update = z.infer<typeof updateSchema>;

const wsus = z.strictObject({
  server: z.string().min(1),
  /** Whether it has the Defender product and its definitions ticked and approved. */
  offersDefender: z.boolean().default(true),
  /** Whether it has the product of the Defender for Endpoint sensor ticked and approved. */
  offersSensor: z.boolean().default(true),
});

/** Updates of a machine: what it lacks is a KB number of the catalogue or an update written out. */
export const updatesSchema = z.strictObject({
  /** The WSUS it is bound to (UseWUServer = 1); null = straight from Microsoft. */
  wsus: wsus.nullable().default(null),
  missing: z.array(z.union([z.string().regex(/^KB\d+$/), updateSchema])).default([]),
  /** KB numbers Get-HotFix lists. */
  hotfixes: z.array(z.string()).default([]),
  /** KB numbers or package names that count only after the next boot. */
  awaitingBoot: z.array(z.string()).default([]),
});

const rule = z.strictObject({
  name: z.string().min(1),
  enabled: z.boolean().default(true),
  products: z.array(z.string()).default([]),
  classifications: z.array(z.string()).default([]),
});

/** What a WSUS server takes from Microsoft and gives on. */
export const wsusServerSchema = z.strictObject({
  products: z.array(z.string()).default([]),
  classifications: z.array(z.string()).default([]),
  rules: z.array(rule).default([]),
  lastSync: z.iso.datetime().nullable().default(null),
});
