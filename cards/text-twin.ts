import type { Frame } from './frame.ts';
import { plain } from './plain.ts';

const LONGEST_LINE = 8_000;
/** UTF-16 units: with the largest card beside it a message stays under what Teams takes. */
export const LONGEST_TWIN = 20_000;

/** One line, several, or none. */
export type Lines = string | null | undefined | false | readonly Lines[];

/** Plain text that reads well aloud: a line a fact, blank lines between parts, nothing unseen in any line. */
export function textTwin(frame: Frame, ...lines: readonly Lines[]): string {
  const rehearsal = frame.rehearsal ? 'REHEARSAL: nothing real is touched.' : null;
  const clean = flat([rehearsal, ...lines]).map((line) => plain(line, LONGEST_LINE));
  return bounded(
    clean
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim(),
  );
}

/** A part with a heading, left out when it is empty. */
export function part(heading: string, lines: Lines): Lines {
  return flat([lines]).length === 0 ? [] : ['', `${heading}:`, lines];
}

function flat(lines: readonly Lines[]): string[] {
  return lines.flatMap((line) => {
    if (line === null || line === undefined || line === false) return [];
    return typeof line === 'string' ? [line] : flat(line);
  });
}

/** Cut in the middle at whole lines, saying so: what can be done stands at the end. */
function bounded(text: string): string {
  if (text.length <= LONGEST_TWIN) return text;
  const lines = text.split('\n');
  const end: string[] = lines.splice(-3);
  const kept: string[] = [];
  let room = LONGEST_TWIN - end.join('\n').length - 80;
  for (const line of lines) {
    room -= line.length + 1;
    if (room < 0) break;
    kept.push(line);
  }
  return [...kept, `(${lines.length - kept.length} lines are left out here because the text is too long.)`, ...end].join('\n');
}
