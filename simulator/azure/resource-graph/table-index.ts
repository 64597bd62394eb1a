import type { Machine } from '../../estates/machine.ts';
import type { Row } from '../graph-tables.ts';
import type { Store } from '../state.ts';
import { shared } from './shared.ts';
import { createTimeline } from './timeline.ts';

/** Where the rows of a table come from. */
export interface Makers {
  platform: readonly (() => Row[])[];
  machine: readonly ((machine: Machine) => Row[])[];
}

/** What the index knows of one table. */
export interface TableIndex {
  /** Something has changed: on that machine only, on none (null), or anywhere. */
  touch(machine: Machine | null | undefined): void;
  /** Looks at what has changed. */
  refresh(): void;
  /** The rows as they were `behindMs` (virtual) ago. */
  rows(behindMs: number): readonly Row[];
}

/** Key of what belongs to no machine; a machine's key is its id in lower case. */
const PLATFORM = '';

const ALWAYS = Number.NEGATIVE_INFINITY;

/** Looks again only at what a touch names, and not before it is asked. Unchanged rows stay the same objects. */
export function createTableIndex(store: Store, makers: Makers, lagMs: number): TableIndex {
  const { clock, state } = store;
  const timeline = createTimeline(lagMs);
  // Since when something is to be looked at; what the first look finds has always been there.
  const pending = { all: ALWAYS as number | null, machines: new Map<string, number>() };
  let stale: number | null = ALWAYS;

  function touch(machine: Machine | null | undefined): void {
    if (stale === ALWAYS) return;
    stale = clock.now();
    if (machine === undefined) pending.all = stale;
    else if (machine) pending.machines.set(machine.id.toLowerCase(), stale);
  }
  function refresh(): void {
    if (stale === null) return;
    if (pending.all !== null) lookAtAll(pending.all);
    else for (const [key, at] of pending.machines) look(key, store.machineById(key), at);
    const platform = makers.platform.flatMap((make) => make());
    timeline.note(PLATFORM, sharedById(timeline.newest(PLATFORM), platform), stale);
    stale = null;
    pending.all = null;
    pending.machines.clear();
  }
  function lookAtAll(at: number): void {
    if (makers.machine.length === 0) return;
    const gone = new Set(timeline.keys());
    gone.delete(PLATFORM);
    for (const machine of state.estate.machines) {
      const key = machine.id.toLowerCase();
      gone.delete(key);
      look(key, machine, pending.machines.get(key) ?? at);
    }
    for (const key of gone) timeline.note(key, [], at);
  }
  function look(key: string, machine: Machine | undefined, at: number): void {
    const rows = machine ? makers.machine.flatMap((make) => make(machine)) : [];
    timeline.note(key, shared(timeline.newest(key), rows) as Row[], at);
  }
  function rows(behindMs: number): readonly Row[] {
    refresh();
    return timeline.rows(clock.now(), behindMs);
  }
  return { touch, refresh, rows };
}

// Rows of many makers: a row is known by its id, wherever it stands.
function sharedById(before: readonly Row[], next: readonly Row[]): readonly Row[] {
  const known = new Map(before.map((row) => [row['id'], row]));
  const copies = next.map((row) => shared(known.get(row['id']), row) as Row);
  return before.length === copies.length && before.every((row, index) => row === copies[index]) ? before : copies;
}
