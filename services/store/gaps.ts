import type { Expression, Selectable, SqlBool } from 'kysely';
import { sql } from 'kysely';
import type { GapFilter, GapRecord } from '../../core/gap-record.ts';
import type { Tx } from '../../core/ports.ts';
import { jsonb, storable } from './jsonb.ts';
import type { Tables, Trx } from './schema.ts';

type Part = Pick<Tx, 'saveGap' | 'gaps' | 'untoldGaps' | 'tellGaps' | 'takeGapEdits'>;
type Row = Selectable<Tables['protection_gaps']>;

/** The gaps in protection and the posts about them, in a transaction. */
export function gapsPart(trx: Trx): Part {
  return {
    async saveGap(gap) {
      const times = { last_bad: gap.lastBad, first_good: gap.firstGood, ended: gap.ended };
      const { post } = await trx
        .insertInto('protection_gaps')
        .values({ ...rowOf(gap), ...times })
        .onConflict((conflict) => conflict.columns(['machine_id', 'condition', 'first_bad']).doUpdateSet(times))
        .returning('post')
        .executeTakeFirstOrThrow();
      if (gap.ended === null || post === null) return;
      await trx.updateTable('gap_posts').set({ stale: true }).where('topic', '=', gap.topic).where('post', '=', post).execute();
    },
    async gaps(which) {
      const found = trx.selectFrom('protection_gaps').selectAll().where(filterOf(which));
      const rows = await found.orderBy(sql`coalesce(last_good, first_bad)`).orderBy('machine_id').orderBy('condition').execute();
      return rows.map(recordOf);
    },
    async untoldGaps() {
      const { rows } = await sql<{ topic: string; first: boolean; since: number; run: string | null; posts: number; told: number | null }>`
        select topic, bool_and(last_good is null) as first, min(first_bad) as since, min(run) as run,
          (select coalesce(max(post), 0) from gap_posts where gap_posts.topic = untold.topic) as posts,
          (select max(at) from gap_posts where gap_posts.topic = untold.topic) as told
        from protection_gaps as untold where ended is null and post is null group by topic order by topic`.execute(trx);
      return rows.map(({ topic, first, since, run, posts, told }) => ({ topic, firstLook: first, since, run, posts, toldAt: told }));
    },
    async tellGaps(topic, post, at, gaps) {
      const claimed = await trx
        .insertInto('gap_posts')
        .values({ topic, post, at, edited_at: at })
        .onConflict((conflict) => conflict.doNothing())
        .returning('post')
        .executeTakeFirst();
      if (!claimed) return false;
      const keys = JSON.stringify(gaps.map(({ machineId, condition, firstBad }) => ({ machineId, condition, firstBad })));
      await sql`update protection_gaps set post = ${post}
        from jsonb_to_recordset(${keys}::jsonb) as told("machineId" text, condition text, "firstBad" bigint)
        where protection_gaps.machine_id = told."machineId" and protection_gaps.condition = told.condition
          and protection_gaps.first_bad = told."firstBad" and protection_gaps.topic = ${topic}`.execute(trx);
      return true;
    },
    async takeGapEdits(before, at) {
      const stale = trx.updateTable('gap_posts').set({ stale: false, edited_at: at }).where('stale', '=', true);
      return stale.where('edited_at', '<=', before).returning(['topic', 'post']).execute();
    },
  };
}

type Filters = { [F in GapFilter['of']]: (which: Extract<GapFilter, { of: F }>) => Expression<SqlBool> };

const filters: Filters = {
  open: () => sql`ended is null`,
  run: ({ run }) => sql`caused and run = ${run}`,
  post: ({ topic, post }) => sql`topic = ${topic} and post = ${post}`,
  untold: ({ topic }) => sql`topic = ${topic} and ended is null and post is null`,
  machine: ({ machineId }) => sql`machine_id = ${machineId}`,
  // The end of one that nobody saw end is the last time it was seen.
  span: ({ from, to }) => sql`(last_good is null or last_good <= ${to}) and (ended is null or coalesce(first_good, last_bad) >= ${from})`,
};

function filterOf(which: GapFilter): Expression<SqlBool> {
  return (filters[which.of] as (of: GapFilter) => Expression<SqlBool>)(which);
}

function rowOf(gap: GapRecord) {
  const { machineId, condition, firstBad, vmId, lastGood, seen, source, run, caused, topic, post } = storable(gap);
  const key = { machine_id: machineId, condition, first_bad: firstBad };
  return { ...key, vm_id: vmId, last_good: lastGood, seen: jsonb(seen), source, run, caused, topic, post };
}

/** A row as the gap it keeps. */
export function recordOf(row: Row): GapRecord {
  const { machine_id, vm_id, condition, last_good, first_bad, last_bad, first_good, ended, seen, source, run, caused, topic, post } = row;
  const times = { lastGood: last_good, firstBad: first_bad, lastBad: last_bad, firstGood: first_good, ended };
  return { machineId: machine_id, vmId: vm_id, condition, ...times, seen, source, run, caused, topic, post };
}
