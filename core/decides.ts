import type { Closing } from './closing.ts';
import type { Instant } from './instant.ts';
import type { Json } from './json.ts';
import type { PhaseId } from './phase.ts';

/** What a plan without calls decides once it is signed: the same sign-off, another effect. */
export type Decides =
  | {
      readonly kind: 'close-phase';
      readonly phase: PhaseId;
      readonly ring: string;
      /** What it is closed on. */
      readonly closing: Closing;
    }
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

/** Tells whether two decisions are about the same: asking anew to close a phase is, whatever has become of its machines meanwhile. */
export function aboutOf(decides: Decides): Json {
  if (decides.kind !== 'close-phase') return decides as unknown as Json;
  const { kind, phase, ring } = decides;
  return { kind, phase, ring };
}
