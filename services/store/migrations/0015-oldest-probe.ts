import type { StoreMigration } from './migration.ts';

/** Every answer says how old the oldest probe is: that must not take longer for a larger fleet. */
export const oldestProbe: StoreMigration = {
  name: '0015-oldest-probe',
  statements: [`create index evidence_oldest_probe on evidence (observed_at) where kind = 'guest' and state = 'read'`],
};
