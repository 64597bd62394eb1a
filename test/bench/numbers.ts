/** The middle of some measurements. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
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
