import type { StoreMigration } from './migration.ts';

/** What signed decisions left: waivers, and phases closed for a ring. */
export const decisions: StoreMigration = {
  name: '0008-decisions',
  statements: [
    `create table waivers (
      plan_hash text primary key references plans,
      plan text not null,
      step_id text not null,
      subject_id text not null,
      until bigint not null,
      reason text not null
    )`,
    `create table gates (
      phase text not null,
      ring text not null,
      closed_at bigint not null,
      plan_hash text not null references plans,
      plan text not null,
      primary key (phase, ring)
    )`,
  ],
};
