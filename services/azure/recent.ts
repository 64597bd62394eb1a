import type { Instant } from '../../core/instant.ts';
import type { Clock } from '../../core/ports.ts';

/** Remembers an answer for a while, from when it was asked for; one that fails, or is not good, serves only those who wait for it. */
export interface Recent<T> {
  get(): Promise<T> | null;
  note(answer: Promise<T>): Promise<T>;
}

export function createRecent<T>(clock: Clock, forMs: number, isGood: (answer: T) => boolean): Recent<T> {
  let last: { readonly at: Instant; readonly answer: Promise<T> } | null = null;
  return {
    get() {
      const age = last === null ? Number.NaN : clock.now() - last.at;
      return last !== null && age >= 0 && age < forMs ? last.answer : null;
    },
    note(answer) {
      const noted = { at: clock.now(), answer };
      last = noted;
      const forget = () => {
        if (last === noted) last = null;
      };
      answer.then((found) => isGood(found) || forget(), forget);
      return answer;
    },
  };
}
