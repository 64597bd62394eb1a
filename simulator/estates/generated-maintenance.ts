import { seedOf } from '../random.ts';
import type { Fleet } from './generated-subscriptions.ts';
import type { Machine } from './machine.ts';
import type { MaintenanceConfigurationInput } from './maintenance.ts';

/** Of this many machines one has its night, for each night. */
const EVERY = 10;
const NIGHTS = [
  { day: 'Saturday', start: '2026-01-03 02:00', duration: '03:00', rebootSetting: 'IfRequired' },
  { day: 'Sunday', start: '2026-01-04 22:00', duration: '02:00', rebootSetting: 'Never' },
] as const;

/** Two nights a fleet in which some of its machines are patched. */
export function generatedMaintenance(fleets: Fleet[], machines: readonly Pick<Machine, 'id' | 'subscriptionId' | 'resourceGroup'>[]) {
  const byFleet = Map.groupBy(machines, ({ subscriptionId }) => subscriptionId.toLowerCase());
  return fleets.flatMap(({ id, key }): MaintenanceConfigurationInput[] => {
    const own = byFleet.get(id.toLowerCase()) ?? [];
    return NIGHTS.flatMap(({ day, start, duration, rebootSetting }, index) => {
      const mine = own.filter((machine) => seedOf(`${machine.id.toLowerCase()}|night`) % EVERY === index);
      if (mine.length === 0) return [];
      return {
        name: `mc-${key}-${day.toLowerCase()}`,
        subscriptionId: id,
        resourceGroup: mine[0]!.resourceGroup,
        rebootSetting,
        window: { start, duration, timeZone: 'Central European Standard Time', recurEvery: `Week ${day}` },
        machines: mine.map((machine) => machine.id),
      };
    });
  });
}
