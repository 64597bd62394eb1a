import { percent } from '../progress.ts';
import type { Mark } from '../words.ts';
import { number } from '../words.ts';
import type { DigestPhase } from './view.ts';

/** How the number of ready findings moved since the digest before: sign, words and what that means. */
export function changeOf({ tally, previous }: DigestPhase): Mark {
  if (previous === null) return { glyph: '·', word: 'first digest', colour: 'default' };
  const difference = tally.ready - previous.ready;
  if (difference === 0) return { glyph: '=', word: 'no change', colour: 'default' };
  if (difference > 0) return { glyph: '▲', word: `${number(difference)} more`, colour: 'good' };
  return { glyph: '▼', word: `${number(-difference)} fewer`, colour: 'attention' };
}

/** The share that is ready, rounded down; unknown when there is nothing to judge. */
export function shareWords(phase: DigestPhase): string {
  const { ready, unknown, waived } = phase.tally;
  return ready + unknown + waived + phase.tally['not-ready'] === 0 ? '?' : percent(phase.readyShare, 1);
}
