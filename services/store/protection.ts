import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { GapRecord, MachineTrack } from '../../core/gap-record.ts';
import type { Tx } from '../../core/ports.ts';
import { recordOf } from './gaps.ts';
import { storable } from './jsonb.ts';
import type { Tables, Trx } from './schema.ts';

type Part = Pick<Tx, 'machinesToLookAt' | 'tracks' | 'saveTracks'>;

/** The looks at machines in a transaction. */
export function protectionPart(trx: Trx): Part {
  return {
    async machinesToLookAt(limit) {
      const { rows } = await sql<{ subject_id: string }>`
        select subject_id from evidence left join protection on machine_id = subject_id
        where kind = 'guest' and evidence.state = 'read' and (looked_at is null or observed_at > looked_at)
        order by subject_id limit ${limit}`.execute(trx);
      return rows.map(({ subject_id }) => subject_id);
    },
    async tracks(machineIds) {
      if (machineIds.length === 0) return [];
      // In one order, so that two that lock the same ones do not wait for each other.
      const machines = trx.selectFrom('protection').selectAll().where('machine_id', 'in', listed(machineIds)).orderBy('machine_id');
      const rows = await machines.forUpdate().execute();
      const going = trx.selectFrom('protection_gaps').selectAll().where('machine_id', 'in', listed(machineIds)).where('ended', 'is', null);
      const open = Map.groupBy(await going.orderBy('condition').execute(), ({ machine_id }) => machine_id);
      return rows.map((row) => trackOf(row, (open.get(row.machine_id) ?? []).map(recordOf)));
    },
    async saveTracks(tracks) {
      if (tracks.length === 0) return [];
      const rows = JSON.stringify(storable(tracks.map((track) => rowOf(track))));
      const saved = await sql<{ machine_id: string }>`
        insert into protection as known select * from jsonb_to_recordset(${rows}::jsonb) as look(
          machine_id text, vm_id text, looked_at bigint, state text, seen_at bigint, none_good bigint, both_good bigint)
        on conflict (machine_id) do update set vm_id = excluded.vm_id, looked_at = excluded.looked_at, state = excluded.state,
          seen_at = excluded.seen_at, none_good = excluded.none_good, both_good = excluded.both_good
        where known.looked_at < excluded.looked_at
        returning machine_id`.execute(trx);
      return saved.rows.map(({ machine_id }) => machine_id);
    },
  };
}

/** The ids as a list in the statement's one parameter: there may be more of them than a statement takes parameters. */
function listed(ids: readonly string[]) {
  return sql<string>`(select jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`;
}

function rowOf({ machineId, vmId, lookedAt, state, seenAt, lastGood }: MachineTrack): Selectable<Tables['protection']> {
  const good = { none_good: lastGood['none-active'], both_good: lastGood['both-active'] };
  return { machine_id: machineId, vm_id: vmId, looked_at: lookedAt, state, seen_at: seenAt, ...good };
}

function trackOf(row: Selectable<Tables['protection']>, open: readonly GapRecord[]): MachineTrack {
  const { machine_id, vm_id, looked_at, state, seen_at, none_good, both_good } = row;
  const lastGood = { 'none-active': none_good, 'both-active': both_good };
  return { machineId: machine_id, vmId: vm_id, lookedAt: looked_at, state, seenAt: seen_at, lastGood, open };
}
