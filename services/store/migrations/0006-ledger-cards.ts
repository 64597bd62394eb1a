import type { StoreMigration } from './migration.ts';

export const ledgerCards: StoreMigration = {
  name: '0006-ledger-cards',
  statements: [
    'alter table ledger add column actor_upn text check (actor_upn is null or actor_id is not null)',
    `create table ledger_cards (
      sha256 text primary key,
      card text not null,
      check (sha256 = encode(sha256(convert_to(card, 'UTF8')), 'hex'))
    )`,
    'create trigger ledger_cards_rows before update or delete on ledger_cards for each row execute function refuse_change()',
    'create trigger ledger_cards_table before truncate on ledger_cards for each statement execute function refuse_change()',
    // The head moves with an entry that follows it, and in no other way: whoever writes past the bot cannot leave a gap either.
    `create function follow_head() returns trigger language plpgsql set search_path from current as $$
      begin
        update ledger_head set seq = new.seq, hash = new.hash where seq = new.seq - 1 and hash = new.prev;
        if not found then
          raise exception 'entry % is refused: it does not follow the head of the ledger', new.seq using errcode = 'restrict_violation';
        end if;
        return new;
      end $$`,
    'create trigger ledger_follows before insert on ledger for each row execute function follow_head()',
    `create function refuse_move() returns trigger language plpgsql as $$
      begin
        if pg_trigger_depth() < 2 then
          raise exception '% on % is refused: the head moves with an entry only', tg_op, tg_table_name using errcode = 'restrict_violation';
        end if;
        return new;
      end $$`,
    // A version from before this one moves the head once more, to where it already is: that may pass while both are running.
    `create trigger ledger_head_moves before update on ledger_head for each row
      when (old.seq <> new.seq or old.hash <> new.hash) execute function refuse_move()`,
  ],
};
