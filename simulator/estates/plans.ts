import { z } from 'zod';

const extensionSchema = z.strictObject({
  name: z.string().min(1),
  isEnabled: z.boolean(),
  properties: z.record(z.string(), z.unknown()).optional(),
  /** How switching it on or off ended, as the last write of the plan reported it. */
  operation: z.strictObject({ code: z.enum(['Succeeded', 'Failed']), message: z.string() }).optional(),
});
export type PlanExtension = z.infer<typeof extensionSchema>;

/** A Defender plan as a subscription has it. */
export const planSchema = z.strictObject({
  tier: z.enum(['Free', 'Standard']).default('Free'),
  subPlan: z.string().nullable().default(null),
  enabledAt: z.iso.datetime().nullable().default(null),
  /** Nothing below the subscription may have a plan of its own. */
  enforce: z.boolean().default(false),
  extensions: z.array(extensionSchema).default([]),
});
export type Plan = z.infer<typeof planSchema>;

/** The servers' plan of a single machine, which goes before its subscription's. */
export const machinePlanSchema = z.strictObject({
  machineId: z.string().startsWith('/subscriptions/'),
  tier: z.enum(['Free', 'Standard']),
  enabledAt: z.iso.datetime().nullable().default(null),
});
export type MachinePlan = z.infer<typeof machinePlanSchema>;
