import { sql } from 'kysely';
import type { Place } from '../../../core/readiness.ts';
import type { State } from '../../../core/transition.ts';
import type { Trx } from '../schema.ts';

/** A subject as it was kept; `groups` and `own` stand beside each other. Null groups: it is gone. */
export interface KnownSubject {
  readonly number: number;
  readonly part: number;
  readonly place: Place;
  readonly groups: readonly number[] | null;
  readonly own: readonly (number | null)[];
  readonly seen: Readonly<Record<string, State>>;
  readonly dueAt: number | null;
}

/** The subjects of some parts, by id. */
export async function knownSubjects(trx: Trx, parts: readonly number[]): Promise<ReadonlyMap<string, KnownSubject>> {
  // One text for all of them: a row of its own for each would cost several times as much.
  const { rows } = await sql<{ subjects: string | null }>`
    select string_agg(json_build_object('number', subject.number, 'part', part, 'place', json_build_object('id', subject_id, 'kind', kind, 'name', name,
        'ring', ring, 'subscription', subscription, 'resourceGroup', resource_group, 'os', os, 'owner', owner),
      'groups', groups, 'own', own, 'seen', seen, 'dueAt', due_at)::text, ',') as subjects
    from readiness_subjects as subject left join readiness_findings as finding on finding.number = subject.number
    where part = any(${`{${parts.join()}}`}::smallint[])`.execute(trx);
  const known = JSON.parse(`[${rows[0]?.subjects ?? ''}]`) as KnownSubject[];
  return new Map(known.map((subject) => [subject.place.id, subject]));
}
