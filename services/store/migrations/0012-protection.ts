import type { StoreMigration } from './migration.ts';

/** How machines are protected, the gaps in it, and the posts that tell of them. */
export const protection: StoreMigration = {
  name: '0012-protection',
  statements: [
    // Room on the pages: a look changes times only, and the index is left alone.
    `create table protection (
      machine_id text primary key,
      vm_id text not null,
      looked_at bigint not null,
      state text check (state in ('none', 'third-party', 'defender', 'both')),
      seen_at bigint,
      none_good bigint,
      both_good bigint,
      check ((state is null) = (seen_at is null))
    ) with (fillfactor = 70)`,
    `create table protection_gaps (
      machine_id text not null references protection,
      condition text not null check (condition in ('none-active', 'both-active')),
      first_bad bigint not null,
      vm_id text not null,
      last_good bigint,
      last_bad bigint not null,
      first_good bigint,
      ended text check (ended in ('good', 'anew', 'gone')),
      seen jsonb not null,
      source text not null,
      run text,
      caused boolean not null,
      topic text not null,
      post integer,
      primary key (machine_id, condition, first_bad),
      check ((first_good is not null) = (ended is not distinct from 'good'))
    )`,
    // Of one condition at most one goes on.
    'create unique index protection_gaps_open on protection_gaps (machine_id, condition) where ended is null',
    'create index protection_gaps_untold on protection_gaps (topic) where ended is null and post is null',
    'create index protection_gaps_told on protection_gaps (topic, post) where post is not null',
    'create index protection_gaps_caused on protection_gaps (run) where caused',
    `create table gap_posts (
      topic text not null,
      post integer not null,
      at bigint not null,
      edited_at bigint not null,
      stale boolean not null default false,
      primary key (topic, post)
    )`,
    // Which probes were not looked at is asked after every collection.
    `create index evidence_probes on evidence (subject_id, observed_at) where kind = 'guest' and state = 'read'`,
    // What an older probe printed lacks what is asked for now: nothing is concluded from it.
    `update evidence set state = 'unread', last_value = null, observed_at = null, digest = null, follows = true,
      reason = 'the probe has learnt more since it looked at this machine', fix = 'Request the probe again.', since = seen_at
      where kind = 'guest' and last_value is not null and not (last_value::jsonb ? 'unchecked')`,
    'create index gap_posts_stale on gap_posts (edited_at) where stale',
  ],
};
