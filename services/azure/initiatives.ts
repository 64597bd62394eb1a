import type { PolicyClient, PolicySetDefinition } from '@azure/arm-policy';
import { z } from 'zod';
import { ReadFailure } from './read-failure.ts';

const value = z.object({ value: z.unknown() }).partial();
const setSchema = z.object({
  parameters: z.record(z.string(), z.object({ defaultValue: z.unknown() }).partial()).nullish(),
  policyDefinitions: z.array(
    z.object({
      policyDefinitionId: z.string().min(1),
      policyDefinitionReferenceId: z.string().nullish(),
      parameters: z.record(z.string(), value).nullish(),
    }),
  ),
});

/** What an initiative holds. */
export type Initiative = z.output<typeof setSchema>;

/** Reads an initiative; remembers it as long as the reader lives. Throws what the SDK throws, and a ZodError for another shape. */
export type InitiativeReader = (client: PolicyClient, id: string) => Promise<Initiative>;

/** A reader for one collection: an initiative assigned to many subscriptions is read once. */
export function createInitiativeReader(): InitiativeReader {
  const known = new Map<string, Promise<Initiative>>();
  return (client, id) => {
    const key = id.toLowerCase();
    const found = known.get(key) ?? getSet(client, id).then((set) => setSchema.parse(set));
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

/** The management group an id begins with; null when it begins otherwise. */
export function managementGroupOf(id: string): string | null {
  return /^\/providers\/microsoft\.management\/managementgroups\/([^/]+)(?:\/|$)/i.exec(id)?.[1] ?? null;
}

/** An initiative lives in the tenant (built-in), in a management group or in a subscription. */
async function getSet(client: PolicyClient, id: string): Promise<PolicySetDefinition> {
  const name = id.split('/').at(-1) ?? '';
  const group = managementGroupOf(id);
  if (group !== null) {
    try {
      return await client.policySetDefinitions.getAtManagementGroup(group, name);
    } catch (error) {
      throw new ReadFailure(error, { what: 'the initiatives', where: `management group ${group}`, role: 'Reader' });
    }
  }
  return /^\/subscriptions\//i.test(id) ? client.policySetDefinitions.get(name) : client.policySetDefinitions.getBuiltIn(name);
}
