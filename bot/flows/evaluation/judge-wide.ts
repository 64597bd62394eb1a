import { evaluate } from '../../../core/evaluate.ts';
import type { EvidenceKind } from '../../../core/evidence.ts';
import { evidenceKinds } from '../../../core/evidence.ts';
import { sha256 } from '../../../core/hash.ts';
import type { Instant } from '../../../core/instant.ts';
import { MINUTE } from '../../../core/instant.ts';
import { PARTS } from '../../../core/part.ts';
import type { PartStand } from '../../../core/ports.ts';
import { ORGANISATION } from '../../../core/snapshot.ts';
import type { Context } from '../context.ts';
import { snapshotWith } from '../snapshot.ts';
import { readFleetAround } from './fleet-around.ts';
import type { Ground } from './ground.ts';
import { kindsAbout, kindsAround } from './ground.ts';
import { AT_LEAST_EVERY } from './judge-machines.ts';

/** What looks at a whole fleet of more machines than this is judged anew so often only, unless evidence of its own changed. */
const LARGE = 5_000;
const LARGE_EVERY = 15 * MINUTE;

/** Judges subscriptions and the organisation, whose checks may look at every machine, where something changed; how many subjects changed. */
export function createJudgeWide(context: Context): (ground: Ground) => Promise<number> {
  const steps = context.steps.filter(({ subject }) => subject !== 'machine');
  const around = kindsAround(steps);
  const own = kindsAbout(steps).filter((kind) => evidenceKinds[kind].subject !== 'machine');
  let last: { readonly own: string; readonly at: Instant } | null = null;

  return async (ground) => {
    const { now, common, everyone, frame, parts } = ground;
    const written = (wanted: readonly EvidenceKind[]) => parts.map((part) => wanted.map((kind) => part.written[kind] ?? 0).join());
    const ownBasis = sha256(JSON.stringify([common, Math.floor(now / AT_LEAST_EVERY), written(own), [...ground.waivers]]));
    const basis = sha256(JSON.stringify([ownBasis, written(['machine', ...around])]));
    const stand = parts[PARTS] as PartStand;
    const due = stand.dueAt !== null && now >= stand.dueAt;
    if (stand.basis === basis && !due) return 0;
    const soon = last?.own === ownBasis && now - last.at < LARGE_EVERY && everyone.machines.length > LARGE;
    if (soon && !due) return 0;
    return context.store.transact(async (tx) => {
      const subjects = [...frame.subscriptions.map(({ id }) => id), ORGANISATION];
      const known = await tx.evidence({ subjects, kinds: own });
      const snapshot = { ...snapshotWith(context, known, frame, everyone, frame.evidence.machine ?? {}), takenAt: now };
      const surroundings = await readFleetAround(context, tx, everyone, snapshot, around, now);
      const judged = evaluate(steps, snapshot, now, context.migration.owners, surroundings);
      last = { own: ownBasis, at: now };
      return tx.saveFindings(now, [
        { part: PARTS, basis, looked: { ids: [], hosts: [] }, judged: judged.filter(({ place }) => place.kind !== 'machine') },
      ]);
    });
  };
}
