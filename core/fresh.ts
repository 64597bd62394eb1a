import type { Evidence, EvidenceKind, EvidenceOf } from './evidence.ts';
import { evidenceKinds, unread } from './evidence.ts';
import type { Instant } from './instant.ts';
import type { Snapshot } from './snapshot.ts';
import { evidenceFor } from './snapshot.ts';

/** The age up to which a reading may be relied on. Milliseconds; `within` makes it stricter than its kind does, never laxer. */
export function oldestAge(kind: EvidenceKind, within = Number.POSITIVE_INFINITY): number {
  return Math.min(evidenceKinds[kind].maxAge, within);
}

/** What people are told of a reading that is too old. */
export function tooOldWords(kind: EvidenceKind): { readonly because: string; readonly fix: string } {
  const { words, from } = evidenceKinds[kind];
  const fix = from === 'run' ? 'Request the probe again.' : 'Ask again: it is read anew.';
  return { because: `the ${words} is too old to rely on`, fix };
}

/** Evidence that may be relied on now, or unread with the reason; what is too old is unread too. */
export function freshOrUnread<K extends EvidenceKind>(
  snapshot: Snapshot,
  kind: K,
  subjectId: string,
  now: Instant,
): Evidence<EvidenceOf[K]> {
  const evidence = evidenceFor(snapshot, kind, subjectId);
  if (evidence.state === 'unread' || now - evidence.observedAt <= oldestAge(kind)) return evidence;
  const { because, fix } = tooOldWords(kind);
  return unread(because, fix, evidence.source, evidence.observedAt);
}
