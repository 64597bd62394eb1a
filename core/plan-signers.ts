import type { Instant } from './instant.ts';
import { HOUR } from './instant.ts';
import type { Migration } from './migration.ts';
import type { Outcome } from './outcome.ts';
import { ok, refused } from './outcome.ts';
import type { PersonKey } from './person.ts';
import { samePerson } from './person.ts';
import type { OwnerGroup, PlanTarget, Signers } from './plan.ts';
import type { ActionClass } from './policy.ts';

/** Who signs a plan of this class for these targets; refused when they could never add up, because the requester is one of them. */
export function signersOf(
  migration: Migration,
  actionClass: ActionClass,
  targets: readonly PlanTarget[],
  requestedBy: PersonKey,
  now: Instant,
): Outcome<Signers> {
  const { quorum, distinctRoles, typeCount, ownersSign } = migration.signOff[actionClass];
  const { approvers, alternates } = migration;
  const others = [...approvers, ...alternates.people].filter((person) => !samePerson(person, requestedBy));
  if (others.length < quorum) {
    const because = `It takes ${quorum} signatures, and besides you only ${others.length} may sign.`;
    return refused('no-quorum', because, 'Let somebody else request it, or name more approvers in the migration file.');
  }
  const roles = new Set(others.map(({ role }) => role.trim().toLowerCase())).size;
  if (roles < distinctRoles) {
    const because = `It takes signatures of ${distinctRoles} different roles, and besides you there are only ${roles}.`;
    return refused('no-quorum', because, 'Let somebody else request it, or name more approvers in the migration file.');
  }
  const owners = ownersSign ? ownerGroups(migration, targets, requestedBy) : [];
  const alternatesAt = now + alternates.afterHours * HOUR;
  return ok({ quorum, distinctRoles, typeCount, approvers, alternates: alternates.people, alternatesAt, owners });
}

/** One group for each owner tag; the requester's own machines need no word but the request. */
function ownerGroups(migration: Migration, targets: readonly PlanTarget[], requestedBy: PersonKey): readonly OwnerGroup[] {
  const values = new Set(targets.flatMap(({ owner }) => (owner === null ? [] : [owner.toLowerCase()])));
  return Object.entries(migration.owners?.people ?? {})
    .filter(([value, people]) => values.has(value.toLowerCase()) && !people.some((person) => samePerson(person, requestedBy)))
    .map(([value, people]) => ({ value, people }));
}
