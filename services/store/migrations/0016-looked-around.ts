import type { StoreMigration } from './migration.ts';

/** What was judged before a start need not be judged again after it, as long as it is known what it was judged by. */
export const lookedAround: StoreMigration = {
  name: '0016-looked-around',
  statements: ['alter table readiness_parts add column looked jsonb'],
};
