import type { StoreMigration } from './migration.ts';

export const messages: StoreMigration = {
  name: '0005-messages',
  statements: [
    'create sequence card_position',
    `create table cards (
      key text primary key,
      activity_id text not null,
      posted_at bigint not null,
      text text not null,
      position bigint not null default nextval('card_position')
    )`,
    'create index cards_newest on cards (posted_at, position)',
    `create table outbox (
      id uuid primary key,
      how text not null check (how in ('post', 'post-once', 'edit')),
      key text not null,
      data jsonb not null,
      at bigint not null,
      state text not null default 'queued' check (state in ('queued', 'sending', 'sent', 'unknown', 'failed', 'collapsed')),
      detail text not null default '',
      position bigint generated always as identity
    )`,
    `create index outbox_queued on outbox (key, position) where state = 'queued'`,
    'create index outbox_at on outbox (at)',
    `create table schedule_slots (
      schedule text not null,
      occurrence bigint not null,
      state text not null check (state in ('claimed', 'posted', 'unknown', 'missed')),
      claimed_at bigint not null,
      primary key (schedule, occurrence)
    )`,
    'create table deliveries (activity_id text primary key, at bigint not null)',
    'create index deliveries_at on deliveries (at)',
    'create table notes (key text primary key, value jsonb not null)',
  ],
};
