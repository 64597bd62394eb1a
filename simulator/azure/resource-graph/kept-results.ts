import type { KqlResult } from '../kql/index.ts';
import type { GraphRules } from './rules.ts';

/**
 * Answers whose later pages have not all been read. Resource Graph does not say how long a token's answer stays the same; here it does
 * for a while, so that a change between two pages neither loses nor doubles a row. Afterwards, or when too many others came in between,
 * the page comes from the query run anew, and only an order by id keeps it in step with the pages before.
 */
export interface KeptResults {
  find(key: string): KqlResult | undefined;
  keep(key: string, result: KqlResult): void;
}

export function createKeptResults(rules: GraphRules, now: () => number): KeptResults {
  // In the order of their last use.
  const kept = new Map<string, { result: KqlResult; used: number }>();
  function dropOld(): void {
    for (const [key, { used }] of kept) if (now() - used > rules.keptForMs) kept.delete(key);
    let rows = [...kept.values()].reduce((sum, { result }) => sum + result.rows.length, 0);
    for (const [key, { result }] of kept) {
      if (kept.size <= 1 || (kept.size <= rules.keptResults && rows <= rules.keptRows)) return;
      kept.delete(key);
      rows -= result.rows.length;
    }
  }
  function keep(key: string, result: KqlResult): void {
    kept.delete(key);
    kept.set(key, { result, used: now() });
    dropOld();
  }
  function find(key: string): KqlResult | undefined {
    dropOld();
    const found = kept.get(key)?.result;
    if (found) keep(key, found);
    return found;
  }
  return { find, keep };
}
