import type { Row } from '../graph-tables.ts';

/** What a key's rows were, from `at` (virtual ms) on. */
interface Version {
  at: number;
  rows: readonly Row[];
}

/** Rows by key, and what they were before. */
export interface Timeline {
  /** From `at` on the key has these rows; the same list again is no change. */
  note(key: string, rows: readonly Row[], at: number): void;
  newest(key: string): readonly Row[];
  keys(): Iterable<string>;
  /** All rows as they were `behindMs` before `now`, as far back as anything is remembered; the same list as long as they are. */
  rows(now: number, behindMs: number): readonly Row[];
}

const NONE: readonly Row[] = [];
const SHORTEST_MEMORY_MS = 15 * 60_000;
const VIEWS = 3;

/** Remembers for as long as anybody has asked to look back, a quarter of an hour at least. Only what changed is kept twice. */
export function createTimeline(lagMs: number): Timeline {
  const versions = new Map<string, Version[]>();
  // When anything changed: how many of these an instant has behind it tells one view from another.
  let changes: number[] = [];
  let forgotten = 0;
  let memory = Math.max(lagMs, SHORTEST_MEMORY_MS);
  const views = new Map<number, readonly Row[]>();

  function note(key: string, rows: readonly Row[], at: number): void {
    const known = versions.get(key);
    if (known ? known.at(-1)?.rows === rows : rows.length === 0) return;
    if (known) known.push({ at, rows });
    else versions.set(key, [{ at, rows }]);
    changes.push(at);
  }
  function forget(now: number): void {
    const edge = now - memory;
    const kept = changes.filter((at) => at > edge);
    if (kept.length === changes.length) return;
    forgotten += changes.length - kept.length;
    changes = kept;
    for (const [key, list] of versions) {
      const last = list.findLastIndex(({ at }) => at <= edge);
      if (last < 0) continue;
      if (last > 0) list.splice(0, last);
      list[0]!.at = Number.NEGATIVE_INFINITY;
      if (list.length === 1 && list[0]!.rows.length === 0) versions.delete(key);
    }
  }
  function view(cutoff: number): readonly Row[] {
    const rows: Row[] = [];
    for (const list of versions.values()) for (const row of list.findLast(({ at }) => at <= cutoff)?.rows ?? NONE) rows.push(row);
    return rows;
  }
  function rows(now: number, behindMs: number): readonly Row[] {
    memory = Math.max(memory, behindMs);
    forget(now);
    const cutoff = behindMs === 0 ? Number.POSITIVE_INFINITY : now - behindMs;
    const count = forgotten + changes.filter((at) => at <= cutoff).length;
    const shown = views.get(count) ?? view(cutoff);
    views.delete(count);
    views.set(count, shown);
    for (const old of views.keys()) if (views.size > VIEWS) views.delete(old);
    return shown;
  }
  return { note, newest: (key) => versions.get(key)?.at(-1)?.rows ?? NONE, keys: () => versions.keys(), rows };
}
