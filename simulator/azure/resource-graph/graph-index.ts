import type { Machine } from '../../estates/machine.ts';
import { machineRows, PLATFORM_ROWS, type Row, TABLES, type TableName } from '../graph-tables.ts';
import type { Feed, MachineFeed } from '../provider.ts';
import type { Store } from '../state.ts';
import { createTableIndex, type TableIndex } from './table-index.ts';

export interface GraphIndexOptions {
  store: Store;
  feeds: readonly Feed[];
  machineFeeds: readonly MachineFeed[];
  /** How far the index is always behind (virtual ms). */
  lagMs: number;
}

/** What Resource Graph knows of the estate, and since when. */
export interface GraphIndex {
  /** A table as the index shows it, at least `lagMs` (virtual) behind the truth; the same list as long as nothing else shows. */
  table(name: TableName, lagMs: number): readonly Row[];
}

export function createGraphIndex({ store, feeds, machineFeeds, lagMs }: GraphIndexOptions): GraphIndex {
  const { state } = store;
  function indexOf(name: TableName): TableIndex {
    const own = PLATFORM_ROWS[name];
    const platform = [...(own ? [() => own(state.estate)] : []), ...feeds.flatMap((feed) => feed[name] ?? [])];
    const ofMachines = name === 'resources' ? [(machine: Machine) => machineRows(machine, state.estate.tenantId)] : [];
    return createTableIndex(store, { platform, machine: [...ofMachines, ...machineFeeds.flatMap((feed) => feed[name] ?? [])] }, lagMs);
  }
  const indexes = new Map(TABLES.map((name) => [name, indexOf(name)]));
  // With a lag in force every change is noted at once, for nobody may see two of them as one.
  let prompt = false;
  function noteAll(): void {
    for (const index of indexes.values()) index.refresh();
  }
  function notePromptly(): void {
    prompt = true;
    noteAll();
  }
  if (lagMs > 0) notePromptly();
  store.watch((machine) => {
    for (const index of indexes.values()) index.touch(machine);
    if (prompt) noteAll();
  });
  return {
    table(name, asked) {
      const behind = Math.max(asked, lagMs);
      if (behind > 0 && !prompt) notePromptly();
      return indexes.get(name)!.rows(behind);
    },
  };
}
