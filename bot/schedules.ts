import type { Schedule } from './flows/claim-due-slots.ts';

/** Everything that is posted at set times, one row each. */
export const schedules: readonly Schedule[] = [
  { id: 'digest', recurrence: ({ migration }) => migration.digest, key: (slot) => `digest:${slot}` },
];
