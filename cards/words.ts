import type { Tally, Verdict } from '../core/finding.ts';
import type { Instant } from '../core/instant.ts';
import { DAY, HOUR, MINUTE } from '../core/instant.ts';
import type { PhaseId } from '../core/phase.ts';
import { phaseNumber, phaseTitles } from '../core/phase.ts';
import type { Frame } from './frame.ts';

/** `1 machine`, `3 machines`, `1,204 machines`. */
export function count(n: number, one: string, many: string = `${one}s`): string {
  return `${number(n)} ${n === 1 ? one : many}`;
}

/** A whole number with thousands set apart. */
export function number(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `Sun 22 Nov 09:10 CET (in 5 min)`, in the frame's zone; without how long ago on a card that stays. */
export function moment(instant: Instant, frame: Frame): string {
  return `${date(instant, frame)}${apart(instant, frame)}`;
}

/** `Sun 22 Nov 09:10 CET`; with the year when it is not the current one. */
export function date(instant: Instant, frame: Frame): string {
  const parts = partsOf(instant, frame.timeZone);
  const year = parts.year === partsOf(frame.now, frame.timeZone).year ? '' : ` ${parts.year}`;
  return `${parts.weekday} ${parts.day} ${parts.month}${year} ${parts.hour}:${parts.minute} ${zoneName(instant, frame.timeZone)}`;
}

/** `09:07 (3 min ago)`, with the day when it is another one: for rows of a card that names the zone in its head. */
export function brief(instant: Instant, frame: Frame): string {
  const [then, now] = [partsOf(instant, frame.timeZone), partsOf(frame.now, frame.timeZone)];
  const sameDay = then.day === now.day && then.month === now.month && then.year === now.year;
  const day = sameDay ? '' : `${then.weekday} ${then.day} ${then.month}${then.year === now.year ? '' : ` ${then.year}`} `;
  return `${day}${then.hour}:${then.minute}${apart(instant, frame)}`;
}

function apart(instant: Instant, frame: Frame): string {
  return frame.stays ? '' : ` (${relative(instant, frame)})`;
}

/** `in 5 min`, `3 min ago`, `just now`. */
export function relative(instant: Instant, frame: Frame): string {
  const span = instant - frame.now;
  if (Math.abs(span) < MINUTE / 2) return span > 0 ? 'in a moment' : 'just now';
  return span > 0 ? `in ${duration(span)}` : `${duration(-span)} ago`;
}

/** A length of time in its largest one or two units: `2 min`, `1 h 40 min`, `3 days`. */
export function duration(span: number): string {
  const minutes = Math.max(1, Math.round(span / MINUTE));
  if (minutes < HOUR / MINUTE) return `${minutes} min`;
  if (span < DAY) {
    const hours = Math.floor(minutes / 60);
    return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  }
  return count(Math.round(span / DAY), 'day');
}

/** `Ana`, `Ana and Tom`, `Ana, Tom and Lee`. */
export function list(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) as string}`;
}

/** The first `most` names, then how many more there are. */
export function names(items: readonly string[], most: number, all: number = items.length): string {
  const shown = items.slice(0, most);
  const more = all - shown.length;
  return more > 0 ? `${[...shown, `+${number(more)} more`].join(', ')}` : shown.join(', ');
}

/** `Phase 1 · Prepare`. */
export function phaseName(phase: PhaseId): string {
  return `Phase ${phaseNumber(phase)} · ${phaseTitles[phase]}`;
}

export type Colour = 'default' | 'good' | 'attention' | 'warning' | 'accent';

/** A sign and its word: colour is never the only difference. */
export interface Mark {
  readonly glyph: string;
  readonly word: string;
  readonly colour: Colour;
}

/** In order of urgency. */
export const verdicts: Readonly<Record<Verdict, Mark>> = {
  'not-ready': { glyph: '✖', word: 'not ready', colour: 'attention' },
  unknown: { glyph: '?', word: 'unknown', colour: 'accent' },
  waived: { glyph: '⚑', word: 'waived', colour: 'accent' },
  ready: { glyph: '✔', word: 'ready', colour: 'good' },
  'not-applicable': { glyph: '–', word: 'not applicable', colour: 'default' },
};

export const verdictOrder = Object.keys(verdicts) as readonly Verdict[];

/** One verdict for many findings: the worst there is. Nothing judged at all is unknown, never ready. */
export function worst(tally: Tally): Verdict {
  return verdictOrder.find((verdict) => tally[verdict] > 0 && (verdict !== 'waived' || tally.ready === 0)) ?? 'unknown';
}

/** `3 not ready`, `2 unknown`, `0 waived` …, most urgent first; nothing at all when nothing was judged. */
export function tallyWords(tally: Tally): readonly { readonly verdict: Verdict; readonly words: string }[] {
  if (verdictOrder.every((verdict) => tally[verdict] === 0)) return [];
  return verdictOrder.flatMap((verdict) =>
    tally[verdict] > 0 || verdict !== 'not-applicable' ? [{ verdict, words: `${number(tally[verdict])} ${verdicts[verdict].word}` }] : [],
  );
}

interface Parts {
  readonly weekday: string;
  readonly day: string;
  readonly month: string;
  readonly year: string;
  readonly hour: string;
  readonly minute: string;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function partsOf(instant: Instant, timeZone: string): Parts {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'numeric',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value])) as unknown as Parts;
  return { ...parts, day: String(Number(parts.day)), month: MONTHS[Number(parts.month) - 1] as string };
}

// No one English locale abbreviates every zone; a name from the zone's own region beats an offset.
const ZONE_LOCALES = ['en-GB', 'en-US', 'en-AU', 'en-IN', 'en-ZA'];

function zoneName(instant: Instant, timeZone: string): string {
  const nameIn = (locale: string) => {
    const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' }).formatToParts(instant);
    return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
  };
  let first: string | null = null;
  for (const locale of ZONE_LOCALES) {
    const name = nameIn(locale);
    if (!/^(GMT|UTC)[+-]/.test(name)) return name;
    first ??= name;
  }
  return first ?? timeZone;
}
