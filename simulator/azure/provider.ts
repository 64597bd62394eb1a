import type { VirtualClock } from '../clock.ts';
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

/** One resource provider (or API): its addresses, what it does by itself later, and what it feeds to Resource Graph. */
export interface Provider {
  routes?: ArmRoute[];
  due?: Performers;
  /** Rows it adds to a table; read again after each change of the state. */
  rows?: Partial<Record<TableName, () => Row[]>>;
}
