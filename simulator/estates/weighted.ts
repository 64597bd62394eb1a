import type { Random } from '../random.ts';

/** Things and how often each is drawn, in shares of any size. */
export type Weighted<T> = readonly (readonly [value: T, weight: number])[];

export function draw<T>(items: Weighted<T>, random: Random): T {
  let left = random.next() * items.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [value, weight] of items) {
    left -= weight;
    if (left < 0) return value;
  }
  return items.at(-1)![0];
}
