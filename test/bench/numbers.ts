/** The middle of some measurements. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The value that this share (0..1) of the measurements does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]!;
}

/** Milliseconds JSON.parse needs for a text, the middle of several tries. */
export function parseMs(text: string): number {
  const tries = Array.from({ length: 9 }, () => {
    const from = performance.now();
    JSON.parse(text);
    return performance.now() - from;
  });
  return median(tries);
}
