import type { JsonObject } from '../core/json.ts';
import { breakable, plain } from './plain.ts';
import type { Colour, Mark } from './words.ts';

/** Sixty of the longest names on one line. */
const LONGEST_RUN = 8_000;

export interface Look {
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly subtle?: boolean;
  readonly size?: 'small' | 'medium' | 'large';
  readonly colour?: Colour;
}

/** The only way text of people and machines gets onto a card: a TextRun knows no markdown, no links and no mentions. */
export function run(text: string, look: Look = {}): JsonObject {
  return { type: 'TextRun', text: breakable(padded(text)), ...styled(look) };
}

/** Text to be compared or copied character by character: fixed width and nothing inserted. */
export function exactRun(text: string, look: Look = {}): JsonObject {
  return { type: 'TextRun', text: padded(text), fontType: 'monospace', ...styled(look) };
}

/** A coloured sign with a space after it. */
export function markRun({ glyph, colour }: Pick<Mark, 'glyph' | 'colour'>, look: Look = {}): JsonObject {
  return run(`${glyph} `, { ...look, bold: true, colour });
}

/** Keeps the one space at either end that separates a run from its neighbours. */
function padded(text: string): string {
  const line = plain(text, LONGEST_RUN);
  if (line === '') return ' ';
  return `${/^\s/.test(text) ? ' ' : ''}${line}${/\s$/.test(text) ? ' ' : ''}`;
}

function styled({ bold, italic, subtle, size, colour }: Look): JsonObject {
  return {
    ...(bold ? { weight: 'bolder' } : {}),
    ...(italic ? { italic: true } : {}),
    ...(subtle ? { isSubtle: true } : {}),
    ...(size ? { size } : {}),
    ...(colour && colour !== 'default' ? { color: colour } : {}),
  };
}
