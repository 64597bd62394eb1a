import type { StoreMigration } from './migration.ts';

/** Which finished runs still have run commands on machines. */
export const tidiedRuns: StoreMigration = {
  name: '0009-tidied-runs',
  statements: [
    'alter table runs add column tidied boolean not null default false',
    `create index runs_untidied on runs (position) where state = 'finished' and not tidied`,
  ],
};
