import { lengthWords } from '../../../cards/gap-words.ts';
import type { GapRecord } from '../../../core/gap-record.ts';
import type { Instant } from '../../../core/instant.ts';
import { gapLength } from '../../../core/protection-gap.ts';
import { count } from '../words.ts';
import { countWords } from './gap-words.ts';

/** What a digest says of gaps in protection: those that go on, and those that ended since `since`. Null when there is nothing to say. */
export function digestWords(gaps: readonly GapRecord[], since: Instant): string | null {
  const open = gaps.filter(({ ended }) => ended === null);
  const over = gaps.filter(({ ended, firstGood, lastBad }) => ended !== null && (firstGood ?? lastBad) >= since);
  const most = (gap: GapRecord) => gapLength(gap).atMost ?? Infinity;
  const longest = over.toSorted((a, b) => most(b) - most(a))[0];
  const pieces = [
    ...(open.length > 0 ? [`${countWords(open)} as far as known`] : []),
    ...(longest
      ? [`${count(over.length, 'gap')} ended since the digest before, the longest ${lengthWords({ ...longest, known: true })}`]
      : []),
  ];
  return pieces.length === 0 ? null : pieces.join('; ');
}
