import type { CountedAs } from './counted.ts';
import type { Tally, Verdict } from './finding.ts';
import type { Instant } from './instant.ts';
import type { ReadAt } from './readiness.ts';
import { asOfKept, older } from './readiness.ts';

/** Subjects of which a step says the same. */
export interface SaidGroup {
  readonly verdict: Verdict;
  /** One sentence for people. */
  readonly because: string;
  /** What would make it ready, or known. */
  readonly fix: string;
  readonly subjects: number;
  /** The oldest evidence that any of it rests on, or since when it is unknown; null when there is none. */
  readonly asOf: Instant | null;
}

/** Puts together what reads the same, whatever it is counted apart for; most subjects first. */
export function saidGroups(counted: readonly (CountedAs & { readonly subjects: number })[], readAt: ReadAt): readonly SaidGroup[] {
  const groups = new Map<string, SaidGroup>();
  for (const { verdict, because, fix, subjects, follows, own } of counted) {
    const key = JSON.stringify([verdict, because, fix]);
    const known = groups.get(key);
    const asOf = asOfKept({ follows, own }, readAt);
    groups.set(key, { verdict, because, fix, subjects: subjects + (known?.subjects ?? 0), asOf: older(asOf, known?.asOf ?? null) });
  }
  return [...groups.values()].toSorted((a, b) => b.subjects - a.subjects);
}

/** Subjects per verdict. */
export function tallySaid(groups: readonly Pick<SaidGroup, 'verdict' | 'subjects'>[]): Tally {
  const counts = { ready: 0, 'not-ready': 0, unknown: 0, waived: 0, 'not-applicable': 0 };
  for (const { verdict, subjects } of groups) counts[verdict] += subjects;
  return counts;
}
