import { z } from 'zod';
import { machineBefore } from './of-machines.ts';
import type { PendingUpdate } from './patch-assessment.ts';
import type { GraphRow } from './resource-graph.ts';

export const ASSESSMENT_PART = '/patchassessmentresults/';

const rowSchema = z.object({
  kb: z.string(),
  patch: z.string(),
  classifications: z.array(z.string()).nullish(),
});

/** What is missing on each machine. A fleet misses the same few updates, so each of them is kept once. */
export interface PendingUpdates {
  take(row: GraphRow): void;
  of(machine: string): readonly PendingUpdate[];
  /** Did a row of it have another shape? */
  isBroken(machine: string): boolean;
}

export function createPendingUpdates(): PendingUpdates {
  const known = new Map<string, PendingUpdate>();
  const byMachine = new Map<string, PendingUpdate[]>();
  const broken = new Set<string>();

  function once(update: PendingUpdate): PendingUpdate {
    const key = `${update.kb}|${update.name}|${update.classification}`;
    const before = known.get(key) ?? update;
    known.set(key, before);
    return before;
  }
  return {
    take(row) {
      const machine = machineBefore(ASSESSMENT_PART, row['id']);
      if (machine === null) return;
      const parsed = rowSchema.safeParse(row);
      if (!parsed.success) return void broken.add(machine);
      const { kb, patch, classifications } = parsed.data;
      const update = once({ kb: kbOf(kb), name: patch, classification: classifications?.join(', ') ?? '' });
      const list = byMachine.get(machine);
      if (list) list.push(update);
      else byMachine.set(machine, [update]);
    },
    of: (machine) => byMachine.get(machine) ?? [],
    isBroken: (machine) => broken.has(machine),
  };
}

/** Azure gives the number alone, `5005292`. */
function kbOf(text: string): string {
  const digits = /^(?:kb)?(\d+)$/i.exec(text.trim())?.[1];
  return digits === undefined ? text.trim() : `KB${digits}`;
}
