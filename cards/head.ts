import type { JsonObject } from '../core/json.ts';
import type { Frame } from './frame.ts';
import { name } from './plain.ts';
import { run } from './text-run.ts';
import type { Mark } from './words.ts';

export type Tone = 'default' | 'emphasis' | 'accent' | 'good' | 'warning' | 'attention';
export type BadgeStyle = 'Accent' | 'Attention' | 'Good' | 'Informative' | 'Subtle' | 'Warning';

/** A state in a word or two, its sign and its colour. */
export interface Badge extends Pick<Mark, 'glyph' | 'colour'> {
  readonly words: string;
  readonly style: BadgeStyle;
}

export interface Head {
  /** What kind of card this is, in our own words. */
  readonly kind: string;
  readonly title: string;
  readonly subline: string;
  readonly tone: Tone;
  readonly badge: Badge | null;
}

/** Data of the part `head`. */
export function head({ kind, title, subline, tone, badge }: Head, frame: Frame): JsonObject {
  return {
    rehearsal: frame.rehearsal,
    headTone: tone,
    kind,
    title: [run(name(title), { bold: true, size: 'large' })],
    hasSubline: subline !== '',
    subline: [run(subline, { size: 'small', subtle: true })],
    hasBadge: badge !== null,
    badge: badge?.words ?? '',
    badgeStyle: badge?.style ?? '',
    badgeRuns: badge === null ? [] : [run(`${badge.glyph} `, { bold: true, colour: badge.colour }), run(badge.words, { bold: true })],
  };
}
