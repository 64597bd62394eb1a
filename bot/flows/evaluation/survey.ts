import { sha256 } from '../../../core/hash.ts';
import type { Instant } from '../../../core/instant.ts';
import type { FleetStand, Tx } from '../../../core/ports.ts';
import type { Ages } from '../../../core/readiness.ts';
import { sourcesStand } from '../../../core/readiness.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { Context } from '../context.ts';

/** How things stand as a whole: little is read for it, however large the fleet is. */
export interface Survey extends FleetStand {
  readonly now: Instant;
  readonly sources: Snapshot['sources'];
  readonly decisions: Awaited<ReturnType<Tx['decisions']>>;
  /** What every finding depends on beside evidence: the rules, the migration file, how the sources stand, and what people said and decided. */
  readonly common: string;
  /** While it stays the same and nothing is due, so do the findings. */
  readonly mark: string;
}

export async function survey(context: Context, tx: Tx, ages: Ages): Promise<Survey> {
  const now = context.clock.now();
  const stand = await tx.fleetStand();
  const { sources } = await tx.evidence({ subjects: [], kinds: [] });
  const decisions = await tx.decisions();
  const words = decisions.attestations.map((word) => [word, now < word.until]);
  const { migration, rules } = context;
  const common = sha256(JSON.stringify([rules, migration.fileHash, sourcesStand(sources, ages, now), decisions.gates, words]));
  const waivers = decisions.waivers.filter(({ until }) => now < until);
  return { ...stand, now, sources, decisions, common, mark: JSON.stringify([common, waivers, stand.written]) };
}
