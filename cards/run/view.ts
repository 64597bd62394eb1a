import type { FinalCounts } from '../../core/final-check.ts';
import type { Instant } from '../../core/instant.ts';
import type { RunVerdict } from '../../core/run.ts';
import type { ShownGap } from '../gap-words.ts';

/** A signed plan being carried out: one living card from the wait to the report. */
export interface RunView {
  /** Short name of the plan: `GL-0007`. */
  readonly id: string;
  readonly hash: string;
  readonly title: string;
  readonly state: 'waiting' | 'running' | 'finished';
  readonly verdict: RunVerdict | null;
  readonly startsAt: Instant;
  readonly begunAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly updatedAt: Instant;
  readonly waves: readonly RunWave[];
  readonly counts: RunCounts;
  /** Could not be brought back to safety: somebody has to look at once. Not in `attention` again. */
  readonly unsafe: readonly { readonly name: string; readonly note: string }[];
  readonly attention: readonly { readonly name: string; readonly status: string; readonly note: string }[];
  readonly stop: { readonly by: string | null; readonly at: Instant; readonly reason: string } | null;
  /** So much failed that nothing more begins; what is under way goes on to its end. */
  readonly halting: boolean;
  /** The change window it runs in; null when it may run at any time. */
  readonly window: { readonly name: string; readonly until: Instant } | null;
  /** The final verification by a second source; null when the plan has none, or nothing was proven. */
  readonly final: FinalCounts | null;
  /** Machines that its changes left without their one active engine for a while, as its plan accounts for. */
  readonly gaps: readonly (ShownGap & { readonly name: string })[];
  /** What can be asked for now that it has ended. */
  readonly followUps: { readonly rest: boolean; readonly undo: boolean };
  /** When the card will have changed again at the latest: a missed one means something is wrong. */
  readonly nextUpdateBy: Instant | null;
}

export interface RunWave {
  readonly name: string;
  readonly total: number;
  readonly proven: number;
  readonly bad: number;
  readonly state: 'waiting' | 'running' | 'proven' | 'held' | 'untouched';
  readonly detail: string;
  /** When it begins, where it waits for the soak of the ring before it; null otherwise. */
  readonly soaksUntil: Instant | null;
}

/** Every machine is in exactly one of these but `total`, `restored` and `unsafe`. */
export interface RunCounts {
  readonly total: number;
  readonly verified: number;
  readonly bad: number;
  readonly underWay: number;
  /** Being brought back to safety. */
  readonly restoring: number;
  readonly dropped: number;
  /** Held out of it by somebody's word. */
  readonly held: number;
  readonly untouched: number;
  readonly planned: number;
  /** Of the bad ones: brought back to safety. */
  readonly restored: number;
  /** Of the bad ones: not known to be safe. */
  readonly unsafe: number;
}
