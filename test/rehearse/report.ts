import type { Gap } from './minutes.ts';
import type { Truth } from './truth.ts';
import type { Walked } from './walk-leg.ts';

const MARKS: Readonly<Record<Walked['how'], string>> = { complete: '✔', partly: '▲', attested: '✎', 'by hand': '✋', refused: '–' };
const LONGEST = 220;

/** One line of the way: what it took, or why there was nothing to do. */
export function legLine({ ring, leg, how, targets, minutes, said }: Walked, verbose: boolean): string {
  const taken = how === 'refused' ? '' : `${targets > 0 ? `${targets} targets, ` : ''}${minutes} min`;
  const words = verbose || how !== 'complete' ? said.replace(/^.*?nothing real is touched\s*/i, '') : '';
  const shown = verbose ? words : words.slice(0, LONGEST);
  return `${MARKS[how]} ${ring.padEnd(8)} ${leg.phase.padEnd(9)} ${leg.what.padEnd(30)} ${taken.padEnd(22)} ${shown}`.trimEnd();
}

/** A machine that did not get all the way, and why by the truth of the estate. */
export function leftLine({ name, ring, protection, obstacle }: Truth): string {
  return `  ${name.padEnd(18)} ${ring.padEnd(8)} ${protection.padEnd(12)} ${obstacle ?? 'UNEXPLAINED'}`;
}

/** A time with none or two active engines. */
export function gapLine({ name, state, minutes, cause, because }: Gap): string {
  return `  ${name.padEnd(18)} ${state.padEnd(5)} ${String(minutes).padStart(6)} min  ${cause}: ${because ?? 'UNEXPLAINED'}`;
}
