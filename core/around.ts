import type { EvidenceKind, EvidenceOf } from './evidence.ts';
import type { GuestFacts } from './facts/guest.ts';

/**
 * What a check may look at of other subjects than its own. Of a whole fleet nothing more is kept at hand: looking at all of it would take all of
 * it in memory.
 */
export interface AroundOf {
  readonly guest: Pick<GuestFacts, 'thirdParty' | 'unchecked' | 'wsusServer'>;
  readonly 'defender-extension': Pick<EvidenceOf['defender-extension'], 'present'>;
}

export type AroundKind = keyof AroundOf & EvidenceKind;

/** Leaves of a subject's facts what others may look at. */
export const abridge: { readonly [K in AroundKind]: (facts: EvidenceOf[K]) => AroundOf[K] } = {
  guest: ({ thirdParty, unchecked, wsusServer }) => ({ thirdParty, unchecked, wsusServer }),
  'defender-extension': ({ present }) => ({ present }),
};
