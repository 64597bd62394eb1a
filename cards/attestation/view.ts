import type { Instant } from '../../core/instant.ts';
import type { JsonObject } from '../../core/json.ts';
import type { PhaseId } from '../../core/phase.ts';

/** A person's word for a step: asked for, offered to one person to give, or given. */
export interface AttestationView {
  readonly phase: PhaseId;
  readonly stepId: string;
  readonly title: string;
  /** The sentence that is signed with a name. */
  readonly statement: string;
  /** In words: `ring canary`. */
  readonly scope: string;
  readonly until: Instant;
  readonly stage: AttestationStage;
}

export type AttestationStage = AttestationAsked | AttestationOffered | AttestationGiven;

/** Somebody said that they want to vouch for it. For everyone: nothing on it counts. */
export interface AttestationAsked {
  readonly kind: 'asked';
  readonly by: string;
  /** Who may vouch for it. */
  readonly attesters: readonly string[];
  /** What the button to one's own view carries. */
  readonly data: JsonObject;
}

/** One person's own view: pressing it records their word. */
export interface AttestationOffered {
  readonly kind: 'offered';
  readonly id: string;
  readonly nonce: string;
  /** What the word would change now, in a sentence. */
  readonly effect: string;
  /** Set when this person's word for the same still holds. */
  readonly already: Instant | null;
  readonly note: string;
  readonly link: string;
  readonly error: string | null;
}

/** It was given; `ended` when somebody took it back. */
export interface AttestationGiven {
  readonly kind: 'given';
  readonly id: string;
  readonly by: string;
  readonly at: Instant;
  readonly note: string;
  readonly link: string;
  readonly ended: { readonly by: string; readonly at: Instant } | null;
  /** Null for everyone. Without a nonce the person may only look. */
  readonly personal: { readonly nonce: string | null; readonly because: string | null; readonly error: string | null } | null;
}
