import { taggedHash } from './hash.ts';
import type { Instant } from './instant.ts';
import type { NamedPerson } from './person.ts';
import type { Scope } from './scope.ts';
import { inScope } from './scope.ts';
import type { Subject } from './snapshot.ts';

/** A named person's word for a fact no API shows. It ages: after `until` what rests on it is unknown again. */
export interface Attestation {
  readonly id: string;
  readonly stepId: string;
  /** The sentence that was signed with a name, as it was shown. */
  readonly statement: string;
  /** Which machines it speaks of; the organisation's steps are attested for the whole migration. */
  readonly scope: Scope;
  readonly by: NamedPerson;
  readonly at: Instant;
  readonly until: Instant;
  /** Where the proof is kept, as typed; empty without one. */
  readonly link: string;
  /** What was said, as typed. */
  readonly note: string;
  /** Set when somebody took it back; `until` is that moment then. */
  readonly takenBack?: { readonly by: NamedPerson; readonly at: Instant };
}

/** What somebody is shown that they can vouch for: the press that follows is for exactly this. */
export interface AttestationOffer {
  /** See {@link offerId}. */
  readonly id: string;
  readonly stepId: string;
  /** The sentence that is signed with a name. */
  readonly statement: string;
  readonly scope: Scope;
  readonly until: Instant;
}

/** The id of what can be vouched for covers every word of it: 64 lower-case hex digits. */
export function offerId({ stepId, statement, scope, until }: Omit<AttestationOffer, 'id'>): string {
  return taggedHash('greenlight/attestation/v1', { stepId, statement, scope: { ...scope }, until });
}

/** The newest word for a step that speaks of a subject, whether it still holds or not; null when there is none. */
export function attestationFor(attestations: readonly Attestation[], stepId: string, subject: Subject): Attestation | null {
  const found = attestations.filter((one) => one.stepId === stepId && inScope(one.scope, subject));
  return found.toSorted((a, b) => b.until - a.until || b.at - a.at)[0] ?? null;
}
