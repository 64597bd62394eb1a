import type { Protection, ProtectionState } from '../core/protection.ts';
import type { Frame } from './frame.ts';
import { conditionMarks } from './gap-words.ts';
import { plain } from './plain.ts';
import type { Mark } from './words.ts';
import { brief, verdicts } from './words.ts';

/** A machine's protection state as a sign and its words. */
export const protectionMarks: Readonly<Record<ProtectionState, Mark>> = {
  none: conditionMarks['none-active'],
  both: conditionMarks['both-active'],
  'third-party': { glyph: '●', word: 'another product alone', colour: 'default' },
  defender: { glyph: '✔', word: 'Defender alone', colour: 'good' },
  unknown: verdicts.unknown,
};

/** What one source says of one engine: `CrowdStrike: running (probe of the machine, 09:02 (8 min ago))`. */
export function engineWords({ product, words, source, seenAt }: Protection['engines'][number], frame: Frame): string {
  return `${plain(product)}: ${plain(words)} (${plain(source)}, ${brief(seenAt, frame)})`;
}
