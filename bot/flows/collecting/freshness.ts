import type { CollectedKind } from '../../../core/evidence.ts';
import { evidenceKinds } from '../../../core/evidence.ts';
import type { Instant } from '../../../core/instant.ts';
import { MINUTE, SECOND } from '../../../core/instant.ts';
import type { CollectionStatus } from '../../../core/ports.ts';

/** How new the evidence must be that something rests on, and how long one waits for it. */
export interface Freshness {
  /** True: from a reading that began after the call. */
  readonly anew: boolean;
  /** Real milliseconds; null for as long as it takes. What is not read by then is answered as it was known before, and says so. */
  readonly patienceMs: number | null;
}

/** What is signed and what is carried out rests on nothing older than the call. */
export const ANEW: Freshness = { anew: true, patienceMs: null };
/** Somebody wants everything read again. Teams waits 15 seconds for what a button does. */
export const REFRESHED: Freshness = { anew: true, patienceMs: 10 * SECOND };
/** Somebody asks by a button. */
export const PRESSED: Freshness = { anew: false, patienceMs: 10 * SECOND };
/** Somebody asks. */
export const ASKED: Freshness = { anew: false, patienceMs: 20 * SECOND };

/** What is read this quickly is read anew for every question. Real milliseconds. */
const QUICK_MS = 10 * SECOND;
/** What takes longer is left to its schedule, unless that has fallen behind by as much again. */
const BEHIND = 2;
/** What took long and failed is tried again for a question after this. Milliseconds. */
const AFTER_FAILURE = MINUTE;

/** `known`: what is kept will do. `shared`: so will a reading that is under way. `anew`: only one that begins now. */
export type Way = 'known' | 'shared' | 'anew';

/** How a question comes by a kind of evidence. `changedAt`: what was read before the migration file in force says nothing about now. */
export function wayFor(kind: CollectedKind, status: CollectionStatus | undefined, now: Instant, changedAt: Instant): Way {
  if (!status || status.endedAt === null) return 'shared';
  if (status.beganAt < changedAt || status.tookMs < QUICK_MS) return 'anew';
  const holds = status.failure ? AFTER_FAILURE : BEHIND * evidenceKinds[kind].cadence;
  return now - status.endedAt < holds ? 'known' : 'shared';
}

/** Has the time come to read a kind again? One that was begun and has no end was cut off. */
export function isDue(kind: CollectedKind, status: CollectionStatus | undefined, now: Instant, changedAt: Instant): boolean {
  if (!status) return true;
  if (status.held) return false;
  if (status.endedAt === null || status.endedAt < status.beganAt || status.beganAt < changedAt) return true;
  // From its end, so that one that takes longer than its cadence leaves Azure in peace in between.
  return now - status.endedAt >= evidenceKinds[kind].cadence;
}
