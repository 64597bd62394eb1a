import type { Finding, Verdict } from './finding.ts';
import type { Instant } from './instant.ts';
import type { KeptFinding } from './readiness.ts';

/** What a step says of a subject, without the words. */
export interface State {
  readonly verdict: Verdict;
  readonly code: string;
}

/**
 * Is a finding unknown because nobody sees, rather than because of anything that was seen? Then it tells nothing about its subject: it is no
 * regression, re-opens nothing and is no input to a forecast.
 */
export function isBlind({ verdict, code }: Pick<Finding, 'verdict' | 'code'>): boolean {
  return verdict === 'unknown' && (code === 'unread' || code === 'stale');
}

/** What became of a subject's state by one step. */
export interface Change {
  readonly stepId: string;
  /** Null for a subject or a step that is new. */
  readonly from: State | null;
  /** Null when the subject is gone, or the step. */
  readonly to: State | null;
  /** What was seen last before: `from`, or, where that was blind, what had been seen before that. Null when nothing was. */
  readonly seen: State | null;
  /** The time of its own that the new finding has; null when it is as old as the last full readings. */
  readonly own: Instant | null;
}

/** What is kept of a subject from the evaluation before. */
export interface KeptBefore {
  readonly findings: readonly KeptFinding[];
  /** Of steps that are blind now: what was seen last, by step id. */
  readonly seen: Readonly<Record<string, State>>;
}

/** Compares what is kept of a subject with what the steps say now; null for what is not there. `seen` is to be kept with what is said now. */
export function compareFindings(
  before: KeptBefore | null,
  after: readonly KeptFinding[] | null,
): { readonly changes: readonly Change[]; readonly seen: Readonly<Record<string, State>> } {
  const earlier = new Map((before?.findings ?? []).map((finding) => [finding.stepId, finding]));
  const changes: Change[] = [];
  const seen: Record<string, State> = {};
  for (const finding of after ?? []) {
    const was = earlier.get(finding.stepId);
    earlier.delete(finding.stepId);
    const last = !was ? null : isBlind(was) ? (before?.seen[was.stepId] ?? null) : stateOf(was);
    if (last !== null && isBlind(finding)) seen[finding.stepId] = last;
    if (was?.verdict === finding.verdict && was.code === finding.code) continue;
    changes.push({ stepId: finding.stepId, from: was ? stateOf(was) : null, to: stateOf(finding), seen: last, own: finding.own });
  }
  for (const was of earlier.values()) {
    const last = isBlind(was) ? (before?.seen[was.stepId] ?? null) : stateOf(was);
    changes.push({ stepId: was.stepId, from: stateOf(was), to: null, seen: last, own: null });
  }
  return { changes, seen };
}

function stateOf({ verdict, code }: KeptFinding): State {
  return { verdict, code };
}
