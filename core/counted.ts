import type { EvidenceKind, SubjectKind } from './evidence.ts';
import type { Verdict } from './finding.ts';
import type { Instant } from './instant.ts';
import { phases } from './phase.ts';
import type { Judged } from './readiness.ts';

/** What subjects are counted by. */
export interface CountedAs {
  /**
   * `step`: what step `of` says. `reason`: it is unknown for this reason in phase `of`, or in any where that is `all`, however many steps say so.
   * `worst`: the worst that any step of phase `of` says. `subject`: it is there.
   */
  readonly about: 'step' | 'reason' | 'worst' | 'subject';
  readonly of: string;
  readonly kind: SubjectKind;
  readonly verdict: Verdict;
  readonly code: string;
  readonly because: string;
  readonly fix: string;
  readonly follows: readonly EvidenceKind[];
  readonly own: Instant | null;
}

/** Every phase at once. */
export const ALL_PHASES = 'all';

/** From worst to best, as far as a gate is concerned. */
const WORST_FIRST: readonly Verdict[] = ['not-ready', 'unknown', 'waived', 'ready', 'not-applicable'];

/** As what a subject is counted; each of them once. */
export function countedAs({ place: { kind }, findings }: Judged): readonly CountedAs[] {
  const counted: CountedAs[] = findings.map(({ stepId, verdict, code, because, fix, follows, own }) => {
    return { about: 'step', of: stepId, kind, verdict, code, because, fix, follows, own };
  });
  const bare = { kind, code: '', because: '', fix: '', follows: [], own: null } as const;
  for (const phase of phases) {
    const found = findings.filter((finding) => finding.phase === phase);
    const [worst] = found.map(({ verdict }) => WORST_FIRST.indexOf(verdict)).toSorted((a, b) => a - b);
    if (worst !== undefined) counted.push({ ...bare, about: 'worst', of: phase, verdict: WORST_FIRST[worst] as Verdict });
    for (const because of reasons(found)) counted.push({ ...bare, about: 'reason', of: phase, verdict: 'unknown', because });
  }
  for (const because of reasons(findings)) counted.push({ ...bare, about: 'reason', of: ALL_PHASES, verdict: 'unknown', because });
  counted.push({ ...bare, about: 'subject', of: '', verdict: 'ready' });
  return counted;
}

function reasons(findings: Judged['findings']): ReadonlySet<string> {
  return new Set(findings.flatMap(({ verdict, because }) => (verdict === 'unknown' ? [because] : [])));
}
