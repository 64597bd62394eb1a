import type { StoreMigration } from './migration.ts';

/** What people vouch for, gates that can be opened again, and own views of other things than plans. */
export const attestations: StoreMigration = {
  name: '0010-attestations',
  statements: [
    `create table attestation_offers (
      id text primary key check (length(id) = 64),
      step_id text not null,
      statement text not null,
      scope jsonb not null,
      until bigint not null
    )`,
    `create table attestations (
      id text primary key,
      step_id text not null,
      statement text not null,
      scope jsonb not null,
      tenant_id text not null,
      object_id text not null,
      name text not null,
      at bigint not null,
      until bigint not null,
      link text not null,
      note text not null,
      ended_at bigint,
      ended_by jsonb,
      check ((ended_at is null) = (ended_by is null))
    )`,
    // What a person vouched for stays as it was said; it can only be ended, and only once.
    `create trigger attestations_frozen before update on attestations for each row
      when (old.ended_at is not null or (old.id, old.step_id, old.statement, old.scope, old.tenant_id, old.object_id, old.name, old.at, old.until, old.link, old.note)
        is distinct from (new.id, new.step_id, new.statement, new.scope, new.tenant_id, new.object_id, new.name, new.at, new.until, new.link, new.note))
      execute function refuse_change()`,
    'create trigger attestations_kept before delete on attestations for each row execute function refuse_change()',
    // A gate that was opened again stays in the record; at most one per phase and ring is closed.
    'alter table gates drop constraint gates_pkey',
    'alter table gates add column reopened_at bigint',
    'create unique index gates_closed on gates (phase, ring) where reopened_at is null',
    'alter table views drop constraint views_plan_hash_fkey',
    'alter table views rename column plan_hash to subject',
  ],
};
