import type { Instant } from './instant.ts';
import type { PhaseId } from './phase.ts';

/** What a plan without calls decides once it is signed: the same sign-off, another effect. */
export type Decides =
  | { readonly kind: 'close-phase'; readonly phase: PhaseId; readonly ring: string }
  | {
      readonly kind: 'waive';
      readonly stepId: string;
      readonly subjectId: string;
      readonly subjectName: string;
      readonly until: Instant;
      readonly reason: string;
    }
  | {
      readonly kind: 'accept-file';
      /** SHA-256 of the migration file that is to count from then on. */
      readonly fileHash: string;
      readonly changes: readonly { readonly words: string; readonly from: string; readonly to: string }[];
    };
