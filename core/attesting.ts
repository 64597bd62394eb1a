import type { Attestation } from './attestation.ts';
import type { Instant } from './instant.ts';
import { DAY, MINUTE } from './instant.ts';
import type { Migration } from './migration.ts';
import { UNASSIGNED } from './migration.ts';
import type { Outcome, Refused } from './outcome.ts';
import { ok, refused } from './outcome.ts';
import type { NamedPerson, Person } from './person.ts';
import { samePerson } from './person.ts';
import type { Zone } from './schedule.ts';
import { localDay, wallToInstant } from './schedule.ts';
import type { Scope } from './scope.ts';
import { checkScope, machinesIn, subscriptionsIn } from './scope.ts';
import type { Snapshot } from './snapshot.ts';
import type { AnyStep, Attestable } from './step.ts';

type Named = Pick<Migration, 'attesters' | 'approvers'>;

/** Who may vouch for a step: those the migration file lists for it, else the approvers. */
export function attestersOf(migration: Named, stepId: string): readonly NamedPerson[] {
  return migration.attesters[stepId] ?? migration.approvers;
}

/** The same as people are called. */
export function attesterNames(migration: Named, stepId: string): readonly string[] {
  return attestersOf(migration, stepId).map(({ name }) => name);
}

/** May this person vouch for a step? The same answer serves the card (show the button?) and the press. Null when they may. */
export function mayAttest(migration: Named, stepId: string, person: Person): Refused | null {
  if (person.isGuest) {
    return refused(
      'guest',
      'Only members of the team can vouch for a step, and Teams does not confirm that you are one.',
      'Nothing was recorded.',
    );
  }
  if (attestersOf(migration, stepId).some((one) => samePerson(one, person))) return null;
  const names = attesterNames(migration, stepId).join(', ') || 'nobody';
  return refused('not-attester', 'The migration file names others to vouch for this step.', `They are: ${names}.`);
}

/** May this person end an attestation? Its author may, and whoever may vouch for its step. Null when they may. */
export function mayTakeBack(migration: Named, attestation: Attestation, person: Person): Refused | null {
  if (!person.isGuest && samePerson(attestation.by, person)) return null;
  const no = mayAttest(migration, attestation.stepId, person);
  if (no?.code !== 'not-attester') return no;
  return refused('not-attester', 'Only who gave this word, and those who may vouch for the step, can take it back.', no.next);
}

/**
 * What a word for a step can be about, with names as the migration has them: the organisation's steps are vouched for as a whole, a
 * subscription's for one or all, a machine's for whatever machines can be called. Refused where it would be about nothing, or about a name
 * that several machines bear.
 */
export function attestScope(
  row: Pick<AnyStep, 'subject'>,
  scope: Scope,
  migration: Pick<Migration, 'rings'>,
  snapshot: Snapshot,
): Outcome<Scope> {
  const rings = [...migration.rings.map(({ name }) => name), UNASSIGNED];
  const { ring, subscription, resourceGroup, machine } = scope;
  const narrowed = [ring, subscription, resourceGroup, machine].some((part) => part !== undefined);
  if (row.subject === 'organisation' && narrowed) {
    return refused(
      'too-narrow',
      'This step is about the whole migration, so it is vouched for as a whole.',
      'Say it without a ring or a name.',
    );
  }
  if (row.subject === 'subscription' && [ring, resourceGroup, machine].some((part) => part !== undefined)) {
    return refused(
      'too-narrow',
      'This step is about subscriptions, so it is vouched for by subscription.',
      'Name a subscription, or none for all.',
    );
  }
  const checked = checkScope(scope, snapshot, rings);
  if (checked.kind !== 'ok') return checked;
  const found = machinesIn(scope, snapshot);
  if (row.subject === 'machine' && found.length === 0) {
    return refused('empty', 'There is no machine in that.', 'Widen it, or check the names.');
  }
  if (machine !== undefined && (found.length > 1 || machine.includes('*'))) {
    return refused(
      'several-machines',
      `“${machine}” fits ${found.length} machines.`,
      'Name one, with its resource group where two share a name.',
    );
  }
  const [only] = found;
  if (machine !== undefined && only) {
    // A name alone would come to be about whatever machine bears it later.
    const { name, facts } = only;
    return ok({
      ...(ring === undefined ? {} : { ring: only.ring }),
      subscription: facts.subscriptionId,
      resourceGroup: facts.resourceGroup,
      machine: name,
    });
  }
  return ok({
    ...(ring === undefined ? {} : { ring: rings.find((name) => name.toLowerCase() === ring.toLowerCase()) ?? ring }),
    ...(subscription === undefined ? {} : { subscription: subscriptionsIn(scope, snapshot)[0]?.id ?? subscription }),
    ...(resourceGroup === undefined ? {} : { resourceGroup: only?.facts.resourceGroup ?? resourceGroup }),
  });
}

/** Until when a word that is given now holds: the last minute of its last day, by the migration's wall clock. */
export function heldUntil({ holdsDays }: Attestable, now: Instant, zone: Zone): Instant {
  return wallToInstant(localDay(now, zone) + (holdsDays + 1) * DAY, zone) - MINUTE;
}

/** Does an attestation hold? */
export function holds({ until }: Pick<Attestation, 'until'>, now: Instant): boolean {
  return now < until;
}
