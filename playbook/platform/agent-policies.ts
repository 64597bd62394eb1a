import type { AgentPolicy, DefenderAssignment } from '../../core/facts/defender.ts';
import type { MachineFacts } from '../../core/machine.ts';
import { isWindows } from '../../core/machine.ts';

/** The built-in policies that would deploy the agent to a machine: any of them will do. Both systems' while its own is not read; none for what is outside the list. */
function policiesFor({ kind, os }: MachineFacts): readonly AgentPolicy[] {
  if (kind === 'listed' || os === 'unsupported') return [];
  const where = kind === 'arc' ? 'arc' : 'azure';
  if (os === null) return [`${where}-windows`, `${where}-linux`];
  return [isWindows(os) ? `${where}-windows` : `${where}-linux`];
}

/**
 * How one machine is reached by assignments that deploy the agent. The built-in policy for Windows on Arc lists the releases it takes, and Windows
 * Server 2025 is not among them (version 2.0.1-preview); the one for Azure virtual machines has no such list. Machines that a multicloud connector
 * made are left out by the policies, which is as it should be.
 */
export function reach(
  machine: MachineFacts,
  assignments: readonly DefenderAssignment[],
): 'reached' | 'left-out' | 'arc-2025' | 'unclear' | 'not-meant' {
  const wanted = policiesFor(machine);
  if (wanted.length === 0 || isConnector(machine)) return 'not-meant';
  const own = assignments.filter((assignment) => covers(assignment, machine.id));
  const found = wanted.filter((policy) => own.some(({ deploys }) => deploys.includes(policy)));
  if (machine.kind === 'arc' && machine.os === 'windows-server-2025') return found.length > 0 ? 'arc-2025' : 'left-out';
  if (found.length === wanted.length) return 'reached';
  return machine.os === null ? 'unclear' : 'left-out';
}

function covers({ scope, excludes }: DefenderAssignment, machineId: string): boolean {
  const isIn = (place: string) => machineId === place || machineId.startsWith(`${place}/`);
  const narrow = scope.toLowerCase().replace(/\/+$/, '');
  // A management group was found above the subscription, so it covers everything in it.
  const inScope = narrow.startsWith('/subscriptions/') ? isIn(narrow) : true;
  return inScope && !excludes.some((place) => isIn(place.replace(/\/+$/, '')));
}

function isConnector({ tags }: MachineFacts): boolean {
  return Object.entries(tags).some(([name, value]) => name.toLowerCase() === 'mdfcsecurityconnector' && value.toLowerCase() === 'true');
}
