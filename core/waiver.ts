import type { Finding } from './finding.ts';
import type { Instant } from './instant.ts';

/** A signed, expiring, reasoned exception: one step of one subject. It opens a gate, never a phase-order guard. */
export interface Waiver {
  readonly stepId: string;
  readonly subjectId: string;
  readonly until: Instant;
  readonly reason: string;
  /** The plan it was signed as: `GL-0007`. */
  readonly plan: string;
}

/** A finding that is not ready or not known counts as waived while a waiver for it holds. What is ready stays ready. */
export function waive(finding: Finding, waivers: readonly Waiver[], now: Instant): Finding {
  if (finding.verdict !== 'not-ready' && finding.verdict !== 'unknown') return finding;
  const waiver = waivers.find(
    ({ stepId, subjectId, until }) => stepId === finding.stepId && subjectId === finding.subjectId && now < until,
  );
  if (!waiver) return finding;
  const because = `waived by ${waiver.plan}: ${waiver.reason} (otherwise ${finding.verdict === 'unknown' ? 'unknown' : 'not ready'}: ${finding.because})`;
  return { ...finding, verdict: 'waived', code: 'waived', because };
}
