import type { StoreMigration } from './migration.ts';

export const plans: StoreMigration = {
  name: '0002-plans',
  statements: [
    'create table counters (name text primary key, value bigint not null)',
    `insert into counters (name, value) values ('plan', 0)`,
    `create table plans (
      hash text primary key check (length(hash) = 64),
      id text not null unique,
      plan jsonb not null check (plan->>'id' = id),
      sign_off jsonb not null check (sign_off->>'planHash' = hash),
      version bigint not null default 1,
      state text not null generated always as (sign_off->>'state') stored
    )`,
    'create index plans_state on plans (state)',
    // A plan is frozen: people signed these very bytes.
    `create trigger plans_frozen before update of hash, id, plan on plans for each row
      when (old.hash <> new.hash or old.id <> new.id or old.plan <> new.plan) execute function refuse_change()`,
    'create trigger plans_kept before delete on plans for each row execute function refuse_change()',
    `create table views (
      plan_hash text not null references plans,
      nonce text not null,
      person text not null,
      revision bigint not null,
      first boolean not null,
      issued_at bigint not null,
      used_at bigint,
      used_for text,
      position bigint generated always as identity,
      primary key (plan_hash, nonce)
    )`,
    'create unique index views_first on views (plan_hash, person, revision) where first',
    'create index views_person on views (plan_hash, person, revision, position)',
  ],
};
