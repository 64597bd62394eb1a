import { ArmError } from '../arm-error.ts';
import { type ArmCall, type ArmReply, type ArmRoute, ok } from '../arm-route.ts';
import { createKqlEngine, huntingLimits, KqlError, type KqlResult, type KqlType } from '../kql/index.ts';
import type { Store } from '../state.ts';
import { createCallBudget, HUNTING_LIMITS, retryAfter } from './call-budget.ts';
import { HUNTING_SCHEMA, type HuntingTable } from './hunting-schema.ts';
import { createHuntingTables, type Window } from './hunting-tables.ts';
import { readTimespan } from './timespan.ts';

const LARGEST_ANSWER = 100_000;
const TABLES = Object.keys(HUNTING_SCHEMA.tables) as HuntingTable[];
/** The names Kusto gives the types of an answer's columns. */
const TYPES: Record<KqlType, string> = {
  string: 'String',
  long: 'Int64',
  int: 'Int32',
  real: 'Double',
  bool: 'SByte',
  datetime: 'DateTime',
  timespan: 'TimeSpan',
  dynamic: 'Object',
};

export interface HuntingOptions {
  store: Store;
  /** Takes in what the sensors have told until now. */
  follow: () => void;
  baseUrl: () => string;
}

/** Advanced hunting through Microsoft Graph. */
export function huntingRoutes({ store, follow, baseUrl }: HuntingOptions): ArmRoute[] {
  const engine = createKqlEngine(HUNTING_SCHEMA, huntingLimits);
  const rowsOf = createHuntingTables(store);
  const spend = createCallBudget(HUNTING_LIMITS, () => store.clock.now());

  function run({ body }: ArmCall): ArmReply {
    const excess = spend();
    if (excess) {
      const { calls, windowMs } = excess.limit;
      const message = `The quota of ${calls} hunting queries in ${windowMs / 60_000} minutes of the tenant is used up. Try again later.`;
      throw new ArmError(429, 'TooManyRequests', message, { headers: { 'retry-after': retryAfter(excess) } });
    }
    const now = store.clock.now();
    const { query, window } = read(body, now);
    follow();
    const named = TABLES.filter((table) => query.toLowerCase().includes(table.toLowerCase()));
    const tables = Object.fromEntries(named.map((table) => [table, engine.prepare(table, rowsOf(table, window))]));
    return ok(
      answer(
        executed(() => engine.run(query, tables, now)),
        baseUrl(),
      ),
    );
  }
  return ['v1.0', 'beta'].map((version) => ({
    api: 'graph',
    method: 'POST',
    path: `/${version}/security/runHuntingQuery`,
    action: 'ThreatHunting.Read.All',
    versions: [],
    run,
  }));
}

function read(body: unknown, now: number): { query: string; window: Window } {
  const given = new Map(Object.entries((body ?? {}) as object).map(([name, value]) => [name.toLowerCase(), value as unknown]));
  const [query, timespan] = [given.get('query'), given.get('timespan') ?? null];
  if (typeof query !== 'string' || query.trim() === '') throw refused('The parameter Query is required and must not be empty.');
  if (timespan === null) return { query, window: { from: 0, until: now } };
  const window = typeof timespan === 'string' ? readTimespan(timespan, now) : null;
  if (!window) throw refused(`The parameter Timespan is not an ISO 8601 timespan: ${JSON.stringify(timespan)}.`);
  return { query, window };
}

function executed(run: () => KqlResult): KqlResult {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof KqlError)) throw error;
    throw refused(`${error.message} [line:position=${error.line}:${error.column}]. Fix errors in your query.`);
  }
}

function answer({ columns, rows }: KqlResult, base: string): unknown {
  return {
    '@odata.context': `${base}/v1.0/$metadata#microsoft.graph.security.huntingQueryResults`,
    schema: columns.map(({ name, type }) => ({ name, type: TYPES[type] })),
    results: rows.slice(0, LARGEST_ANSWER).map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null]))),
  };
}

function refused(message: string): ArmError {
  return new ArmError(400, 'BadRequest', message);
}
