import type { Attestation } from '../../core/attestation.ts';
import { attestationFor } from '../../core/attestation.ts';
import type { Instant } from '../../core/instant.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { utcDay } from '../../core/utc-words.ts';
import { thirdPartyExcludesDefender } from '../2-onboard/third-party-excludes-defender.ts';

/** The word that the old product leaves Defender alone, where it holds at `now`; else why there is none, in words. */
export function exclusionsWord({ attestations, organisation }: Snapshot, now: Instant): Attestation | string {
  const { id } = thirdPartyExcludesDefender;
  const word = attestationFor(attestations, id, organisation);
  if (word === null) return 'nobody has vouched that the old product leaves Defender alone';
  if (now < word.until) return word;
  const ended = word.takenBack ? `was taken back on ${utcDay(word.until)}` : `held until ${utcDay(word.until)}`;
  return `the word of ${word.by.name} that the old product leaves Defender alone ${ended}`;
}

/** How people are told to give that word. */
export const ATTEST_EXCLUSIONS = `attest ${thirdPartyExcludesDefender.id}`;
