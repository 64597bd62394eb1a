import type { QueryRequest, ResourceGraphClient } from '@azure/arm-resourcegraph';
import { z } from 'zod';
import type { Budget } from './budget.ts';
import { OverBudget } from './budget.ts';
import { createDistinct } from './distinct.ts';
import { Incomplete } from './incomplete.ts';
import { troubleOf } from './trouble.ts';

export type GraphRow = Readonly<Record<string, unknown>>;

/** How a query ended. `lacks` says what is missing when it did not come to its end. */
export interface GraphEnd {
  readonly complete: boolean;
  readonly lacks: unknown;
}

/** What Resource Graph gave. */
export interface GraphAnswer extends GraphEnd {
  readonly rows: readonly GraphRow[];
}

export interface ResourceGraph {
  /**
   * Asks a query and hands over every row of every page. Never throws: what could not be read makes the answer incomplete, with the error
   * in `lacks`; the rows of the pages before have been handed over.
   */
  each(kql: string, take: (row: GraphRow) => void): Promise<GraphEnd>;
  /** The same, with the rows kept. */
  queryAll(kql: string): Promise<GraphAnswer>;
}

const PAGE = 1_000;
const MOST_PAGES = 1_000;
/** How often a page is asked for that arrives broken. What passes by itself has been repeated before it gets here. */
const ATTEMPTS = 2;

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
    const request: QueryRequest = {
      query: kql,
      subscriptions: [...subscriptions()],
      options: { resultFormat: 'objectArray', top: PAGE, ...(skipToken !== undefined && { skipToken }) },
    };
    const answer = await budget.run(() => client.resources(request));
    const read = pageSchema.parse({ ...answer, skipToken: answer.skipToken || undefined });
    if (read.count !== read.data.length) throw new Incomplete('Resource Graph sent a page with fewer rows than it counted');
    return read;
  }
  /** A page that arrives broken, or lacks what must be on it, is asked for again from where it begins, not from the start. */
  async function soundPage(kql: string, skipToken: string | undefined, seen: number): Promise<Page> {
    for (let attempt = 1; ; attempt += 1) {
      const last = attempt >= ATTEMPTS;
      try {
        const found = await page(kql, skipToken);
        if (last || !lacksRows(found, seen)) return found;
      } catch (error) {
        if (last || !isBroken(error)) throw error;
      }
    }
  }
  async function each(kql: string, take: (row: GraphRow) => void): Promise<GraphEnd> {
    const tokens = new Set<string>();
    const ids = createDistinct();
    let seen = 0;
    let total = 0;
    let token: string | undefined;
    try {
      for (let pages = 0; pages < MOST_PAGES; pages += 1) {
        const { data, totalRecords, resultTruncated, skipToken } = await soundPage(kql, token, seen);
        for (const row of data) {
          ids.add(String(row['id']).toLowerCase());
          take(row);
        }
        seen += data.length;
        total = Math.max(total, totalRecords);
        if (skipToken === undefined) return ended(ids.size, total, resultTruncated === 'true');
        if (tokens.has(skipToken)) return short('Resource Graph sent the same page again');
        tokens.add(skipToken);
        token = skipToken;
      }
      return short('Resource Graph did not come to an end');
    } catch (error) {
      return { complete: false, lacks: error };
    }
  }
  return {
    each,
    async queryAll(kql) {
      const rows: GraphRow[] = [];
      const end = await each(kql, (row) => rows.push(row));
      return { ...end, rows };
    },
  };
}

/** Nothing on it, or nothing after it, while there is more to come. */
function lacksRows({ data, totalRecords, skipToken, resultTruncated }: Page, seen: number): boolean {
  if (resultTruncated === 'true' || seen + data.length >= totalRecords) return false;
  return data.length === 0 || skipToken === undefined;
}

function isBroken(error: unknown): boolean {
  const { kind } = troubleOf(error);
  return kind === 'malformed' || (kind === 'incomplete' && !(error instanceof OverBudget));
}

function ended(distinct: number, total: number, truncated: boolean): GraphEnd {
  if (truncated) return short('Resource Graph cut the answer short');
  if (distinct < total) return short(`Resource Graph sent ${distinct} of ${total} rows`);
  return { complete: true, lacks: null };
}

function short(because: string): GraphEnd {
  return { complete: false, lacks: new Incomplete(because) };
}
