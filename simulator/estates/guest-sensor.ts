import { z } from 'zod';

/** The Defender for Endpoint sensor on a machine. */
export const sensorSchema = z.strictObject({
  deviceId: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .nullable()
    .default(null),
  service: z.enum(['Running', 'Stopped', 'Absent']).default('Absent'),
  version: z.string().default(''),
  health: z.enum(['Active', 'Inactive', 'ImpairedCommunication', 'NoSensorData']).default('NoSensorData'),
  onboardedAt: z.iso.datetime().nullable().default(null),
  /** Of the last full report. */
  lastSeen: z.iso.datetime().nullable().default(null),
  managedBy: z.enum(['Unknown', 'MicrosoftDefenderForEndpoint', 'Intune', 'SystemCenterConfigurationManager']).default('Unknown'),
  managedByStatus: z.enum(['Success', 'Error', 'Unknown']).default('Unknown'),
});
export type Sensor = z.infer<typeof sensorSchema>;
