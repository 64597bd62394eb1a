import type { StoreMigration } from './migration.ts';

export const evidence: StoreMigration = {
  name: '0004-evidence',
  statements: [
    `create table evidence (
      kind text not null,
      subject_id text not null,
      state text not null check (state in ('read', 'unread')),
      last_value jsonb,
      observed_at bigint,
      source text not null,
      reason text,
      fix text,
      since bigint,
      primary key (kind, subject_id),
      check (state = 'unread' or (last_value is not null and observed_at is not null)),
      check (state = 'read' or (reason is not null and fix is not null and since is not null))
    )`,
    'create table sources (kind text primary key, source text not null, read_at bigint, failure jsonb)',
  ],
};
