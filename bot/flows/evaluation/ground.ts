import type { EvidenceKind } from '../../../core/evidence.ts';
import { partOf } from '../../../core/part.ts';
import type { PartStand, Tx } from '../../../core/ports.ts';
import { agesOf } from '../../../core/readiness.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { AnyStep } from '../../../core/step.ts';
import type { Waiver } from '../../../core/waiver.ts';
import type { Context } from '../context.ts';
import { missingEvidence } from '../listing.ts';
import { snapshotFrom, snapshotWith } from '../snapshot.ts';
import type { Elsewhere } from './around.ts';
import type { Everyone, Fleet } from './fleet.ts';
import type { Survey } from './survey.ts';

/** Everything that one evaluation goes by. */
export interface Ground extends Survey {
  /** Of its evidence, what is said of servers that only the list knows. */
  readonly frame: Snapshot;
  readonly everyone: Everyone;
  readonly parts: readonly PartStand[];
  /** Those that hold, by part. */
  readonly waivers: ReadonlyMap<number, readonly Waiver[]>;
  readonly elsewhere: Elsewhere;
}

/** Reads it. `kinds` are those of which machines of other parts are looked at. */
export async function readGround(context: Context, tx: Tx, fleet: Fleet, seen: Survey, kinds: readonly EvidenceKind[]): Promise<Ground> {
  const parts = await tx.parts();
  const everyone = await fleet.load(tx, parts, seen.sources);
  const frame = { ...frameOf(context, seen, everyone), takenAt: seen.now };
  const holding = seen.decisions.waivers.filter(({ until }) => seen.now < until);
  const waivers = Map.groupBy(holding, ({ subjectId }) => partOf(subjectId));
  const ground: Ground = { ...seen, frame, everyone, parts, waivers, elsewhere: new Map() };
  await lookUp(context, tx, ground, [...new Set(parts.flatMap(({ looked }) => looked.ids))], kinds);
  return ground;
}

/** Everything but what was read of each machine, with what is said of servers that only the list knows. */
function frameOf(context: Context, { sources, decisions }: Survey, everyone: Everyone): Snapshot {
  const evidence = everyone.list ? { 'server-list': everyone.list } : {};
  const known = { evidence, machines: [], sources };
  return snapshotWith(context, known, decisions, everyone, everyone.listing ? missingEvidence(known, everyone.listing) : {});
}

/** Reads what is known of machines that checks look at from other parts. */
export async function lookUp(
  context: Context,
  tx: Tx,
  { frame, elsewhere }: Pick<Ground, 'frame' | 'elsewhere'>,
  ids: readonly string[],
  kinds: readonly EvidenceKind[],
): Promise<void> {
  if (ids.length === 0) return;
  const { evidence } = snapshotFrom(context, await tx.evidence({ subjects: ids, kinds }), frame);
  for (const id of ids) {
    const about = kinds.flatMap((kind) => {
      const found = evidence[kind]?.[id];
      return found ? [[kind, { [id]: found }] as const] : [];
    });
    elsewhere.set(id, Object.fromEntries(about) as Snapshot['evidence']);
  }
}

export function kindsAbout(steps: readonly AnyStep[]): readonly EvidenceKind[] {
  return [...agesOf(steps).keys()];
}

/** What these steps look at of other subjects. */
export function kindsAround(steps: readonly AnyStep[]): readonly NonNullable<AnyStep['around']>[number][] {
  return [...new Set(steps.flatMap(({ around = [] }) => around))];
}
