import type { Instant } from '../../core/instant.ts';
import type { RunVerdict } from '../../core/run.ts';

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
  readonly attention: readonly { readonly name: string; readonly status: string; readonly note: string }[];
  readonly stop: { readonly by: string | null; readonly at: Instant; readonly reason: string } | null;
  /** When the card will have changed again at the latest: a missed one means something is wrong. */
  readonly nextUpdateBy: Instant | null;
}

export interface RunWave {
  readonly name: string;
  readonly total: number;
  readonly proven: number;
  readonly bad: number;
  readonly state: 'waiting' | 'running' | 'proven' | 'held';
  readonly detail: string;
}

export interface RunCounts {
  readonly total: number;
  readonly verified: number;
  readonly bad: number;
  readonly underWay: number;
  readonly dropped: number;
  readonly untouched: number;
  readonly planned: number;
}
