import type { Subscription } from '../../estates/estate.ts';
import type { Machine, MachineKind } from '../../estates/machine.ts';
import { ArmError } from '../arm-error.ts';
import type { Store } from '../state.ts';

/** The subscription of the address; throws Azure's 404 when there is none. */
export function subscriptionOf(store: Store, params: Record<string, string>): Subscription {
  const id = params['subscriptionId'] ?? '';
  const subscription = store.subscription(id);
  if (subscription) return subscription;
  throw new ArmError(404, 'SubscriptionNotFound', `The subscription '${id}' could not be found.`);
}

/** The machine of the address; throws Azure's 404 for the first part of the address that does not exist. */
export function machineOf(store: Store, kind: MachineKind, params: Record<string, string>): Machine {
  const subscription = subscriptionOf(store, params);
  const { resourceGroup = '', machine: name = '' } = params;
  if (!subscription.resourceGroups.some((group) => group.name.toLowerCase() === resourceGroup.toLowerCase())) {
    throw new ArmError(404, 'ResourceGroupNotFound', `Resource group '${resourceGroup}' could not be found.`);
  }
  const machine = store.machine({ kind, subscriptionId: subscription.id, resourceGroup, name });
  if (machine) return machine;
  const type = kind === 'vm' ? 'Microsoft.Compute/virtualMachines' : 'Microsoft.HybridCompute/machines';
  throw notFound(`${type}/${name}`, resourceGroup);
}

export function notFound(resource: string, resourceGroup: string): ArmError {
  return new ArmError(
    404,
    'ResourceNotFound',
    `The Resource '${resource}' under resource group '${resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}
