import { z } from 'zod';
import { guid } from '../../core/person.ts';
import type { GrantedRole, RolePermission } from './granted.ts';
import { Incomplete } from './incomplete.ts';
import type { ReaderClients } from './reader-clients.ts';

const API = { 'api-version': '2022-04-01' };
const MOST_PAGES = 200;
const PROVIDER = 'providers/Microsoft.Authorization';

const assignmentSchema = z.object({
  properties: z.object({
    roleDefinitionId: z.string().transform((id, context) => {
      const name = guid(/\/roleDefinitions\/([^/]+)$/i.exec(id)?.[1]);
      if (name === null) context.addIssue({ code: 'custom', message: 'the id of a role' });
      return name ?? z.NEVER;
    }),
    scope: z.string().startsWith('/'),
    condition: z.string().nullish(),
  }),
});
const pageSchema = z.object({ value: z.array(assignmentSchema), nextLink: z.string().nullish() });
type Assignment = z.output<typeof assignmentSchema>['properties'];

const operations = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);
const definitionSchema = z.object({
  properties: z.object({ permissions: z.array(z.object({ actions: operations, notActions: operations })) }),
});

type Reading = Pick<ReaderClients, 'get' | 'follow'>;

/** Reads what roles are granted to a service principal, for one subscription. Throws a RestError, a ZodError for another shape, {@link Incomplete}. */
export type RoleReader = (subscriptionId: string, objectId: string) => Promise<readonly GrantedRole[]>;

/**
 * Reads roles at the subscription, above it and below it, granted to the principal or to a group it is in, at whatever depth. What a condition
 * is tied to is left out: it may allow less than its role. A role's definition is read once by a reader, so one is made for each question.
 * Source: “List Azure role assignments using the REST API” and “Role Definitions - Get” on learn.microsoft.com.
 */
export function createRoleReader(clients: Reading): RoleReader {
  const definitions = new Map<string, Promise<readonly RolePermission[]>>();

  function permissionsOf(subscriptionId: string, role: string): Promise<readonly RolePermission[]> {
    const known = definitions.get(role) ?? readDefinition(clients, subscriptionId, role);
    definitions.set(role, known);
    return known;
  }
  return async (subscriptionId, objectId) => {
    const assignments = await readAssignments(clients, subscriptionId, objectId);
    const certain = assignments.filter(({ condition }) => !condition);
    return Promise.all(
      certain.map(async ({ scope, roleDefinitionId }) => ({ scope, permissions: await permissionsOf(subscriptionId, roleDefinitionId) })),
    );
  };
}

async function readAssignments(clients: Reading, subscriptionId: string, objectId: string): Promise<readonly Assignment[]> {
  const all: Assignment[] = [];
  const query = { ...API, $filter: `assignedTo('${objectId}')` };
  let page = pageSchema.parse(await clients.get(`/subscriptions/${subscriptionId}/${PROVIDER}/roleAssignments`, query));
  for (let pages = 1; ; pages += 1) {
    all.push(...page.value.map(({ properties }) => properties));
    if (!page.nextLink) return all;
    if (pages >= MOST_PAGES) throw new Incomplete('Azure did not come to an end with the role assignments');
    page = pageSchema.parse(await clients.follow(page.nextLink));
  }
}

async function readDefinition(clients: Reading, subscriptionId: string, role: string): Promise<readonly RolePermission[]> {
  const path = `/subscriptions/${subscriptionId}/${PROVIDER}/roleDefinitions/${role}`;
  return definitionSchema.parse(await clients.get(path, API)).properties.permissions;
}
