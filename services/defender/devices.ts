import { z } from 'zod';
import type { Instant } from '../../core/instant.ts';
import { Incomplete } from '../azure/incomplete.ts';
import type { JsonReader } from '../azure/json-reader.ts';
import { optionalId, optionalInstant, words } from './fields.ts';
import type { HuntingRow } from './hunting.ts';
import { hunt } from './hunting.ts';
import type { JoinableDevice } from './joinable.ts';
import { huntingQueries } from './queries.ts';

/** A device as advanced hunting tells of it. */
export interface HuntedDevice extends JoinableDevice {
  readonly onboarding: string;
  readonly sensorHealth: string;
  /** `AvMode` as vulnerability management writes it; empty when it has not looked. */
  readonly mode: string;
  readonly modeSeen: Instant | null;
}

const deviceRow = z
  .object({
    DeviceId: z.string().min(1),
    DeviceName: words,
    OnboardingStatus: words,
    SensorHealthState: words,
    MergedToDeviceId: optionalId,
    // Hunting's type for yes and no is a signed byte.
    IsExcluded: z.union([z.boolean(), z.number()]).nullish(),
    AzureResourceId: optionalId,
    AzureVmId: optionalId,
    FirstSeen: optionalInstant,
    LastSeen: optionalInstant,
    AvMode: words,
    ModeSeen: optionalInstant,
  })
  .transform(
    (row): HuntedDevice => ({
      deviceId: row.DeviceId.toLowerCase(),
      name: row.DeviceName,
      resourceId: row.AzureResourceId,
      vmId: row.AzureVmId,
      mergedInto: row.MergedToDeviceId,
      setAside: Boolean(row.IsExcluded),
      firstSeen: row.FirstSeen,
      lastSeen: row.LastSeen,
      onboarding: row.OnboardingStatus,
      sensorHealth: row.SensorHealthState,
      mode: row.AvMode,
      modeSeen: row.ModeSeen,
    }),
  );

const countRow = z.object({ Count: z.number().int().min(0) });

/** Every device of the last 30 days that may be a server. Throws Incomplete when the answer is known not to hold all. */
export async function readDevices(graph: JsonReader): Promise<readonly HuntedDevice[]> {
  const rows = await hunt(graph, huntingQueries.devices);
  if (rows.length === 0) confirmNone(await hunt(graph, huntingQueries.deviceCount));
  return z.array(deviceRow).parse(rows);
}

function confirmNone([row]: readonly HuntingRow[]): void {
  if (countRow.parse(row).Count > 0) throw new Incomplete('advanced hunting sent no row of the devices it counts');
}
