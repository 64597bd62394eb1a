import type { Clock, Log } from '../../core/ports.ts';
import type { Inventory } from '../azure/inventory.ts';
import type { JsonReader } from '../azure/json-reader.ts';

/** What every reading part of this folder works with. */
export interface DefenderContext {
  readonly graph: JsonReader;
  readonly defender: JsonReader;
  /** The machines as they were last seen, minutes ago at most. */
  readonly inventory: () => Promise<Inventory>;
  readonly clock: Clock;
  readonly log: Log;
}
