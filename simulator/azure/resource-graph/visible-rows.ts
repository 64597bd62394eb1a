import { isAllowed } from '../authorization.ts';
import { type Row, TABLES, type TableName } from '../graph-tables.ts';
import type { Identity } from '../identities.ts';
import type { KqlEngine, PreparedRows } from '../kql/index.ts';

/** What decides which rows of the tables a query sees. */
export interface Viewer {
  identity: Identity;
  inScope: (row: Row) => boolean;
  /** Differs when `inScope` does. */
  scopeKey: string;
}

/** `table` gives all rows of a table, the same list as long as it is the same. */
export type VisibleRows = (table: (name: TableName) => readonly Row[], query: string, viewer: Viewer) => Record<string, PreparedRows>;

const VIEWERS_KEPT = 16;

/** Gives a query the rows its caller may read of the tables it names; the same question again costs nothing while the tables last. */
export function createVisibleRows(engine: KqlEngine): VisibleRows {
  const known = new WeakMap<readonly Row[], Map<string, PreparedRows>>();
  return (table, query, { identity, inScope, scopeKey }) => {
    const roles = identity.roleAssignments().map(({ role, scope }) => `${role} ${scope}`);
    const viewerKey = JSON.stringify([roles, scopeKey]);
    function visible(name: TableName): PreparedRows {
      const rows = table(name);
      const kept = known.get(rows) ?? new Map<string, PreparedRows>();
      known.set(rows, kept);
      const readable = readableBy(identity);
      const shown = kept.get(viewerKey) ?? engine.prepare(name, rows).filter((row) => inScope(row) && readable(row));
      if (kept.size >= VIEWERS_KEPT) kept.clear();
      kept.set(viewerKey, shown);
      return shown;
    }
    const text = query.toLowerCase();
    return Object.fromEntries(TABLES.filter((name) => text.includes(name)).map((name) => [name, visible(name)]));
  };
}

// Whole subscriptions are granted or refused at once; only what is refused there can still be granted further down.
function readableBy(identity: Identity): (row: Row) => boolean {
  const memo = new Map<string, boolean>();
  const narrow = identity.roleAssignments().some(({ scope }) => /^\/subscriptions\/[^/]+\//i.test(scope));
  return (row) => {
    const [id, type, subscription] = [row['id'] as string, row['type'] as string, row['subscriptionId'] as string];
    const scope = subscription ? `/subscriptions/${subscription}` : id;
    const key = `${type} ${scope}`;
    const allowed = memo.get(key) ?? isAllowed(identity, `${type}/read`, scope);
    memo.set(key, allowed);
    return allowed || (narrow && isAllowed(identity, `${type}/read`, id));
  };
}
