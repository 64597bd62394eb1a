import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { createRandom, seedOf } from '../../random.ts';
import { ArmError } from '../arm-error.ts';
import { type ArmCall, type ArmReply, type ArmRoute, ok } from '../arm-route.ts';
import { isAllowed } from '../authorization.ts';
import { COLUMNS, graphTables, type Row, TABLES, type TableName } from '../graph-tables.ts';
import type { Identity } from '../identities.ts';
import { createKqlEngine } from '../kql/index.ts';
import { type QuotaReading, quotaTime } from '../query-quota.ts';
import type { Store } from '../state.ts';

const VERSIONS = ['2021-03-01', '2022-10-01', '2024-04-01'];
const LARGEST_PAGE = 1000;
const DEFAULT_PAGE = 100;
const SNAPSHOTS = 10;

const asked = z.object({
  query: z.string().min(1),
  subscriptions: z.array(z.string()).nullish(),
  managementGroups: z.array(z.string()).nullish(),
  options: z
    .object({
      $top: z.number().int().min(1).max(LARGEST_PAGE).nullish(),
      $skip: z.number().int().min(0).nullish(),
      $skipToken: z.string().nullish(),
      resultFormat: z.enum(['objectArray', 'table', 'ObjectArray', 'Table']).nullish(),
      authorizationScopeFilter: z.enum(['AtScopeAndBelow', 'AtScopeAndAbove', 'AtScopeExact', 'AtScopeAboveAndBelow']).nullish(),
    })
    .nullish(),
});
type Asked = z.infer<typeof asked>;

const token = z.object({ bound: z.string(), at: z.number().int(), seed: z.number(), top: z.number().int() });
type Token = z.infer<typeof token>;

export interface ResourceGraphOptions {
  store: Store;
  seed: number;
  quota: (identity: string) => QuotaReading;
  /** What the providers add to the tables. */
  feeds: readonly Feed[];
}

export type Feed = Partial<Record<TableName, () => Row[]>>;

interface Snapshot {
  at: number;
  version: number;
  tables: Record<TableName, Row[]>;
}

/** The query address of Resource Graph. */
export function resourceGraphRoute({ store, seed, quota, feeds }: ResourceGraphOptions): ArmRoute {
  const engine = createKqlEngine({ tables: Object.fromEntries(TABLES.map((name) => [name, COLUMNS])) });
  let seen: Snapshot[] = [];
  let last: { key: string; result: Result } | null = null;
  let queries = 0;

  // An index that lags shows what it saw before; what it never looked at it cannot have seen.
  function tables(lagMs: number): Record<TableName, Row[]> {
    const now = store.clock.now();
    if (seen[0]?.version !== store.version()) {
      seen = [{ at: now, version: store.version(), tables: fed(graphTables(store.state.estate), feeds) }, ...seen].slice(0, SNAPSHOTS);
    }
    const old = lagMs === 0 ? seen[0] : seen.find(({ at }) => at <= now - lagMs);
    return (old ?? seen.at(-1)!).tables;
  }
  function run(call: ArmCall): ArmReply {
    const reading = quota(call.identity.clientId);
    const headers = {
      'x-ms-user-quota-remaining': String(reading.remaining),
      'x-ms-user-quota-resets-after': quotaTime(reading.resetsAfterMs),
    };
    if (!reading.allowed) throw throttled(headers, reading.resetsAfterMs);
    const request = read(call.body);
    queries += 1;
    return ok(page(request, resultOf(call, request), seed ^ queries), headers);
  }
  // The next page of an answer nothing has changed since is cut from the same result.
  function resultOf(call: ArmCall, request: Asked): Result {
    const filter = request.options?.authorizationScopeFilter ?? 'AtScopeAndBelow';
    const key = JSON.stringify([boundOf(request), call.identity.name, call.lagMs, filter, store.version()]);
    if (request.options?.$skipToken && last?.key === key) return last.result;
    const visible = visibleTables(tables(call.lagMs), call.identity, scopeOf(store, request), filter);
    const result = runQuery(() => engine.run(request.query, visible, store.clock.now()));
    last = { key, result };
    return result;
  }
  return { method: 'POST', path: '/providers/Microsoft.ResourceGraph/resources', action: null, versions: VERSIONS, run };
}

function fed(tables: Record<TableName, Row[]>, feeds: readonly Feed[]): Record<TableName, Row[]> {
  const added = (name: TableName) => feeds.flatMap((feed) => feed[name]?.() ?? []);
  return Object.fromEntries(TABLES.map((name) => [name, [...tables[name], ...added(name)]])) as Record<TableName, Row[]>;
}

function read(body: unknown): Asked {
  const parsed = asked.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw refused('InvalidRequest', `The request is not valid at '${issue?.path.join('.')}': ${issue?.message}.`);
  }
  if (parsed.data.subscriptions?.length && parsed.data.managementGroups?.length) {
    throw refused('InvalidScope', 'Either subscriptions or management groups can be given, not both.');
  }
  return parsed.data;
}

