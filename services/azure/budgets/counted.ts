import type { MachineKind } from '../../../core/machine.ts';
import { locationName } from '../machine-facts.ts';
import { parseMachineId } from '../machine-id.ts';

export type RequestKind = 'reads' | 'writes' | 'deletes';

/** A request as the one who sends it knows it. */
export interface BudgetedRequest {
  readonly identity: 'reader' | 'writer';
  /** Microsoft Graph; Azure Resource Manager when left out. */
  readonly api?: 'graph';
  readonly method: string;
  /** Path, decoded, no query. */
  readonly path: string;
  /** Of the machine it is about; '' when nobody knows. */
  readonly region: string;
  /** A person waits for it, or a machine's safety: may use what is kept back from ordinary work. */
  readonly urgent: boolean;
}

/** A request as Azure's limits see it; ids in lower case. */
export interface Counted {
  readonly identity: BudgetedRequest['identity'];
  readonly kind: RequestKind;
  /** '' for a request to the tenant. */
  readonly subscription: string;
  readonly machine: { readonly kind: MachineKind; readonly id: string } | null;
  readonly region: string;
  /** Does it assess or install updates? */
  readonly patching: boolean;
}

const MACHINE =
  /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.(?:compute\/virtualmachines|hybridcompute\/machines)\/[^/]+/;

/** What Azure counts of a request; null for Resource Graph, which has a quota of its own. */
export function countedOf({ identity, method, path, region }: BudgetedRequest): Counted | null {
  const lower = path.toLowerCase();
  if (lower.startsWith('/providers/microsoft.resourcegraph/')) return null;
  const id = MACHINE.exec(lower)?.[0] ?? '';
  const kind = parseMachineId(id)?.kind;
  return {
    identity,
    kind: kindOf(method),
    subscription: /^\/subscriptions\/([^/]+)/.exec(lower)?.[1] ?? '',
    machine: kind ? { kind, id } : null,
    region: locationName(region),
    patching: /\/(assess|install)patches$/.test(lower),
  };
}

function kindOf(method: string): RequestKind {
  if (method === 'DELETE') return 'deletes';
  return method === 'GET' || method === 'HEAD' ? 'reads' : 'writes';
}
