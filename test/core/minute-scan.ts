import { DAY, MINUTE } from '../../core/instant.ts';
import type { ChangeWindow } from '../../core/migration.ts';

const DAY_NAMES = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const REACH = 14 * DAY;

/** The slow answer to when windows are open: every minute, by what the platform's own clock shows in the zone. */
export class MinuteScan {
  readonly #start: number;
  readonly #walls: readonly number[];

  constructor(timeZone: string, start: number, end: number) {
    this.#start = start;
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    this.#walls = Array.from({ length: (end - start) / MINUTE }, (_, index) =>
      Date.parse(`${format.format(start + index * MINUTE).replace(' ', 'T')}Z`),
    );
  }

  /** For each minute whether it is open for all the rings; no rings are targets that are no machines. */
  open(windows: readonly ChangeWindow[], rings: readonly string[]): readonly boolean[] {
    const subjects: readonly (string | null)[] = rings.length === 0 ? [null] : rings;
    const each = subjects.map((ring) => {
      const open = this.#walls.map(() => false);
      for (const window of windows) {
        if (window.rings === null || (ring !== null && window.rings.includes(ring))) this.#mark(open, window);
      }
      return open;
    });
    return this.#walls.map((_, index) => each.every((open) => open[index]));
  }

  /** The opening that is not over at `now` and begins at most `ahead` later, cut fourteen days away. */
  opening(open: readonly boolean[], now: number, ahead: number): { from: number; until: number } | null {
    const [here, last] = [this.#index(now), this.#index(now + ahead)];
    const found = open.indexOf(true, here);
    if (found < 0 || found > last) return null;
    const [low, high] = [here - REACH / MINUTE, found + REACH / MINUTE];
    let [from, until] = [found, found];
    while (from > low && open[from - 1]) from -= 1;
    while (until < high && open[until]) until += 1;
    return { from: this.#start + from * MINUTE, until: this.#start + until * MINUTE };
  }

  #mark(open: boolean[], { days, from, until }: ChangeWindow): void {
    const [begins, ends] = [minutes(from), minutes(until)];
    const first = Math.floor((this.#walls[0] as number) / DAY) * DAY;
    for (let day = first; day < (this.#walls.at(-1) as number) - DAY; day += DAY) {
      if (!days.includes(DAY_NAMES[new Date(day).getUTCDay()] as (typeof DAY_NAMES)[number])) continue;
      const end = this.#firstAt(day + ends + (ends > begins ? 0 : DAY));
      for (let index = this.#firstAt(day + begins); index < end; index += 1) open[index] = true;
    }
  }

  /** The first minute at which the clock on the wall shows this time or a later one. */
  #firstAt(wall: number): number {
    let index = Math.max(this.#index(this.#start + wall - (this.#walls[0] as number)) - 200, 0);
    while (index < this.#walls.length && (this.#walls[index] as number) < wall) index += 1;
    return index;
  }

  #index(instant: number): number {
    return (instant - this.#start) / MINUTE;
  }
}

function minutes(time: string): number {
  return Date.parse(`1970-01-01T${time}:00Z`);
}
