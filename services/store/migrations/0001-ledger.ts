import type { StoreMigration } from './migration.ts';

export const ledger: StoreMigration = {
  name: '0001-ledger',
  statements: [
    `create table ledger (
      seq bigint primary key check (seq > 0),
      prev text not null unique check (length(prev) = 64),
      hash text not null unique check (length(hash) = 64),
      at bigint not null,
      kind text not null,
      actor_id text,
      actor_name text,
      subject text not null,
      data jsonb not null,
      check ((actor_id is null) = (actor_name is null))
    )`,
    'create index ledger_subject on ledger (subject, seq)',
    `create function refuse_change() returns trigger language plpgsql as $$
      begin
        raise exception '% on % is refused: rows are only ever added', tg_op, tg_table_name using errcode = 'restrict_violation';
      end $$`,
    'create trigger ledger_rows before update or delete on ledger for each row execute function refuse_change()',
    'create trigger ledger_table before truncate on ledger for each statement execute function refuse_change()',
    `create table ledger_head (
      only_row boolean primary key default true check (only_row),
      seq bigint not null,
      hash text not null
    )`,
    `insert into ledger_head (seq, hash) values (0, repeat('0', 64))`,
    'create trigger ledger_head_rows before delete on ledger_head for each row execute function refuse_change()',
    'create trigger ledger_head_table before truncate on ledger_head for each statement execute function refuse_change()',
    'create table durability_probe (only_row boolean primary key default true check (only_row), commits bigint not null)',
    'insert into durability_probe (commits) values (0)',
  ],
};
