import { type QueryLimits, resourceGraphLimits } from '../kql/index.ts';
import { AZURE_QUOTA, type QuotaRule } from '../query-quota.ts';

/** What Resource Graph grants and refuses. */
export interface GraphRules {
  quota: QuotaRule;
  /** What one query may hold. */
  limits: QueryLimits;
  /** Rows of a page at most, and when nobody says how many. */
  largestPage: number;
  defaultPage: number;
  /** Bytes the rows of one answer may have. */
  answerBytes: number;
  /** Subscriptions a query reaches that names none of them, or a management group. */
  subscriptions: number;
  /** An option nobody knows. Azure takes no notice of it, so that a misspelt one goes unseen; refusing it is stricter. */
  unknownOptions: 'refused' | 'ignored';
  /** `$skip` with a query that takes rows itself. Azure takes no notice of the `$skip`; refusing it is stricter. */
  skipWithTake: 'refused' | 'ignored';
  /** Answers kept for the pages still to come, the rows they may have together, and how long nobody may ask (virtual ms). */
  keptResults: number;
  keptRows: number;
  keptForMs: number;
}

/**
 * learn.microsoft.com/azure/governance/resource-graph: concepts/work-with-data, concepts/guidance-for-throttled-requests.
 * A page without `$top` has 100 rows there in the older text and 1,000 in the newer one.
 */
export const AZURE_GRAPH_RULES: GraphRules = {
  quota: AZURE_QUOTA,
  limits: resourceGraphLimits,
  largestPage: 1_000,
  defaultPage: 100,
  answerBytes: 16_777_216,
  subscriptions: 10_000,
  unknownOptions: 'refused',
  skipWithTake: 'refused',
  keptResults: 8,
  keptRows: 250_000,
  keptForMs: 10 * 60_000,
};
