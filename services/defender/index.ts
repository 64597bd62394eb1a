import type { TokenCredential } from '@azure/identity';
import type { KindFrom } from '../../core/evidence.ts';
import type { Clock, Collectors, Log } from '../../core/ports.ts';
import { createBudgetKeeper } from '../azure/budgets/keeper.ts';
import type { AzureFinding } from '../azure/check.ts';
import type { Inventory } from '../azure/inventory.ts';
import type { JsonReader } from '../azure/json-reader.ts';
import { createJsonReader } from '../azure/json-reader.ts';
import type { Patience } from '../azure/patience.ts';
import { defaultPatience } from '../azure/patience.ts';
import { readerPolicies } from '../azure/reader-pipeline.ts';
import type { ApiName, DefenderHost } from './apis.ts';
import { apis, defenderHosts, GRAPH_HOST } from './apis.ts';
import { checkDefender } from './check.ts';
import { collectDevices } from './collectors/device.ts';
import { collectExclusionPolicies } from './collectors/exclusion-policies.ts';
import { collectManagement } from './collectors/management.ts';
import type { DefenderContext } from './context.ts';
import { defenderLimits } from './limits.ts';

export interface DefenderOptions {
  /** Of the reader identity. */
  readonly credential: TokenCredential;
  /** Where a rehearsal pretends both APIs; null for the real ones. */
  readonly pretended: string | null;
  /** Null: the general one. */
  readonly host: DefenderHost | null;
  readonly tls: { readonly ca: string } | null;
  /** The machines whose devices are looked for. */
  readonly inventory: () => Promise<Inventory>;
  readonly clock: Clock;
  readonly log: Log;
  readonly patience?: Partial<Patience>;
}

/** Defender and Graph as the bot sees them. */
export interface Defender {
  readonly collectors: Pick<Collectors, KindFrom<'defender' | 'graph'>>;
  /** Microsoft Graph, for what else is to be read there. */
  readonly graph: JsonReader;
  /** Tries every permission that is needed; changes nothing. */
  check(): Promise<readonly AzureFinding[]>;
}

/** Hunting a large tenant takes its time: the service itself gives up after about three minutes. Ms. */
const READ_MS = 90_000;

/** Connects with the reader identity. Nothing is asked yet. */
export function connectDefender(options: DefenderOptions): Defender {
  const { credential, pretended, host, tls, clock, log } = options;
  const patience = { ...defaultPatience, readMs: READ_MS, ...options.patience };
  const keeper = createBudgetKeeper(clock, defenderLimits);
  const endpoints = { graph: `https://${GRAPH_HOST}`, defender: `https://${host ?? defenderHosts[0]}` };
  const reader = (api: ApiName) => {
    const endpoint = pretended ?? endpoints[api];
    const policies = readerPolicies({ endpoint, direct: pretended !== null, patience, log, keeper, urgent: true });
    return createJsonReader({ credential, scope: apis[api].scope, endpoint, tls }, policies);
  };
  const context: DefenderContext = { graph: reader('graph'), defender: reader('defender'), inventory: options.inventory, clock, log };
  return {
    graph: context.graph,
    collectors: {
      device: () => collectDevices(context),
      management: () => collectManagement(context),
      'exclusion-policies': () => collectExclusionPolicies(context),
    },
    check: () => checkDefender(context),
  };
}
