import type { Instant } from '../../../core/instant.ts';
import type { NamedPerson, PersonKey } from '../../../core/person.ts';
import { samePerson } from '../../../core/person.ts';
import type { PlanRecord } from '../../../core/ports.ts';
import type { LivePolicy } from '../../../core/signers.ts';
import { mayDecide, missingFrom, ownedBy, roleOf } from '../../../core/signers.ts';

/** Does this plan wait for this person's signature now? An owner is waited for only until one of the same machines' owners has signed. */
export function waitsFor({ signOff }: PlanRecord, person: PersonKey, live: LivePolicy, now: Instant): boolean {
  if (signOff.state !== 'pending' || mayDecide(signOff, person, live, now) !== null) return false;
  if (signOff.votes.some((vote) => samePerson(vote.person, person))) return false;
  if (roleOf(signOff, person, live, now) !== 'owner') return true;
  const missing = missingFrom(signOff, live).flatMap((item) => (item.kind === 'owner' ? [item.value] : []));
  return ownedBy(signOff, person, live).some((value) => missing.includes(value));
}

/** Everybody the plan names as one who may sign some day: approvers, alternates, owners; each once. */
export function namedIn({ signOff }: Pick<PlanRecord, 'signOff'>): readonly NamedPerson[] {
  const all: readonly NamedPerson[] = [...signOff.approvers, ...signOff.alternates, ...signOff.owners.flatMap(({ people }) => people)];
  return all.filter((person, place) => all.findIndex((other) => samePerson(other, person)) === place);
}
