import { weekdays } from '../core/migration.ts';
import type { Schedule } from './flows/digest/claim-due-slots.ts';

/** Everything that is posted at set times, one row each. */
export const schedules: readonly Schedule[] = [
  { id: 'digest', recurrence: ({ migration }) => migration.digest, key: (slot) => `digest:${slot}`, kind: 'digest' },
  { id: 'approver-check', recurrence: () => ({ days: weekdays, time: '08:00' }), key: (slot) => `approvers:${slot}`, kind: null },
];
