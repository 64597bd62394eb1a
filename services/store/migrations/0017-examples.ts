import type { StoreMigration } from './migration.ts';

/**
 * The first subjects by name of each group and ring, so that naming a few of them takes as long whatever the size of the fleet. `more`: there are
 * others after the last one.
 */
export const examples: StoreMigration = {
  name: '0017-examples',
  statements: [
    `create table readiness_examples (
      group_id integer not null references readiness_groups on delete cascade,
      ring text not null,
      numbers integer[] not null,
      last_name text not null,
      more boolean not null,
      primary key (group_id, ring)
    )`,
  ],
};
