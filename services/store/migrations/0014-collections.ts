import type { StoreMigration } from './migration.ts';

/** Who is reading which kind of evidence, so that no two instances read one at the same time, and how long the last reading took. */
export const collections: StoreMigration = {
  name: '0014-collections',
  statements: [
    `create table collections (
      kind text primary key,
      owner text,
      lease_until timestamptz,
      began_at bigint not null,
      ended_at bigint,
      took_ms bigint not null default 0
    )`,
  ],
};
