import type { StoreMigration } from './migration.ts';

/**
 * Evidence is written where it differs only: a digest of each part of a reading tells which rows have to be looked at, and how old a reading is
 * stands once with its source. The function computes what `partOf` in core computes.
 */
export const evidenceParts: StoreMigration = {
  name: '0011-evidence-parts',
  statements: [
    'alter table evidence rename to evidence_before',
    'alter index evidence_pkey rename to evidence_before_pkey',
    `create function part_of(subject text) returns smallint language plpgsql immutable as $$
    declare
      bytes bytea := convert_to(subject, 'UTF8');
      hash bigint := 2166136261;
    begin
      for i in 0 .. length(bytes) - 1 loop
        hash := ((hash # get_byte(bytes, i)) * 16777619) & 4294967295;
      end loop;
      return ((hash # (hash >> 16)) & 255)::smallint;
    end $$`,
    `create table evidence (
      part smallint not null,
      subject_id text not null,
      kind text not null,
      state text not null check (state in ('read', 'unread')),
      last_value text,
      observed_at bigint,
      digest text,
      follows boolean not null default true,
      seen_at bigint not null,
      source text not null,
      reason text,
      fix text,
      since bigint,
      primary key (part, subject_id, kind),
      check (state = 'unread' or (last_value is not null and observed_at is not null)),
      check (state = 'read' or (reason is not null and fix is not null and since is not null))
    )`,
    `insert into evidence (part, subject_id, kind, state, last_value, observed_at, seen_at, source, reason, fix, since)
      select part_of(subject_id), subject_id, kind, state, last_value::text, observed_at, coalesce(since, observed_at), source, reason, fix, since
      from evidence_before`,
    'drop table evidence_before',
    'drop function part_of(text)',
    `create table evidence_parts (
      kind text not null,
      part smallint not null,
      digest text,
      version bigint not null default 1,
      primary key (kind, part)
    )`,
    'insert into evidence_parts (kind, part) select distinct kind, part from evidence',
    'alter table sources add column tried_at bigint',
    `alter table sources add column failed_at jsonb not null default '[]'`,
    'update sources set tried_at = read_at',
  ],
};
