import type { Instant } from '../../../core/instant.ts';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { Context } from '../context.ts';
import { createEvaluate } from '../evaluate.ts';
import type { Everyone } from '../evaluation/fleet.ts';
import { createFleet } from '../evaluation/fleet.ts';
import { snapshotWith } from '../snapshot.ts';

/** What an answer needs to know beside the findings: who there is, and how the sources stand. Nothing can be judged by it. */
export interface Overview extends Omit<Snapshot, 'evidence'> {
  readonly list: Snapshot['evidence']['server-list'];
  /** Machines that the inventory could not tell anything of: they are in no count. */
  readonly nameless: number;
  readonly names: Everyone['names'];
  /** Names that several machines bear, in lower case. */
  readonly sharedNames: ReadonlySet<string>;
  /** Of the machine that was looked into longest ago. */
  readonly probedAt: Instant | null;
}

/** What this process knows of the whole fleet without loading all of it. */
export interface Readiness {
  /** Judges what has to be judged anew; how many subjects changed. */
  judge(): Promise<number>;
  /** Who there is and how the sources stand, once everything is judged that has to be. */
  overview(): Promise<Overview>;
}

export function createReadiness(context: Context): Readiness {
  const fleet = createFleet(context);
  const evaluate = createEvaluate(context, fleet);
  return {
    async judge() {
      return (await evaluate()).changed;
    },
    async overview() {
      const { seen } = await evaluate();
      const everyone = fleet.loaded();
      if (!everyone) throw new Error('Nobody was loaded by an evaluation that went through.');
      const known = { evidence: {}, machines: [], sources: seen.sources };
      const { evidence: _evidence, ...rest } = snapshotWith(context, known, seen.decisions, everyone, {});
      return {
        ...rest,
        list: everyone.list,
        nameless: everyone.nameless.length,
        names: everyone.names,
        sharedNames: everyone.sharedNames,
        probedAt: seen.oldestProbe,
      };
    },
  };
}
