import type { Collection, EvidenceKind, EvidenceOf } from '../../../core/evidence.ts';
import type { Migration } from '../../../core/migration.ts';
import type { Azure } from '../../../services/azure/index.ts';
import { connectAzure } from '../../../services/azure/index.ts';
import { defaultPatience, type Patience } from '../../../services/azure/patience.ts';
import { readMigration } from '../../../services/migration-file.ts';
import type { Machine } from '../../../simulator/estates/machine.ts';
import type { MaintenanceConfiguration } from '../../../simulator/estates/maintenance.ts';
import type { OutsideOptions } from '../../../simulator/outside.ts';
import { type StartedOutside, startedOutside } from '../../simulator/started-outside.ts';
import type { LoggedRequest } from '../../support/permitted-operations.ts';
import { memoryLog } from './pretend-arm.ts';

/** What `GET /_estate` tells, as far as these tests look. */
export interface Truth {
  readonly machines: readonly Machine[];
  readonly maintenanceConfigurations: readonly MaintenanceConfiguration[];
}

export type Logged = LoggedRequest & { readonly status: number; readonly body: unknown };

export interface ConnectedOutside extends StartedOutside {
  /** The real clients, for the migration's subscriptions. */
  readonly client: Azure;
  readonly migration: Migration;
  /** The real clients with other subscriptions. */
  connect(subscriptions: Migration['subscriptions']): Azure;
  truth(): Promise<Truth>;
  requests(): Promise<readonly Logged[]>;
}

/** Both pretend servers on free ports with the real clients connected to the first; waiting is real unless it is told otherwise. */
export async function connectOutside(
  options: Partial<OutsideOptions> & { readonly patience?: Partial<Patience> } = {},
): Promise<ConnectedOutside> {
  const { patience = defaultPatience, ...own } = options;
  const outside = await startedOutside(own);
  const { ready, clock } = outside;
  const parsed = await readMigration(ready.migrationFile);
  if (parsed.kind !== 'ok') throw new Error(JSON.stringify(parsed.errors));
  const elsewhere = { teamsServiceUrl: '', teamsOpenidMetadata: '', teamsLogin: '', clockUrl: '' };
  const connect = (subscriptions: Migration['subscriptions']) =>
    connectAzure({
      settings: {
        reader: ready.identities.reader,
        writer: ready.identities.writer,
        rehearsal: { azureEndpoint: ready.azure, azureAuthority: ready.azure, caFile: ready.caFile, ...elsewhere },
      },
      subscriptions,
      clock,
      log: memoryLog(),
      patience,
    });
  return {
    ...outside,
    migration: parsed.migration,
    client: connect(parsed.migration.subscriptions),
    connect,
    truth: async () => (await outside.door('GET', '/_estate')).body as Truth,
    requests: async () => (await outside.door('GET', '/_log')).body as readonly Logged[],
  };
}

/** The facts of a collection by subject; fails for one that is unread. */
export function factsOf<K extends EvidenceKind>({ kind, subjects }: Collection<K>): Record<string, EvidenceOf[K]> {
  return Object.fromEntries(
    Object.entries(subjects).map(([id, evidence]) => {
      if (evidence.state === 'unread') throw new Error(`${kind} of ${id}: ${evidence.reason}`);
      return [id, evidence.value];
    }),
  );
}
