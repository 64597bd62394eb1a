import { createRandom, seedOf } from '../../random.ts';
import type { ArmCall, ArmReply, ArmRoute } from '../arm-route.ts';
import { ok } from '../arm-route.ts';
import { COLUMNS, TABLES, type TableName } from '../graph-tables.ts';
import { createKqlEngine, KqlError, type KqlResult } from '../kql/index.ts';
import type { Feed, MachineFeed } from '../provider.ts';
import { createQueryQuota, type QuotaReading, quotaTime } from '../query-quota.ts';
import type { Store } from '../state.ts';
import { answerOf, pageOf } from './answer.ts';
import { GraphError, type GraphErrorDetail, toArmError } from './graph-error.ts';
import { createGraphIndex } from './graph-index.ts';
import { createKeptResults } from './kept-results.ts';
import { createRequestReader, type GraphRequest } from './request.ts';
import type { GraphRules } from './rules.ts';
import { type GraphScope, rowsInScope, scopeOf } from './scope.ts';
import { boundOf, readToken, type SkipToken, writeToken } from './skip-token.ts';
import { createVisibleRows } from './visible-rows.ts';

export interface ResourceGraphOptions {
  store: Store;
  seed: number;
  rules: GraphRules;
  /** How far the index is always behind the resource providers (virtual ms). */
  lagMs: number;
  /** What the providers add to the tables. */
  feeds: readonly Feed[];
  machineFeeds: readonly MachineFeed[];
}

const VERSIONS = ['2021-03-01', '2022-10-01', '2024-04-01'];

/** The query address of Resource Graph. */
export function resourceGraphRoute({ store, seed, rules, lagMs, feeds, machineFeeds }: ResourceGraphOptions): ArmRoute {
  const { clock } = store;
  const engine = createKqlEngine({ tables: Object.fromEntries(TABLES.map((name) => [name, COLUMNS])) }, rules.limits);
  const index = createGraphIndex({ store, feeds, machineFeeds, lagMs });
  const visibleRows = createVisibleRows(engine);
  const kept = createKeptResults(rules, clock.now);
  const quota = createQueryQuota(rules.quota);
  const read = createRequestReader(rules);
  let queries = 0;

  function run(call: ArmCall): ArmReply {
    const reading = quota(call.identity.clientId);
    try {
      if (!reading.allowed) throw throttled(reading);
      return answer(call, read(call.body), reading);
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      Object.assign(error.headers, quotaHeaders(reading));
      throw toArmError(error, clock.now());
    }
  }
  function answer(call: ArmCall, request: GraphRequest, reading: QuotaReading): ArmReply {
    const scope = scopeOf(store.state.estate, call.identity, request, rules.subscriptions);
    const bound = boundOf(request, call.identity.clientId);
    const token = request.skipToken === null ? firstToken(bound) : readToken(request.skipToken, bound);
    const key = `${bound} ${token.answer} ${token.seed}`;
    const result = kept.find(key) ?? query(call, request, scope, token.seed);
    const top = request.top ?? token.top;
    const page = pageOf(result, request.skip ?? token.at, top);
    const body = answerOf(result, page, request, rules);
    if (page.pageable) {
      body['$skipToken'] = writeToken({ ...token, at: page.from + page.rows.length, top });
      kept.keep(key, result);
    }
    const limitHit: Record<string, string> = scope.limitHit ? { 'x-ms-tenant-subscription-limit-hit': 'true' } : {};
    return ok(body, { ...quotaHeaders(reading), ...limitHit });
  }
  function firstToken(bound: string): SkipToken {
    queries += 1;
    return { bound, at: 0, seed: seedOf(`${seed ^ queries}`), top: rules.defaultPage, answer: `${clock.now()}-${queries}` };
  }
  function query(call: ArmCall, request: GraphRequest, scope: GraphScope, order: number): KqlResult {
    const inScope = rowsInScope(store.state.estate, scope, request.filter);
    const scopeKey = JSON.stringify([scope.roots, scope.groups, request.filter]);
    const table = (name: TableName) => index.table(name, call.lagMs);
    const rows = visibleRows(table, request.query, { identity: call.identity, inScope, scopeKey });
    const result = refusing(() => engine.run(request.query, rows, clock.now()));
    // Without an order Azure promises none; pages of one answer still belong together.
    return result.ordered ? result : { ...result, rows: createRandom(order).shuffle(result.rows) };
  }
  return { method: 'POST', path: '/providers/Microsoft.ResourceGraph/resources', action: null, versions: VERSIONS, run };
}

function quotaHeaders({ remaining, resetsAfterMs }: QuotaReading): Record<string, string> {
  return { 'x-ms-user-quota-remaining': String(remaining), 'x-ms-user-quota-resets-after': quotaTime(resetsAfterMs) };
}

function throttled({ resetsAfterMs }: QuotaReading): GraphError {
  const message =
    'Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed. ' +
    'Please see https://aka.ms/resourcegraph-throttling for help.';
  const wait = String(Math.max(1, Math.ceil(resetsAfterMs / 1000)));
  return new GraphError(429, 'RateLimiting', [{ code: 'RateLimiting', message }], { 'retry-after': wait });
}

const INVALID: GraphErrorDetail = {
  code: 'InvalidQuery',
  message: 'Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying.',
};

function refusing(run: () => KqlResult): KqlResult {
  try {
    return run();
  } catch (error) {
    // A query nested beyond every measure ends the stack of whoever reads it.
    if (error instanceof RangeError) throw new GraphError(400, 'BadRequest', [INVALID]);
    if (!(error instanceof KqlError)) throw error;
    const { code, message, line, column } = error;
    throw new GraphError(400, 'BadRequest', [INVALID, { code, message, line, characterPositionInLine: column }]);
  }
}
