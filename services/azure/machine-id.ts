import type { MachineKind } from '../../core/machine.ts';

/** The parts of a machine's Azure resource id. */
export interface MachineId {
  readonly kind: MachineKind;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
}

const KINDS: Readonly<Record<string, MachineKind>> = {
  'microsoft.compute/virtualmachines': 'azure-vm',
  'microsoft.hybridcompute/machines': 'arc',
};

/** Takes a machine's id apart, in any letter case; null for anything else. */
export function parseMachineId(id: string): MachineId | null {
  const match = /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/([^/]+\/[^/]+)\/([^/]+)$/i.exec(id);
  const [, subscriptionId, resourceGroup, type = '', name] = match ?? [];
  const kind = KINDS[type.toLowerCase()];
  if (!kind || !subscriptionId || !resourceGroup || !name) return null;
  return { kind, subscriptionId, resourceGroup, name };
}
