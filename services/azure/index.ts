import { readFileSync } from 'node:fs';
import type { Migration } from '../../core/migration.ts';
import type { Clock, Collectors, Log, ProbeReader, TargetReader, Writer } from '../../core/ports.ts';
import type { Settings } from '../settings.ts';
import { createBudget } from './budget.ts';
import { createBudgetKeeper } from './budgets/keeper.ts';
import type { AzureFinding } from './check.ts';
import { checkAzure } from './check.ts';
import { createCollectors } from './collectors/index.ts';
import type { AzureContext } from './context.ts';
import { credentialFor } from './credentials.ts';
import type { Patience } from './patience.ts';
import { defaultPatience } from './patience.ts';
import type { PolicyDefinitions } from './policy-definitions.ts';
import { defenderPolicyDefinitions } from './policy-definitions.ts';
import { createProbeReader } from './probe.ts';
import { ARM_ENDPOINT, createReaderClients } from './reader-clients.ts';
import { createResourceGraph } from './resource-graph.ts';
import { createTargetReader } from './targets.ts';
import { createWriterPipeline } from './writer-pipeline.ts';
import { createWriter } from './writes.ts';

export interface AzureOptions {
  readonly settings: Pick<Settings, 'reader' | 'writer' | 'rehearsal'>;
  /** Asked for anew whenever Azure is asked: a migration may gain and lose some. */
  readonly subscriptions: Migration['subscriptions'];
  readonly clock: Clock;
  readonly log: Log;
  /** Azure Policy built-ins to look for; the published ones when left out. */
  readonly policyDefinitions?: PolicyDefinitions;
  readonly patience?: Partial<Patience>;
}

/** Azure as the bot sees it. */
export interface Azure {
  readonly collectors: Collectors;
  readonly targets: TargetReader;
  readonly writer: Writer;
  readonly probes: ProbeReader;
  /** Tries both sign-ins and every subscription; changes nothing. */
  check(): Promise<readonly AzureFinding[]>;
}

/** Connects with two identities kept apart: one reads, the other sends signed plans. Nothing is asked of Azure yet. */
export function connectAzure(options: AzureOptions): Azure {
  const { settings, clock, log } = options;
  const { rehearsal } = settings;
  const patience: Patience = { ...defaultPatience, ...options.patience };
  const tls = rehearsal ? { ca: readFileSync(rehearsal.caFile, 'utf8') } : null;
  const authority = rehearsal?.azureAuthority ?? null;
  const credentials = {
    reader: credentialFor({ identity: 'reader', settings: settings.reader, authority, tls, patience, log }),
    writer: credentialFor({ identity: 'writer', settings: settings.writer, authority, tls, patience, log }),
  };
  const common = { endpoint: rehearsal?.azureEndpoint ?? ARM_ENDPOINT, direct: rehearsal !== null, tls, patience, log };
  const keeper = createBudgetKeeper(clock);
  const readers = { ...common, credential: credentials.reader, keeper };
  const clients = createReaderClients({ ...readers, urgent: true });
  const runClients = createReaderClients({ ...readers, urgent: false });
  const context: AzureContext = {
    clients,
    graph: createResourceGraph(clients.graph, () => options.subscriptions.map(({ id }) => id), createBudget(patience)),
    get subscriptions() {
      return options.subscriptions;
    },
    policyDefinitions: options.policyDefinitions ?? defenderPolicyDefinitions,
    clock,
    log,
  };
  return {
    collectors: createCollectors(context),
    targets: createTargetReader({ clients: runClients, clock }),
    writer: createWriter({
      sendOnce: createWriterPipeline({ ...common, credential: credentials.writer }),
      clients: runClients,
      keeper,
      log,
    }),
    probes: createProbeReader(),
    check: () => checkAzure(context, credentials),
  };
}