/** Ids (lower case) of the subscriptions a request is about; unknown ones are left out, as in Azure, unless nothing remains. */
function scopeOf(store: Store, { subscriptions, managementGroups }: Asked): Set<string> {
  const { estate } = store.state;
  const all = estate.subscriptions.map(({ id }) => id.toLowerCase());
  const group = managementGroups?.some((name) =>
    [estate.managementGroup.id, estate.tenantId].some((known) => known.toLowerCase() === name.toLowerCase()),
  );
  const wanted = subscriptions?.length ? all.filter((id) => subscriptions.some((name) => name.toLowerCase() === id)) : all;
  if (wanted.length === 0 || (managementGroups?.length && !group)) {
    throw envelope(403, 'AccessDenied', [
      { code: 'AccessDenied', message: 'Access is denied to the requested resource. The user might not have enough permission.' },
    ]);
  }
  return new Set(wanted);
}

function visibleTables(tables: Record<TableName, Row[]>, identity: Identity, scope: Set<string>, filter: string): Record<string, Row[]> {
  const above = filter === 'AtScopeAndAbove' || filter === 'AtScopeAboveAndBelow';
  const may = new Map<string, boolean>();
  function readable(type: string): boolean {
    const known = may.get(type) ?? isAllowed(identity, `${type}/read`);
    may.set(type, known);
    return known;
  }
  function inScope(row: Row): boolean {
    const subscription = String(row['subscriptionId']).toLowerCase();
    const builtIn = String(row['id']).toLowerCase().startsWith('/providers/microsoft.authorization/');
    return subscription === '' ? above || builtIn : scope.has(subscription);
  }
  return Object.fromEntries(TABLES.map((name) => [name, tables[name].filter((row) => inScope(row) && readable(String(row['type'])))]));
}

interface Result {
  columns: readonly { name: string; type: string }[];
  rows: readonly (readonly unknown[])[];
  ordered: boolean;
}

function runQuery(run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'KqlError') throw error;
    const { code, message, line, column } = error as Error & { code: string; line: number; column: number };
    throw envelope(400, 'BadRequest', [
      {
        code: 'InvalidQuery',
        message:
          'Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying.',
      },
      { code, message, line, characterPositionInLine: column },
    ]);
  }
}

/** What a skip token is bound to: the query and its scope. */
function boundOf({ query, subscriptions, managementGroups }: Asked): string {
  return createHash('sha256')
    .update(JSON.stringify([query, subscriptions, managementGroups]))
    .digest('base64url');
}

function page(request: Asked, result: Result, chance: number): Record<string, unknown> {
  const { options } = request;
  const bound = boundOf(request);
  const given = options?.$skipToken ? readToken(options.$skipToken, bound) : null;
  const from = given?.at ?? options?.$skip ?? 0;
  const top = options?.$top ?? given?.top ?? DEFAULT_PAGE;
  // Without an order Azure promises none; pages of one answer still belong together.
  const order = given?.seed ?? seedOf(`${chance}`);
  const rows = result.ordered ? result.rows : createRandom(order).shuffle(result.rows);
  const shown = rows.slice(from, from + top);
  const more = from + shown.length < rows.length;
  const pageable = more && result.columns.some((column) => column.name.toLowerCase() === 'id');
  const answer: Record<string, unknown> = {
    totalRecords: rows.length,
    count: shown.length,
    data: /^table$/i.test(options?.resultFormat ?? '') ? asTable(result, shown) : asObjects(result, shown),
    facets: [],
    resultTruncated: String(more && !pageable),
  };
  if (pageable) answer['$skipToken'] = writeToken({ bound, at: from + shown.length, seed: order, top });
  return answer;
}

const TABLE_TYPES: Record<string, string> = { long: 'integer', int: 'integer', real: 'number', bool: 'boolean', dynamic: 'object' };

function asTable({ columns }: Result, rows: Result['rows']): unknown {
  return { columns: columns.map(({ name, type }) => ({ name, type: TABLE_TYPES[type] ?? 'string' })), rows };
}

function asObjects({ columns }: Result, rows: Result['rows']): unknown {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])));
}

function writeToken(value: Token): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function readToken(text: string, bound: string): Token {
  try {
    const value = token.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    if (value.bound === bound) return value;
  } catch {
    throw refused('InvalidSkipToken', 'The skip token is not valid.');
  }
  throw refused('InvalidSkipToken', 'The skip token belongs to another query or another scope.');
}

function refused(code: string, message: string): ArmError {
  return envelope(400, 'BadRequest', [{ code, message }]);
}

function throttled(headers: Record<string, string>, waitMs: number): ArmError {
  const message = 'Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed.';
  return envelope(429, 'RateLimiting', [{ code: 'RateLimiting', message }], {
    ...headers,
    'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))),
  });
}

function envelope(status: number, code: string, details: unknown[], headers: Record<string, string> = {}): ArmError {
  return new ArmError(status, code, `Please provide below info when asking for support: correlationId = ${randomUUID()}.`, {
    details,
    headers,
  });
}
