import type { PolicyClient, PolicySetDefinition } from '@azure/arm-policy';
import { z } from 'zod';

/** Reads which policies an initiative holds; remembers them as long as it lives. */
export type InitiativeReader = (client: PolicyClient, id: string) => Promise<readonly string[]>;

const setSchema = z.object({ policyDefinitions: z.array(z.object({ policyDefinitionId: z.string().min(1) })) });

/** A reader for one collection: an initiative assigned to many subscriptions is read once. */
export function createInitiativeReader(): InitiativeReader {
  const known = new Map<string, Promise<readonly string[]>>();
  return (client, id) => {
    const key = id.toLowerCase();
    const found =
      known.get(key) ?? getSet(client, id).then((set) => setSchema.parse(set).policyDefinitions.map((entry) => entry.policyDefinitionId));
    known.set(key, found);
    return found;
  };
}

/** The last part of an id, in lower case: for built-ins a GUID. */
export function definitionName(id: string): string {
  return id.toLowerCase().split('/').at(-1) ?? '';
}

export function isInitiative(id: string): boolean {
  return /\/policysetdefinitions\/[^/]+$/i.test(id);
}

/** An initiative lives in the tenant (built-in), in a management group or in a subscription. */
function getSet(client: PolicyClient, id: string): Promise<PolicySetDefinition> {
  const name = id.split('/').at(-1) ?? '';
  const group = /^\/providers\/microsoft\.management\/managementgroups\/([^/]+)\//i.exec(id)?.[1];
  if (group !== undefined) return client.policySetDefinitions.getAtManagementGroup(group, name);
  return /^\/subscriptions\//i.test(id) ? client.policySetDefinitions.get(name) : client.policySetDefinitions.getBuiltIn(name);
}
