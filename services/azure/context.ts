import type { Migration } from '../../core/migration.ts';
import type { Clock, Log } from '../../core/ports.ts';
import type { AncestorReader } from './ancestors.ts';
import type { PolicyDefinitions } from './policy-definitions.ts';
import type { ReaderClients } from './reader-clients.ts';
import type { ResourceGraph } from './resource-graph.ts';
import type { Roll } from './roll.ts';
import type { Unseen } from './subscriptions.ts';

/** What every reading part of this folder works with. */
export interface AzureContext {
  readonly clients: ReaderClients;
  readonly graph: ResourceGraph;
  readonly roll: Roll;
  readonly ancestors: AncestorReader;
  /** The subscriptions the reader cannot see now; asked once for all who ask at the same time. */
  unseen(): Promise<readonly Unseen[]>;
  readonly subscriptions: Migration['subscriptions'];
  readonly policyDefinitions: PolicyDefinitions;
  readonly clock: Clock;
  readonly log: Log;
}

/** How many subscriptions are read at once. */
export const SUBSCRIPTIONS_AT_ONCE = 4;

/** `subscription corp-prod`. */
export function subscriptionWords({ name }: { readonly name: string }): string {
  return `subscription ${name}`;
}
