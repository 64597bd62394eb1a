import { z } from 'zod';
import { directorySchema } from './directory.ts';
import { completed, guid, type Machine, machineSchema, parseMachineId } from './machine.ts';
import { maintenanceConfigurationSchema } from './maintenance.ts';
import { machinePlanSchema, planSchema } from './plans.ts';
import { assignmentSchema, managedIdentitySchema, policyDefinitionSchema, policyExemptionSchema, policySetSchema } from './policies.ts';

export type { Assignment, PolicySet } from './policies.ts';

/** The settings of Defender for Cloud that carry an on/off switch, by the name Azure gives them. */
export const SETTING_NAMES = ['MCAS', 'WDATP', 'WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW', 'WDATP_UNIFIED_SOLUTION', 'Sentinel'] as const;
export type SettingName = (typeof SETTING_NAMES)[number];

const flag = z.boolean().default(false);
const subscriptionSchema = z.strictObject({
  id: guid,
  name: z.string().min(1),
  /** The servers' plan. */
  plan: planSchema.extend({ subPlan: z.enum(['P1', 'P2']).nullable().default(null) }).prefault({}),
  /** The other Defender plans by the name Azure gives them; absent = Free. */
  otherPlans: z.record(z.string(), planSchema).default({}),
  settings: z
    .strictObject({
      MCAS: flag,
      WDATP: flag,
      WDATP_EXCLUDE_LINUX_PUBLIC_PREVIEW: flag,
      WDATP_UNIFIED_SOLUTION: flag,
      Sentinel: flag,
    })
    .prefault({}),
  /** Which onboarding package Defender for Cloud gives out: with another number it is another one. */
  onboardingEdition: z.number().int().min(1).default(1),
  resourceGroups: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        location: z.string().default('westeurope'),
        tags: z.record(z.string(), z.string()).default({}),
      }),
    )
    .default([]),
});
export type Subscription = z.infer<typeof subscriptionSchema>;

/** Everything that is true in the pretend Azure: the one state every answer is derived from. */
export const estateSchema = z
  .strictObject({
    name: z.string().min(1),
    tenantId: guid,
    managementGroup: z.strictObject({ id: z.string().min(1), name: z.string() }),
    subscriptions: z.array(subscriptionSchema).min(1),
    assignments: z.array(assignmentSchema).default([]),
    policySets: z.array(policySetSchema).default([]),
    policyDefinitions: z.array(policyDefinitionSchema).default([]),
    policyExemptions: z.array(policyExemptionSchema).default([]),
    managedIdentities: z.array(managedIdentitySchema).default([]),
    machinePlans: z.array(machinePlanSchema).default([]),
    directory: directorySchema.prefault({}),
    maintenanceConfigurations: z.array(maintenanceConfigurationSchema).default([]),
    machines: z.array(z.preprocess(completed, machineSchema)).default([]),
  })
  .superRefine((estate, context) => {
    const known = new Set(estate.subscriptions.map((subscription) => subscription.id.toLowerCase()));
    const seen = new Set<string>();
    estate.machines.forEach((machine, index) => {
      const refuse = (key: string, message: string) => context.addIssue({ code: 'custom', path: ['machines', index, key], message });
      const ref = parseMachineId(machine.id);
      const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
      if (!ref) refuse('id', 'is not the id of a virtual machine or an Arc machine');
      else if (!same(ref.name, machine.name) || !same(ref.resourceGroup, machine.resourceGroup) || ref.kind !== machine.kind) {
        refuse('id', 'does not agree with name, resourceGroup or kind');
      } else if (!same(ref.subscriptionId, machine.subscriptionId)) refuse('id', 'does not agree with subscriptionId');
      if (!known.has(machine.subscriptionId.toLowerCase())) refuse('subscriptionId', 'is not one of the subscriptions');
      if (!machine[machine.kind]) refuse(machine.kind, 'is missing');
      if (seen.has(machine.id.toLowerCase())) refuse('id', 'exists already');
      seen.add(machine.id.toLowerCase());
    });
  });

export type Estate = z.infer<typeof estateSchema>;
export type EstateInput = z.input<typeof estateSchema>;

/** Thrown for an estate that cannot be: `path` says where (machines[3].os.type), `reason` what is wrong there. */
export class EstateError extends Error {
  path: string;
  reason: string;
  constructor(path: string, reason: string) {
    super(`${path}: ${reason}`);
    this.path = path;
    this.reason = reason;
  }
}

/** Checks and completes an estate; throws EstateError for the first thing that is wrong. */
export function parseEstate(input: unknown): Estate {
  const parsed = estateSchema.safeParse(input);
  if (!parsed.success) throw toEstateError(parsed.error);
  addMissingGroups(parsed.data);
  return parsed.data;
}

/** Names the place of a schema complaint the way a reader would write it. */
export function toEstateError(error: z.ZodError, prefix = 'estate'): EstateError {
  const issue = error.issues[0];
  const path = (issue?.path ?? []).reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}${text ? '.' : ''}${String(part)}`),
    '',
  );
  return new EstateError(path || prefix, issue?.message ?? 'is not understood');
}

function addMissingGroups(estate: Estate): void {
  const byId = new Map(estate.subscriptions.map((subscription) => [subscription.id.toLowerCase(), subscription]));
  for (const machine of estate.machines) ensureGroup(byId.get(machine.subscriptionId.toLowerCase()), machine);
}

function ensureGroup(subscription: Subscription | undefined, machine: Machine): void {
  const same = (group: { name: string }) => group.name.toLowerCase() === machine.resourceGroup.toLowerCase();
  if (!subscription || subscription.resourceGroups.some(same)) return;
  subscription.resourceGroups.push({ name: machine.resourceGroup, location: machine.location, tags: {} });
}
