import { cut } from './cut.ts';

const LONGEST = 100;

/** A name from outside, fit to be shown in one line: no control, direction or zero-width characters, no angle brackets. */
export function plainName(raw: unknown): string {
  if (typeof raw !== 'string') return 'somebody';
  const plain = raw
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return cut(plain, LONGEST) || 'somebody';
}
