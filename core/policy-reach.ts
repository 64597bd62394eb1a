import type { AgentPolicy, DefenderAssignment, ResourceSelector } from './facts/defender.ts';
import type { MachineFacts } from './machine.ts';
import { isWindows } from './machine.ts';

type Machine = Pick<MachineFacts, 'id' | 'kind' | 'os' | 'location' | 'tags'>;

/** A machine that Defender for Cloud's multicloud connector made bears this tag; the Arc policies leave it to the connector. */
const CONNECTOR_TAG = 'mdfcsecurityconnector';

const TYPES = { 'azure-vm': 'microsoft.compute/virtualmachines', arc: 'microsoft.hybridcompute/machines' } as const;

/**
 * The built-in agent policy whose rule takes a machine; null when none does. The one for Windows on Arc lists the releases it takes, and
 * Windows Server 2025 is not among them (Azure/azure-policy, version 2.0.1-preview).
 */
export function agentPolicyFor({ kind, os, tags }: Machine): AgentPolicy | null {
  if (os === null || os === 'unsupported' || kind === 'listed') return null;
  if (kind === 'azure-vm') return isWindows(os) ? 'azure-windows' : 'azure-linux';
  if (isMadeByConnector(tags) || os === 'windows-server-2025') return null;
  return isWindows(os) ? 'arc-windows' : 'arc-linux';
}

/** Was the machine made by a multicloud connector? */
export function isMadeByConnector(tags: MachineFacts['tags']): boolean {
  return Object.entries(tags).some(([name, value]) => name.toLowerCase() === CONNECTOR_TAG && value.toLowerCase() === 'true');
}

/**
 * Does an assignment, seen from the machine's own subscription, deploy the agent to the machine? By its policies, its scope, what it leaves
 * out and what it selects; whether it acts at present is another question.
 */
export function deploysTo(assignment: DefenderAssignment, machine: Machine): boolean {
  const agent = agentPolicyFor(machine);
  return agent !== null && assignment.deploys.includes(agent) && covers(assignment, machine);
}

function covers({ scope, excludes, selects }: DefenderAssignment, machine: Machine): boolean {
  const id = machine.id.toLowerCase();
  // Management groups are not in a machine's id: one that did not lie above its subscription would not be among its assignments.
  const within = /^\/providers\//i.test(scope) || holds(scope.toLowerCase(), id);
  if (!within || excludes.some((excluded) => holds(excluded, id))) return false;
  return selects.length === 0 || selects.some((group) => group.every((selector) => letsThrough(selector, machine)));
}

function holds(scope: string, id: string): boolean {
  return id === scope || id.startsWith(`${scope}/`);
}

function letsThrough({ what, in: only, notIn }: ResourceSelector, { kind, location }: Machine): boolean {
  const value = what === 'location' ? location.toLowerCase() : kind === 'listed' ? '' : TYPES[kind];
  return (only === null || only.includes(value)) && !(notIn?.includes(value) ?? false);
}
