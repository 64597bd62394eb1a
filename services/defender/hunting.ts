import { z } from 'zod';
import { Incomplete } from '../azure/incomplete.ts';
import type { JsonReader } from '../azure/json-reader.ts';

/** Rows an answer of advanced hunting holds at most. Source: “Advanced hunting API”, learn.microsoft.com. */
const MOST_ROWS = 100_000;

const answerSchema = z.object({
  schema: z.array(z.unknown()).min(1),
  results: z.array(z.record(z.string(), z.unknown())),
});

export type HuntingRow = Readonly<Record<string, unknown>>;

/**
 * Asks one hunting query. A POST that changes nothing, so it may be sent again like every read. Throws what the reader throws, a ZodError
 * for another shape, and Incomplete when there are more rows than an answer holds.
 */
export async function hunt(graph: JsonReader, query: string): Promise<readonly HuntingRow[]> {
  const { results } = answerSchema.parse(await graph.ask('/v1.0/security/runHuntingQuery', { Query: query }));
  if (results.length >= MOST_ROWS) throw new Incomplete(`advanced hunting answers ${MOST_ROWS} rows at most, and there are more devices`);
  return results;
}
