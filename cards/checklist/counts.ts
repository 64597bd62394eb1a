import type { Tally } from '../../core/finding.ts';
import { number } from '../words.ts';

/** `412 of 430 ready, 9 waived, 2 of them end this week, 6 not ready, 3 unknown`; what no step applies to is in no count. */
export function countsWords(tally: Tally, waivedSoon: number): string {
  const { ready, waived, unknown, 'not-ready': notReady } = tally;
  const total = ready + waived + unknown + notReady;
  return [
    `${number(ready)} of ${number(total)} ready`,
    waived > 0 ? `${number(waived)} waived` : '',
    soonWords(waivedSoon),
    notReady > 0 ? `${number(notReady)} not ready` : '',
    unknown > 0 ? `${number(unknown)} unknown` : '',
  ]
    .filter((words) => words !== '')
    .join(', ');
}

/** Waivers that end within seven days; empty when none does. */
export function soonWords(waivedSoon: number): string {
  if (waivedSoon === 0) return '';
  return waivedSoon === 1 ? '1 of them ends this week' : `${number(waivedSoon)} of them end this week`;
}

/** How many subjects a step applies to. */
export function judged(tally: Tally): number {
  return tally.ready + tally.waived + tally.unknown + tally['not-ready'];
}
