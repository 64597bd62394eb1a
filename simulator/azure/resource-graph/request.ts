import { z } from 'zod';
import { refused } from './graph-error.ts';
import type { GraphRules } from './rules.ts';
import { usesTake } from './uses-take.ts';

export const SCOPE_FILTERS = ['AtScopeAndBelow', 'AtScopeAndAbove', 'AtScopeExact', 'AtScopeAboveAndBelow'] as const;
export type ScopeFilter = (typeof SCOPE_FILTERS)[number];

/** A query as Resource Graph understood it. */
export interface GraphRequest {
  query: string;
  /** Lower case; never both lists. */
  subscriptions: readonly string[];
  managementGroups: readonly string[];
  filter: ScopeFilter;
  format: 'objectArray' | 'table';
  top: number | null;
  skip: number | null;
  skipToken: string | null;
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reads request bodies by the rules; what it answers throws GraphError. */
export function createRequestReader(rules: GraphRules): (body: unknown) => GraphRequest {
  const schema = requestSchema(rules);
  return (body) => {
    const parsed = schema.safeParse(body);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw refused('InvalidRequest', `The request is not valid at '${issue?.path.join('.')}': ${issue?.message}.`);
    }
    const { query, options, facets } = parsed.data;
    const subscriptions = lowerCase(parsed.data.subscriptions);
    const managementGroups = lowerCase(parsed.data.managementGroups);
    requireOneScope(subscriptions, managementGroups);
    if (facets?.length) throw refused('InvalidRequest', "The request is not valid at 'facets': facets are not available here.");
    const skip = skipOf(query, options?.$skip ?? null, rules);
    return {
      query,
      subscriptions,
      managementGroups,
      filter: options?.authorizationScopeFilter ?? 'AtScopeAndBelow',
      format: options?.resultFormat?.toLowerCase() === 'table' ? 'table' : 'objectArray',
      top: options?.$top ?? null,
      skip,
      skipToken: options?.$skipToken ?? null,
    };
  };
}

// Resource Graph's REST answers objectArray unless told otherwise, as its official examples do; only its tools default to table.
function requestSchema({ largestPage, unknownOptions }: GraphRules) {
  const options = z.object({
    $top: z.number().int().min(1).max(largestPage).nullish(),
    $skip: z.number().int().min(0).nullish(),
    $skipToken: z.string().nullish(),
    resultFormat: z.enum(['objectArray', 'table', 'ObjectArray', 'Table']).nullish(),
    // It only matters where more subscriptions are in scope than a query reaches; that is told by a header either way.
    allowPartialScopes: z.boolean().nullish(),
    authorizationScopeFilter: z.enum(SCOPE_FILTERS).nullish(),
  });
  return z.object({
    query: z.string().refine((query) => query.trim() !== '', 'must not be empty'),
    subscriptions: z.array(z.string()).nullish(),
    managementGroups: z.array(z.string()).nullish(),
    options: (unknownOptions === 'refused' ? options.strict() : options).nullish(),
    facets: z.array(z.unknown()).nullish(),
  });
}

function lowerCase(names: readonly string[] | null | undefined): string[] {
  return (names ?? []).map((name) => name.toLowerCase());
}

function requireOneScope(subscriptions: readonly string[], managementGroups: readonly string[]): void {
  if (subscriptions.length > 0 && managementGroups.length > 0) {
    throw refused('InvalidScope', 'Either subscriptions or management groups can be given, not both.');
  }
  const wrong = subscriptions.filter((id) => !GUID.test(id));
  if (wrong.length > 0) throw refused('SubscriptionsContainInvalidGuids', `These subscriptions are no GUIDs: '${wrong.join("','")}'.`);
}

function skipOf(query: string, skip: number | null, { skipWithTake }: GraphRules): number | null {
  if (!skip || !usesTake(query)) return skip;
  if (skipWithTake === 'ignored') return null;
  throw refused('InvalidRequest', "The request is not valid at 'options.$skip': it has no effect on a query with limit or take.");
}
