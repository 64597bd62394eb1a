import { z } from 'zod';

/** A maintenance configuration of scope InGuestPatch: when machines may be patched, and with what. */
export const maintenanceConfigurationSchema = z.strictObject({
  name: z.string().min(1),
  subscriptionId: z.string(),
  resourceGroup: z.string().min(1),
  location: z.string().default('westeurope'),
  tags: z.record(z.string(), z.string()).default({}),
  window: z.strictObject({
    /** yyyy-MM-dd HH:mm, in `timeZone`. */
    start: z.string().regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/, 'must be yyyy-MM-dd HH:mm'),
    expiration: z.string().default('9999-12-31 00:00'),
    /** HH:mm */
    duration: z
      .string()
      .regex(/^\d{2}:\d{2}$/, 'must be HH:mm')
      .default('03:00'),
    /** A Windows time zone name. */
    timeZone: z.string().default('UTC'),
    /** As Azure writes it: 1Day, Week Saturday, Month Second Sunday. */
    recurEvery: z.string(),
  }),
  rebootSetting: z.enum(['IfRequired', 'Never', 'Always']).default('IfRequired'),
  windowsClassifications: z.array(z.string()).default(['Critical', 'Security']),
  linuxClassifications: z.array(z.string()).default(['Critical', 'Security']),
  /** Ids of the machines it is assigned to. */
  machines: z.array(z.string().startsWith('/subscriptions/')).default([]),
});
export type MaintenanceConfiguration = z.infer<typeof maintenanceConfigurationSchema>;
export type MaintenanceConfigurationInput = z.input<typeof maintenanceConfigurationSchema>;
