import type { ResourceGraphClient } from '@azure/arm-resourcegraph';
import { z } from 'zod';
import type { Budget } from './budget.ts';
import { Incomplete } from './incomplete.ts';

/** What Resource Graph gave. `lacks` says what is missing when it is not everything. */
export interface GraphAnswer {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly complete: boolean;
  readonly lacks: unknown;
}

export interface ResourceGraph {
  /**
   * Asks a query and reads every page. Never throws: what could not be read makes the answer incomplete, with the error in `lacks`,
   * and the rows of the pages that were read stay.
   */
  queryAll(kql: string): Promise<GraphAnswer>;
}

const PAGE = 1_000;
const MOST_PAGES = 1_000;

const pageSchema = z.object({
  totalRecords: z.number().int().min(0),
  count: z.number().int().min(0),
  resultTruncated: z.enum(['true', 'false']),
  skipToken: z.string().min(1).optional(),
  data: z.array(z.record(z.string(), z.unknown())),
});
type Page = z.infer<typeof pageSchema>;

export function createResourceGraph(client: ResourceGraphClient, subscriptions: () => readonly string[], budget: Budget): ResourceGraph {
  async function page(kql: string, skipToken: string | undefined): Promise<Page> {
    await budget.ready();
    const answer = await client.resources(
      {
        query: kql,
        subscriptions: [...subscriptions()],
        options: { resultFormat: 'objectArray', top: PAGE, ...(skipToken !== undefined && { skipToken }) },
      },
      { onResponse: (raw) => budget.observe(raw) },
    );
    return pageSchema.parse({ ...answer, skipToken: answer.skipToken || undefined });
  }

  async function queryAll(kql: string): Promise<GraphAnswer> {
    const rows: Record<string, unknown>[] = [];
    const tokens = new Set<string>();
    let total = 0;
    let token: string | undefined;
    try {
      for (let pages = 0; pages < MOST_PAGES; pages += 1) {
        const { data, totalRecords, resultTruncated, skipToken, count } = await page(kql, token);
        rows.push(...data);
        total = Math.max(total, totalRecords);
        if (count !== data.length) return short(rows, 'Resource Graph sent a page with fewer rows than it counted');
        if (skipToken === undefined) return ended(rows, total, resultTruncated === 'true');
        if (tokens.has(skipToken)) return short(rows, 'Resource Graph sent the same page again');
        tokens.add(skipToken);
        token = skipToken;
      }
      return short(rows, 'Resource Graph did not come to an end');
    } catch (error) {
      return { rows, complete: false, lacks: error };
    }
  }
  return { queryAll };
}

function ended(rows: GraphAnswer['rows'], total: number, truncated: boolean): GraphAnswer {
  const distinct = new Set(rows.map(({ id }) => String(id).toLowerCase())).size;
  if (truncated) return short(rows, 'Resource Graph cut the answer short');
  if (distinct < total) return short(rows, `Resource Graph sent ${distinct} of ${total} rows`);
  return { rows, complete: true, lacks: null };
}

function short(rows: GraphAnswer['rows'], because: string): GraphAnswer {
  return { rows, complete: false, lacks: new Incomplete(because) };
}
