import { z } from 'zod';
import { Incomplete } from '../azure/incomplete.ts';
import type { JsonReader } from '../azure/json-reader.ts';

const MOST_PAGES = 200;

const pageSchema = z.object({
  value: z.array(z.unknown()),
  '@odata.count': z.number().int().nullish(),
  '@odata.nextLink': z.string().min(1).nullish(),
});

/**
 * A list of Graph, read to its last page. Throws OffOrigin for a next link to another host, and Incomplete when the pages hold less
 * than Graph counts or do not end.
 */
export async function readGraphList(graph: JsonReader, path: string, query: Readonly<Record<string, string>>): Promise<readonly unknown[]> {
  const items: unknown[] = [];
  const links = new Set<string>();
  let counted = 0;
  let page = pageSchema.parse(await graph.get(path, query));
  for (;;) {
    items.push(...page.value);
    counted = Math.max(counted, page['@odata.count'] ?? 0);
    const link = page['@odata.nextLink'];
    if (!link) break;
    if (page.value.length === 0 || links.has(link) || links.size >= MOST_PAGES)
      throw new Incomplete('Microsoft Graph did not come to an end');
    links.add(link);
    page = pageSchema.parse(await graph.follow(link));
  }
  if (items.length < counted) throw new Incomplete(`Microsoft Graph sent ${items.length} of ${counted} items`);
  return items;
}
