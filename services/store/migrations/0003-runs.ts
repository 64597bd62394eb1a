import type { StoreMigration } from './migration.ts';

export const runs: StoreMigration = {
  name: '0003-runs',
  statements: [
    `create table runs (
      plan_hash text primary key references plans,
      run jsonb not null check (run->>'planHash' = plan_hash),
      version bigint not null default 1,
      state text not null generated always as (run->>'state') stored,
      position bigint generated always as identity,
      owner text,
      fence bigint not null default 0,
      lease_until timestamptz
    )`,
    `create index runs_open on runs (position) where state <> 'finished'`,
    'create table target_holds (target_id text primary key, plan_hash text not null references plans)',
    'create index target_holds_plan on target_holds (plan_hash)',
    `create table journal (
      plan_hash text not null references plans,
      target_id text not null,
      call_id text not null,
      attempt bigint not null default 1,
      intent_at bigint not null,
      outcome text not null default 'open' check (outcome in ('open', 'accepted', 'refused', 'ambiguous', 'settled', 'failed')),
      outcome_at bigint,
      detail text not null default '',
      position bigint generated always as identity,
      primary key (plan_hash, target_id, call_id)
    )`,
  ],
};
