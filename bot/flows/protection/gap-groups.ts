import type { GapGroup, GapRow } from '../../../cards/gaps/data.ts';
import { isAllowedFor } from '../../../core/allowance.ts';
import { protectionKinds } from '../../../core/engine-sightings.ts';
import type { GapRecord } from '../../../core/gap-record.ts';
import type { MachineFacts } from '../../../core/machine.ts';
import { ringOf, UNASSIGNED } from '../../../core/migration.ts';
import type { OwnersOf } from '../../../core/owners.ts';
import { ownersOf } from '../../../core/owners.ts';
import type { NamedPerson } from '../../../core/person.ts';
import type { Tx } from '../../../core/ports.ts';
import type { Protection } from '../../../core/protection.ts';
import { protectionOf } from '../../../core/protection.ts';
import { gapConditions } from '../../../core/protection-gap.ts';
import type { Context } from '../context.ts';
import { causeOf } from './gap-causes.ts';
import { protectionEvidence } from './look-at-machines.ts';

/** Gaps with all that people need to know of them. */
export interface ToldGaps {
  /** By cause: the most dangerous condition and the most machines first. */
  readonly groups: readonly GapGroup[];
  /** Those who answer for the machines whose gaps go on, by the migration file as it is now; each once. */
  readonly owners: readonly NamedPerson[];
}

interface Told {
  readonly gap: GapRecord;
  readonly cause: ReturnType<typeof causeOf>;
  readonly owner: OwnersOf;
  readonly row: GapRow;
}

/** Reads what is known now of the machines in these gaps, and groups the gaps by their cause. */
export async function tellOf({ migration, clock }: Context, tx: Tx, gaps: readonly GapRecord[]): Promise<ToldGaps> {
  const now = clock.now();
  const ids = [...new Set(gaps.map(({ machineId }) => machineId))];
  const { evidence, machines: known } = await tx.evidence({ subjects: ids, kinds: protectionKinds });
  const machines = new Map(known.map((facts) => [facts.id, facts]));
  const told: Told[] = [];
  for (const gap of gaps) {
    const machine = machines.get(gap.machineId);
    const by = await causing(tx, gap, now);
    const owner = ownersOf(migration.owners, machine?.tags ?? {});
    const state = protectionOf(protectionEvidence(evidence, gap.machineId), gap.vmId, now);
    const row = { ...timesOf(gap), ...identityOf(gap, machine, migration), owner: ownerWords(owner), ...standing(gap, state, by) };
    told.push({ gap, owner, row, cause: causeOf(gap, by?.plan ?? null) });
  }
  return { groups: groupsOf(told), owners: peopleOf(told) };
}

function timesOf({ condition, lastGood, firstBad, lastBad, firstGood, ended }: GapRecord) {
  return { condition, lastGood, firstBad, lastBad, firstGood, ended };
}

/** A machine that is gone has its name in its id. */
function identityOf({ machineId }: GapRecord, machine: MachineFacts | undefined, migration: Context['migration']) {
  const name = machine?.name ?? machineId.split('/').at(-1) ?? machineId;
  return { name, ring: machine ? ringOf(migration, machine.tags) : UNASSIGNED };
}

interface Causing {
  readonly plan: string;
  readonly allowed: boolean;
}

async function causing(tx: Tx, { run: hash, caused, machineId }: GapRecord, now: number): Promise<Causing | null> {
  const plan = caused && hash !== null ? (await tx.plan(hash))?.plan : undefined;
  const run = plan && (await tx.run(hash as string))?.run;
  return plan && run ? { plan: plan.id, allowed: isAllowedFor(plan, run, machineId, now) } : null;
}

function standing({ ended, source }: GapRecord, state: Protection, by: Causing | null): Pick<GapRow, 'known' | 'note' | 'source'> {
  const known = state.state !== 'unknown';
  if (ended !== null) return { known, source, note: '' };
  const allowed = by?.allowed ? `${by.plan} is changing it, and its plan accounts for that` : '';
  return { known, source, note: known ? allowed : `How it is now is not known: ${state.because}` };
}

function ownerWords(owner: OwnersOf): string {
  return 'people' in owner ? `${owner.value} (${owner.people.map(({ name }) => name).join(', ')})` : '';
}

function groupsOf(told: readonly Told[]): readonly GapGroup[] {
  const byCause = Map.groupBy(told, ({ gap, cause }) => `${gap.condition} ${cause.words}`);
  const groups = [...byCause.values()].map((some): GapGroup => {
    const [{ gap, cause }] = some as [Told];
    const rows = some.map(({ row }) => row).toSorted((a, b) => Number(a.ended !== null) - Number(b.ended !== null));
    return { condition: gap.condition, cause: cause.words, next: cause.next, owners: countOwners(some), rows };
  });
  const urgency = (group: GapGroup) => gapConditions.indexOf(group.condition);
  return groups.toSorted((a, b) => urgency(a) - urgency(b) || b.rows.length - a.rows.length);
}

/** `Team Blue (Ana): 3, nobody named for “Team Red”: 1, no owner tag: 2`. */
function countOwners(told: readonly Told[]): string {
  const named = Map.groupBy(told, ({ owner }) => ('people' in owner ? ownerWords(owner) : unresolvedWords(owner.unresolved)));
  return [...named].map(([who, some]) => `${who}: ${some.length}`).join(', ');
}

function unresolvedWords(value: string | null): string {
  return value === null ? 'no owner known' : `nobody named for “${value}”`;
}

function peopleOf(told: readonly Told[]): readonly NamedPerson[] {
  const people = told.flatMap(({ gap, owner }) => (gap.ended === null && 'people' in owner ? owner.people : []));
  return [...new Map(people.map((person) => [`${person.tenantId}/${person.objectId}`, person])).values()];
}
