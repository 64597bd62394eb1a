import type { VirtualClock } from '../clock.ts';
import type { Machine } from '../estates/machine.ts';
import type { Agenda, Performers } from './agenda.ts';
import type { ArmRoute } from './arm-route.ts';
import type { Row, TableName } from './graph-tables.ts';
import type { Extensions } from './machines/extensions.ts';
import type { Store } from './state.ts';

/** What a provider is made of. */
export interface ProviderContext {
  store: Store;
  clock: VirtualClock;
  agenda: Agenda;
  extensions: Extensions;
  seed: number;
  /** https://localhost:N, known once the server listens. */
  baseUrl: () => string;
}

/** Rows for a table, all of them each time it is asked. */
export type Feed = Partial<Record<TableName, () => Row[]>>;
/** Rows for a table that one machine is the reason for. */
export type MachineFeed = Partial<Record<TableName, (machine: Machine) => Row[]>>;

/** One resource provider (or API): its addresses, what it does by itself later, and what it feeds to Resource Graph. */
export interface Provider {
  routes?: ArmRoute[];
  due?: Performers;
  /** Rows it adds to a table; read again after each change of the state. What is about one machine is better given by machineRows. */
  rows?: Feed;
  /** Rows about one machine; read again when a touch names that machine or names nothing. */
  machineRows?: MachineFeed;
}
