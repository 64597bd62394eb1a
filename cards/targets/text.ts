import type { Frame } from '../frame.ts';
import { name, plain, sentence } from '../plain.ts';
import { part, textTwin } from '../text-twin.ts';
import { typed } from '../typed.ts';
import { date } from '../words.ts';
import type { TargetsView } from './view.ts';

export function targetsText(view: TargetsView, frame: Frame, summary: string): string {
  return textTwin(
    frame,
    summary,
    `As of ${date(frame.now, frame)}. ${sentence(view.title)}`,
    part(
      `Page ${view.page} of ${view.pages}`,
      view.rows.map(({ name: machine, ring, where, found, held }) => {
        const place = [name(ring), plain(where)].filter(Boolean).join(', ');
        const out = held === null ? '' : ` Held out by ${sentence(held)}`;
        return `- ${name(machine)}, ${place}.${out}${found === '' ? '' : ` Found: ${sentence(found)}`}`;
      }),
    ),
    '',
    `Instead of "Back" type "${typed.show(name(view.id))}"; its text has every machine.`,
  );
}
