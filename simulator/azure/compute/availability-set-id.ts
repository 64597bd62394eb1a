import type { Machine } from '../../estates/machine.ts';

/** Id of the availability set a virtual machine is a member of; null when it is in none. Azure shows the name in capitals. */
export function availabilitySetId({ vm, subscriptionId, resourceGroup }: Machine): string | null {
  if (!vm?.availabilitySet) return null;
  const name = vm.availabilitySet.toUpperCase();
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Compute/availabilitySets/${name}`;
}
