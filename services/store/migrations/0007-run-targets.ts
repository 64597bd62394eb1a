import type { StoreMigration } from './migration.ts';

export const runTargets: StoreMigration = {
  name: '0007-run-targets',
  statements: [
    // Room on the pages: a row that changes stays on its page, and the index is left alone.
    `create table run_targets (
      plan_hash text not null references runs,
      target_id text not null,
      progress jsonb not null,
      primary key (plan_hash, target_id)
    ) with (fillfactor = 70)`,
    `insert into run_targets (plan_hash, target_id, progress)
      select plan_hash, key, value from runs, jsonb_each(run->'targets')`,
    `update runs set run = run - 'targets'`,
    // A version from before this one would write targets that nobody reads: it is refused instead.
    `alter table runs add constraint runs_targets_apart check (not run ? 'targets')`,
    // Drawn anew at every save: says whether a run that is known from before is still this one.
    'alter table runs add column stamp uuid not null default gen_random_uuid()',
  ],
};
