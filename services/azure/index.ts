import { readFileSync } from 'node:fs';
import type { KindFrom } from '../../core/evidence.ts';
import type { Migration } from '../../core/migration.ts';
import type { Clock, Collectors, Log, MachineReader, ProbeReader, Rights, TargetReader, Writer } from '../../core/ports.ts';
import { GRAPH_HOST } from '../defender/apis.ts';
import { connectDefender } from '../defender/index.ts';
import type { Settings } from '../settings.ts';
import { createAncestorReader } from './ancestors.ts';
import { createBudget } from './budget.ts';
import { createBudgetKeeper } from './budgets/keeper.ts';
import type { AzureFinding } from './check.ts';
import { checkAzure } from './check.ts';
import { createCollectors } from './collectors/index.ts';
import type { AzureContext } from './context.ts';
import { credentialFor } from './credentials.ts';
import { createInventory } from './inventory.ts';
import { createMachineReader } from './machine-reader.ts';
import type { Patience } from './patience.ts';
import { defaultPatience } from './patience.ts';
import type { PolicyDefinitions } from './policy-definitions.ts';
import { defenderPolicyDefinitions } from './policy-definitions.ts';
import { createProbeReader } from './probe.ts';
import { ARM_ENDPOINT, createReaderClients } from './reader-clients.ts';
import { createResourceGraph } from './resource-graph.ts';
import { createRights } from './rights.ts';
import { createRoll } from './roll.ts';
import { createSecretReader } from './secret-reader.ts';
import { createShared } from './shared.ts';
import { unseenSubscriptions } from './subscriptions.ts';
import { createTargetReader } from './targets.ts';
import { createWriterPipeline } from './writer-pipeline.ts';
import { createWriter } from './writes.ts';

export interface AzureOptions {
  readonly settings: Pick<Settings, 'reader' | 'writer' | 'rehearsal'> & Partial<Pick<Settings, 'defenderHost'>>;
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
  readonly collectors: Pick<Collectors, KindFrom<'azure' | 'defender' | 'graph'>>;
  /** Reads one machine again. */
  readonly machine: MachineReader;
  readonly targets: TargetReader;
  readonly writer: Writer;
  /** What the writer may do. */
  readonly rights: Rights;
  readonly probes: ProbeReader;
  /** Tries both sign-ins, every subscription, and every permission of Graph and Defender; changes nothing. */
  check(): Promise<readonly AzureFinding[]>;
}

/** Connects with two identities kept apart: one reads, the other sends signed plans. Nothing is asked of Azure yet. */
export function connectAzure(options: AzureOptions): Azure {
  const { settings, clock, log } = options;
  const { rehearsal } = settings;
  const patience: Patience = { ...defaultPatience, ...options.patience };
  const tls = rehearsal ? { ca: readFileSync(rehearsal.caFile, 'utf8') } : null;
  const authority = rehearsal?.azureAuthority ?? null;
  const signIn = (identity: 'reader' | 'writer') =>
    credentialFor({ identity, settings: settings[identity], authority, tls, patience, log });
  const credentials = { reader: signIn('reader'), writer: signIn('writer') };
  const common = { endpoint: rehearsal?.azureEndpoint ?? ARM_ENDPOINT, direct: rehearsal !== null, tls, patience, log };
  const keeper = createBudgetKeeper(clock);
  const queries = createBudget(patience);
  const readers = { ...common, credential: credentials.reader, keeper, queries };
  const clients = createReaderClients({ ...readers, urgent: true });
  const runClients = createReaderClients({ ...readers, urgent: false });
  const graph = createResourceGraph(clients.graph, () => options.subscriptions.map(({ id }) => id), queries);
  const context: AzureContext = {
    clients,
    graph,
    roll: createRoll(graph, clock),
    ancestors: createAncestorReader(graph, clock),
    unseen: createShared(() => unseenSubscriptions(context)),
    get subscriptions() {
      return options.subscriptions;
    },
    policyDefinitions: options.policyDefinitions ?? defenderPolicyDefinitions,
    clock,
    log,
  };
  const collectors = createCollectors(context);
  const inventory = createInventory(collectors.machine, clock);
  const defender = connectDefender({
    credential: credentials.reader,
    pretended: rehearsal?.azureEndpoint ?? null,
    host: settings.defenderHost ?? null,
    tls,
    inventory: inventory.known,
    clock,
    log,
    ...(options.patience && { patience: options.patience }),
  });
  return {
    collectors: { ...collectors, machine: inventory.collect, ...defender.collectors },
    machine: createMachineReader(context),
    targets: createTargetReader({ clients: runClients, clock }),
    writer: createWriter({
      sendOnce: createWriterPipeline({
        ...common,
        credential: credentials.writer,
        graph: { endpoint: rehearsal?.azureEndpoint ?? `https://${GRAPH_HOST}`, signIn: () => signIn('writer') },
      }),
      endpoint: common.endpoint,
      clients: runClients,
      directory: defender.graph,
      keeper,
      readSecret: createSecretReader(runClients, process.env),
      log,
    }),
    rights: createRights(context, credentials.writer, () => signIn('writer')),
    probes: createProbeReader(),
    check: async () => [...(await checkAzure(context, credentials)), ...(await defender.check())],
  };
}
