import type { StoreMigration } from './migration.ts';

/**
 * What the steps say of each subject. Words are kept once and shared (groups), subjects are counted by them as findings change, and every change is
 * logged: those that went through the same changes in one part of the fleet share a row.
 */
export const readiness: StoreMigration = {
  name: '0013-readiness',
  statements: [
    `create table readiness_parts (part smallint primary key, basis text not null, due_at bigint)`,
    `create table readiness_groups (
      id integer generated always as identity primary key,
      digest text not null unique,
      about text not null,
      of text not null,
      kind text not null,
      phase text not null,
      verdict text not null,
      code text not null,
      because text not null,
      fix text not null,
      follows jsonb not null
    )`,
    'create index readiness_groups_of on readiness_groups (about, of)',
    `create table readiness_subjects (
      number integer generated always as identity primary key,
      part smallint not null,
      subject_id text not null,
      kind text not null,
      name text not null,
      ring text not null,
      subscription text not null,
      resource_group text not null,
      os text not null,
      owner text not null,
      gone_at bigint,
      unique (part, subject_id)
    )`,
    'create index readiness_subjects_name on readiness_subjects ((lower(name) collate "C"), number) where gone_at is null',
    `create table readiness_findings (
      number integer primary key references readiness_subjects,
      groups integer[] not null,
      own jsonb not null,
      seen jsonb not null,
      due_at bigint
    )`,
    'create index readiness_findings_groups on readiness_findings using gin (groups)',
    `create table readiness_counts (
      group_id integer not null references readiness_groups,
      ring text not null,
      subscription text not null,
      subjects integer not null,
      primary key (group_id, ring, subscription)
    )`,
    `create table readiness_ages (
      group_id integer not null references readiness_groups,
      ring text not null,
      subscription text not null,
      minute bigint not null,
      subjects integer not null,
      primary key (group_id, ring, subscription, minute)
    )`,
    `create table readiness_changes (
      position bigint generated always as identity primary key,
      at bigint not null,
      part smallint not null,
      ring text not null,
      changes jsonb not null,
      subjects integer[] not null,
      own jsonb not null
    )`,
    'create index readiness_changes_part on readiness_changes (part, at)',
    `create table readiness_history (
      of text not null,
      ring text not null,
      at bigint not null,
      tally jsonb not null,
      blind integer not null,
      primary key (of, ring, at)
    )`,
  ],
};
