import type { Frame } from '../frame.ts';
import { name } from '../plain.ts';
import { brief, count } from '../words.ts';
import type { ChecklistView } from './view.ts';

const MOST = 5;

/** For which rings the phase is closed, and as which plan that was signed; empty when for none. */
export function closedWords({ closed }: ChecklistView, frame: Frame): string {
  if (closed.length === 0) return '';
  const shown = closed.slice(0, MOST).map(({ ring, plan, at }) => `${name(ring)} (${name(plan)}, ${brief(at, frame)})`);
  const more = closed.length > MOST ? ` and ${count(closed.length - MOST, 'more ring')}` : '';
  return `Closed for ring ${shown.join(', ')}${more}.`;
}
