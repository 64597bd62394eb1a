import { roleAssignment } from '../access.ts';
import type { Store } from '../state.ts';
import { policiesOf } from './effective.ts';

/**
 * Gives the identities an estate begins with the roles their policies ask for. People made those assignments in the portal, which grants
 * them; an assignment written through the API gets none.
 */
export function createFirstRoles({ state }: Store): () => void {
  return () => {
    if (state.policy.scannedAt !== null) return;
    const { estate, access } = state;
    const wanted = estate.assignments.flatMap((assignment) => {
      const principal = assignment.identity?.principalId;
      if (!principal) return [];
      const details = policiesOf(estate, assignment).map(({ definition }) => definition.properties.policyRule.then.details);
      const roles = details.flatMap((held) => (held?.['roleDefinitionIds'] ?? []) as string[]);
      return roles.map((role) => roleAssignment(principal, role.split('/').at(-1) ?? '', assignment.scope));
    });
    const given = estate.managedIdentities.flatMap(({ principalId, roles }) =>
      roles.map(({ role, scope }) => roleAssignment(principalId, role, scope)),
    );
    const known = new Set(access.roleAssignments.map(({ name }) => name));
    for (const role of [...wanted, ...given]) {
      if (known.has(role.name)) continue;
      known.add(role.name);
      access.roleAssignments.push(role);
    }
  };
}
