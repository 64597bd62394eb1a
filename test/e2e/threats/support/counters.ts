/** The bot's counters: `name{label="value"}` → number. */
export type Counted = ReadonlyMap<string, number>;

export async function readCounters(port: number): Promise<Counted> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

/** How much every counter with this beginning rose, together. */
export function rise(before: Counted, after: Counted, beginning: string): number {
  const sum = (counted: Counted): number =>
    [...counted].filter(([name]) => name.startsWith(beginning)).reduce((total, [, value]) => total + value, 0);
  return sum(after) - sum(before);
}
