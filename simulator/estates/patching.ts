import { z } from 'zod';
import { CLASSIFICATIONS } from './guest-updates.ts';

const patch = z.strictObject({
  name: z.string(),
  kbId: z.string().nullable(),
  classification: z.enum(CLASSIFICATIONS),
  version: z.string(),
  rebootBehavior: z.enum(['NeverReboots', 'AlwaysRequiresReboot', 'CanRequestReboot']),
  publishedAt: z.iso.datetime(),
});

const serviceUsed = z.enum(['WU', 'MU', 'WU-WSUS', 'APT', 'YUM']);
const startedBy = z.enum(['User', 'Platform']);

/** What Update Manager last found missing on a machine. */
const assessment = z.strictObject({
  activityId: z.string(),
  startedBy,
  startedAt: z.iso.datetime(),
  at: z.iso.datetime(),
  serviceUsed,
  rebootPending: z.boolean(),
  patches: z.array(patch),
});
export type KeptAssessment = z.infer<typeof assessment>;

/** One installation of updates and what became of each patch. */
const installation = z.strictObject({
  activityId: z.string(),
  startedBy,
  startedAt: z.iso.datetime(),
  at: z.iso.datetime(),
  serviceUsed,
  status: z.enum(['Succeeded', 'Failed', 'CompletedWithWarnings']),
  rebootStatus: z.enum(['NotNeeded', 'Required', 'Started', 'Failed', 'Completed']),
  maintenanceWindowExceeded: z.boolean().default(false),
  patches: z.array(patch.extend({ state: z.enum(['Installed', 'Failed', 'Excluded', 'NotSelected', 'Pending']) })),
  error: z.string().nullable().default(null),
});
export type KeptInstallation = z.infer<typeof installation>;

/** How Update Manager looks after a machine and what it knows of it. */
export const patchingSchema = z.strictObject({
  /** AutomaticByPlatform = assessed every day; ImageDefault = only when somebody asks. */
  assessmentMode: z.enum(['ImageDefault', 'AutomaticByPlatform']).default('ImageDefault'),
  assessment: assessment.nullable().default(null),
  installations: z.array(installation).default([]),
});
export type Patching = z.infer<typeof patchingSchema>;
