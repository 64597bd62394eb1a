import { hash } from 'node:crypto';
import { sql } from 'kysely';
import type { CountedAs } from '../../../core/counted.ts';
import type { Judged, KeptFinding } from '../../../core/readiness.ts';
import { storable } from '../jsonb.ts';
import type { Trx } from '../schema.ts';

/** The words that subjects share. `phase` is empty where it is not a step's. */
export interface Group extends Omit<CountedAs, 'own'> {
  readonly phase: string;
}

/** Two groups with the same key are one. */
export function keyOf({ about, of, kind, phase, verdict, code, because, fix, follows }: Group): string {
  return `${about}\n${of}\n${kind}\n${phase}\n${verdict}\n${code}\n${because}\n${fix}\n${follows.join()}`;
}

/** The keys of the groups that a subject's findings are in, in their order. */
export function groupKeysOf({ place, findings }: Judged): readonly string[] {
  return findings.map((finding) => keyOf({ about: 'step', of: finding.stepId, kind: place.kind, ...finding }));
}

export function groupOf({ own: _own, ...counted }: CountedAs, phase: string): Group {
  return { ...counted, phase };
}

/** The finding that a group and a time of its own stand for. */
export function findingOf({ of, phase, verdict, code, because, fix, follows }: Group, own: number | null): KeptFinding {
  return { stepId: of, phase: phase as KeptFinding['phase'], verdict, code, because, fix, follows, own };
}

/** Groups by their numbers. */
export async function loadGroups(trx: Trx, ids: readonly number[]): Promise<ReadonlyMap<number, Group>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<Group & { readonly id: number }>`
    select id, about, of, kind, phase, verdict, code, because, fix, follows from readiness_groups
    where id in (select value::integer from jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`.execute(trx);
  return new Map(rows.map(({ id, ...group }) => [id, group]));
}

/** The numbers of groups by their keys; those that are new get one. */
export async function numberGroups(trx: Trx, groups: ReadonlyMap<string, Group>): Promise<ReadonlyMap<string, number>> {
  if (groups.size === 0) return new Map();
  const digests = new Map([...groups.keys()].map((key) => [hash('sha256', key, 'base64'), key]));
  const wanted = [...digests].map(([digest, key]) => ({ digest, ...storable(groups.get(key) as Group) }));
  const given = JSON.stringify(wanted);
  await sql`
    insert into readiness_groups (digest, about, of, kind, phase, verdict, code, because, fix, follows)
    select digest, about, of, kind, phase, verdict, code, because, fix, follows
    from jsonb_to_recordset(${given}::jsonb) as wanted(digest text, about text, of text, kind text, phase text, verdict text, code text,
      because text, fix text, follows jsonb)
    where digest not in (select digest from readiness_groups)
    order by digest
    on conflict (digest) do nothing`.execute(trx);
  const { rows } = await sql<{ id: number; digest: string }>`
    select id, digest from readiness_groups
    where digest in (select jsonb_array_elements_text(${JSON.stringify([...digests.keys()])}::jsonb))`.execute(trx);
  return new Map(rows.map(({ id, digest }) => [digests.get(digest) as string, id]));
}
