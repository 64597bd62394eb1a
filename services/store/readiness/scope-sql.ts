import type { RawBuilder } from 'kysely';
import { sql } from 'kysely';
import { partOf } from '../../../core/part.ts';
import type { FindingScope } from '../../../core/ports.ts';
import { storableText } from '../jsonb.ts';

/** The subjects of a scope that are there, as a condition on `subject`. */
export function subjectsWithin({ ring, subscription, resourceGroup, machine, owner, subject }: FindingScope): RawBuilder<unknown> {
  const conditions = [
    sql`subject.gone_at is null`,
    ring === undefined ? null : sql`lower(subject.ring) = lower(${ring}::text)`,
    subscription === undefined ? null : sql`subject.subscription = ${subscription}`,
    resourceGroup === undefined ? null : sql`lower(subject.resource_group) = lower(${resourceGroup}::text)`,
    machine === undefined ? null : sql`subject.kind = 'machine' and lower(subject.name) like lower(${likePattern(machine)}::text)`,
    subject === undefined ? null : sql`subject.part = ${partOf(storableText(subject))} and subject.subject_id = ${storableText(subject)}`,
    owner === undefined ? null : sql`lower(subject.owner) = lower(${owner}::text)`,
  ];
  return sql.join(
    conditions.filter((condition) => condition !== null),
    sql` and `,
  );
}

/** Everything but `*` means itself. */
function likePattern(name: string): string {
  return name.replaceAll(/[\\%_]/g, '\\$&').replaceAll('*', '%');
}
