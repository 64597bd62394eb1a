import { DAY } from '../../../core/instant.ts';
import type { Waiver } from '../../../core/waiver.ts';

/** A waiver is spoken of this long before it ends. */
const SOON_MS = 7 * DAY;

/** The findings that are waived now and will not be in a week, by step and subject. */
export function endingSoon(waivers: readonly Waiver[], now: number): ReadonlySet<string> {
  const ends = new Map<string, number>();
  for (const waiver of waivers) {
    if (waiver.until > now) ends.set(keyOf(waiver), Math.max(ends.get(keyOf(waiver)) ?? 0, waiver.until));
  }
  return new Set([...ends].filter(([, until]) => until - now <= SOON_MS).map(([key]) => key));
}

export function keyOf({ stepId, subjectId }: { readonly stepId: string; readonly subjectId: string }): string {
  return `${stepId}\n${subjectId}`;
}
