import type { Instant } from '../../core/instant.ts';

/** A moment as Azure writes it; null when it is none. */
export function instantOf(text: unknown): Instant | null {
  const instant = typeof text === 'string' && text !== '' ? Date.parse(text) : Number.NaN;
  return Number.isFinite(instant) ? instant : null;
}
