import { sql } from 'kysely';
import { countedAs } from '../../../core/counted.ts';
import { MINUTE } from '../../../core/instant.ts';
import type { Judged } from '../../../core/readiness.ts';
import type { Trx } from '../schema.ts';
import type { Group } from './groups.ts';
import { groupOf, keyOf } from './groups.ts';

interface Delta {
  readonly key: string;
  readonly ring: string;
  readonly subscription: string;
  /** Of a time of its own; null for all subjects, whatever their times. */
  readonly minute: number | null;
  by: number;
}

/** Adds up what subjects are counted by before they are judged anew and after, so that only what differs is written. */
export class Counter {
  readonly groups = new Map<string, Group>();
  readonly #deltas = new Map<string, Delta>();

  /** Counts a subject (`by` 1) or takes it out again (-1). */
  count(judged: Judged, by: 1 | -1): void {
    const { ring, subscription } = judged.place;
    const phaseOf = new Map(judged.findings.map(({ stepId, phase }) => [stepId, phase]));
    for (const counted of countedAs(judged)) {
      const group = groupOf(counted, counted.about === 'step' ? (phaseOf.get(counted.of) ?? '') : '');
      const key = keyOf(group);
      this.groups.set(key, group);
      this.#add({ key, ring, subscription, minute: null, by });
      if (counted.own !== null) this.#add({ key, ring, subscription, minute: Math.floor(counted.own / MINUTE), by });
    }
  }

  #add(delta: Delta): void {
    const at = `${delta.minute ?? ''}\n${delta.ring}\n${delta.subscription}\n${delta.key}`;
    const known = this.#deltas.get(at);
    if (known) known.by += delta.by;
    else this.#deltas.set(at, { ...delta });
  }

  async write(trx: Trx, numbers: ReadonlyMap<string, number>): Promise<void> {
    const rows = [...this.#deltas.values()]
      .filter(({ by }) => by !== 0)
      .map(({ key, ring, subscription, minute, by }) => ({ group: numbers.get(key) as number, ring, subscription, minute, by }));
    // In one order, so that two instances wait for each other instead of for ever.
    const sorted = rows.toSorted((a, b) => a.group - b.group || compare(a.ring, b.ring) || compare(a.subscription, b.subscription));
    const given = JSON.stringify(sorted);
    await sql`
      insert into readiness_counts as known (group_id, ring, subscription, subjects)
      select "group", ring, subscription, by
      from jsonb_to_recordset(${given}::jsonb) as delta("group" integer, ring text, subscription text, minute bigint, by integer)
      where minute is null
      on conflict (group_id, ring, subscription) do update set subjects = known.subjects + excluded.subjects`.execute(trx);
    await sql`
      insert into readiness_ages as known (group_id, ring, subscription, minute, subjects)
      select "group", ring, subscription, minute, by
      from jsonb_to_recordset(${given}::jsonb) as delta("group" integer, ring text, subscription text, minute bigint, by integer)
      where minute is not null
      on conflict (group_id, ring, subscription, minute) do update set subjects = known.subjects + excluded.subjects`.execute(trx);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
