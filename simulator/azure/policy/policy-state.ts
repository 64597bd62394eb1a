import type { ComplianceState } from './judge.ts';
import type { Remediation } from './remediation.ts';

export interface ComplianceResult {
  state: ComplianceState;
  /** When it was last found (virtual ms). */
  at: number;
}

/** What one policy of one assignment has found, by resource id in lower case. */
export interface Compliance {
  assignmentId: string;
  referenceId: string | null;
  results: Record<string, ComplianceResult>;
}

/** Resources that will be judged together; those of `enforced` are new or changed, so what they lack is deployed too. */
export interface PendingEvaluation {
  id: string;
  resources: string[];
  enforced: string[];
}

export interface PolicyState {
  compliance: Compliance[];
  /** Fingerprints of what each resource was when it was last looked at: of itself and of what belongs to it. */
  seen: Record<string, [own: number, related: number]>;
  pending: PendingEvaluation[];
  /** When everything was last judged (virtual ms); null = never. */
  scannedAt: number | null;
  remediations: Remediation[];
}

export function emptyPolicyState(): PolicyState {
  return { compliance: [], seen: {}, pending: [], scannedAt: null, remediations: [] };
}
