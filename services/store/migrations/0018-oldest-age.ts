import type { StoreMigration } from './migration.ts';

/**
 * The oldest time of a group is looked up for every answer, whatever the number of rings and subscriptions. The number of subjects is not part of
 * the index, so that counting them anew leaves it alone.
 */
export const oldestAge: StoreMigration = {
  name: '0018-oldest-age',
  statements: ['create index readiness_ages_oldest on readiness_ages (group_id, minute)'],
};
