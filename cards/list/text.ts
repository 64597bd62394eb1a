import type { Frame } from '../frame.ts';
import { name, plain, sentence } from '../plain.ts';
import { footerText } from '../sources.ts';
import { part, textTwin } from '../text-twin.ts';
import { typed } from '../typed.ts';
import { count, date } from '../words.ts';
import type { ListView } from './view.ts';

const MOST = 100;

export function listText(view: ListView, frame: Frame, summary: string): string {
  const openable = view.items.find(({ hash }) => hash !== null);
  const hidden = view.items.length - MOST;
  return textTwin(
    frame,
    summary,
    `As of ${date(frame.now, frame)}.`,
    part(count(view.items.length, 'item'), [
      view.items
        .slice(0, MOST)
        .map(
          ({ id, title, detail, hash }) =>
            `- ${name(id)}, ${name(title)}: ${sentence(detail)}${hash === null ? '' : ` sha256 ${plain(hash)}`}`,
        ),
      hidden > 0 && `- and ${hidden} more.`,
    ]),
    footerText({ blindSpot: view.blindSpot ?? [], sources: view.sources ?? [] }, frame),
    '',
    openable && `Instead of "Open" type "${typed.show(name(openable.id))}".`,
  );
}
