import type { Frame } from '../frame.ts';
import { name } from '../plain.ts';
import { brief, count } from '../words.ts';
import type { ChecklistView } from './view.ts';

const MOST = 5;

/** How the gate stands for each ring, and as which plan it was signed; empty without rings. */
export function gateWords({ gates }: ChecklistView, frame: Frame): string {
  if (gates.length === 0) return '';
  const shown = gates
    .slice(0, MOST)
    .map(
      ({ ring, closed }) =>
        `${name(ring)} ${closed ? `closed (${name(closed.plan)}, ${brief(closed.at, { ...frame, stays: true })})` : 'open'}`,
    );
  const more = gates.length > MOST ? ` and ${count(gates.length - MOST, 'more ring')}` : '';
  return `Gate: ${shown.join(', ')}${more}.`;
}
