/** Maps with at most `width` under way at once, results in order. */
export async function mapLimited<T, R>(items: readonly T[], width: number, map: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = [...items.entries()];
  async function worker(): Promise<void> {
    for (let next = queue.shift(); next; next = queue.shift()) results[next[0]] = await map(next[1]);
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
