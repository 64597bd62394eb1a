import { cut } from './cut.ts';

const LONGEST = 100;

/** A name from outside, fit to be shown in one line: no control, direction or zero-width characters, no angle brackets. */
export function plainName(raw: unknown): string {
  return (typeof raw === 'string' && plainLine(raw, LONGEST)) || 'somebody';
}

/** At most `longest` UTF-16 units of a text from outside, cleaned as a name is. */
export function plainLine(raw: string, longest: number): string {
  const plain = raw
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return cut(plain, longest);
}
