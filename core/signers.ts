import type { Instant } from './instant.ts';
import type { Migration } from './migration.ts';
import type { Refused } from './outcome.ts';
import { refused } from './outcome.ts';
import type { Approver, PersonKey } from './person.ts';
import { samePerson } from './person.ts';
import type { OwnerGroup, Plan } from './plan.ts';
import type { SignOff, Vote } from './sign-off.ts';

/** Who may sign now, by the live migration file; a plan never gains signers, it can only lose them. */
export interface LivePolicy {
  readonly approvers: readonly Approver[];
  readonly alternates: readonly Approver[];
  readonly owners: readonly OwnerGroup[];
  readonly quorum: number;
  readonly distinctRoles: number;
}

/** The live policy for a plan. A new migration file is accepted by one approver of the old one: whom else could it ask? */
export function policyOf(migration: Migration, plan: Pick<Plan, 'class' | 'decides'>): LivePolicy {
  const { quorum, distinctRoles } = plan.decides?.kind === 'accept-file' ? ACCEPTANCE : migration.signOff[plan.class];
  const owners = Object.entries(migration.owners?.people ?? {}).map(([value, people]) => ({ value, people }));
  return { approvers: migration.approvers, alternates: migration.alternates.people, owners, quorum, distinctRoles };
}

/** What accepting a new migration file takes. */
export const ACCEPTANCE = { quorum: 1, distinctRoles: 1 } as const;

/** As what a person decides on a plan. An approver may decide on all of it, an owner only sign for their own machines. */
export type SignerRole = 'approver' | 'alternate' | 'owner';

/** As what this person may decide now; null when they may not. Named in the plan and still listed: both are needed. */
export function roleOf(signOff: SignOff, person: PersonKey, live: LivePolicy, at: Instant): SignerRole | null {
  const listed = [...live.approvers, ...live.alternates];
  if (among(signOff.approvers, person) && among(listed, person)) return 'approver';
  if (at >= signOff.alternatesAt && among(signOff.alternates, person) && among(listed, person)) return 'alternate';
  return ownedBy(signOff, person, live).length > 0 ? 'owner' : null;
}

/** May this person decide at all? The same answer serves the card (show buttons?) and the decision. */
export function mayDecide(signOff: SignOff, person: PersonKey, live: LivePolicy, at: Instant): Refused | null {
  if (samePerson(person, signOff.requestedBy)) {
    return refused('requester', 'You asked for this plan, so you cannot sign it.', 'Another named approver has to.');
  }
  if (roleOf(signOff, person, live, at) !== null) return null;
  if (among(signOff.alternates, person) && among(live.alternates, person) && at < signOff.alternatesAt) {
    return refused('too-early', 'You are an alternate, and the approvers still have time to sign.', 'You are asked when it is your turn.');
  }
  return refused('not-approver', 'You are not one of the approvers named for this plan.', 'The card says who is.');
}

/** What is still missing before a plan counts as signed. */
export type Missing =
  | { readonly kind: 'signatures'; readonly count: number }
  | { readonly kind: 'roles'; readonly have: readonly string[]; readonly need: number }
  | { readonly kind: 'owner'; readonly value: string };

/** What is missing by the plan's own rules and by the live policy, whichever asks for more; empty when nothing is. */
export function missingFrom(signOff: SignOff, live: LivePolicy): readonly Missing[] {
  const votes = standingVotes(signOff, live);
  const roles = [...new Set(votes.map(({ person }) => listedAs(signOff, person)?.role.trim().toLowerCase() ?? ''))];
  const quorum = Math.max(signOff.quorum, live.quorum, 1);
  const distinct = Math.max(signOff.distinctRoles, live.distinctRoles, 1);
  return [
    ...(votes.length < quorum ? [{ kind: 'signatures' as const, count: quorum - votes.length }] : []),
    ...(votes.length > 0 && roles.length < distinct ? [{ kind: 'roles' as const, have: roles, need: distinct }] : []),
    ...signOff.owners
      .filter(({ value }) => !signOff.votes.some(({ person }) => ownedBy(signOff, person, live).includes(value)))
      .map(({ value }) => ({ kind: 'owner' as const, value })),
  ];
}

/**
 * The approvals of approvers and alternates that still count: those who gave them are still listed, and an alternate's turn had come. An
 * owner's is not among them, not even that of an owner who becomes an alternate later.
 */
export function standingVotes(signOff: SignOff, live: LivePolicy): readonly Vote[] {
  return signOff.votes.filter(({ person, at }) => {
    if (!among([...live.approvers, ...live.alternates], person)) return false;
    return among(signOff.approvers, person) || (at >= signOff.alternatesAt && among(signOff.alternates, person));
  });
}

/** The owner tags of a plan that a person answers for, by the plan and by the live file. */
export function ownedBy(signOff: Pick<SignOff, 'owners'>, person: PersonKey, live: LivePolicy): readonly string[] {
  return signOff.owners.filter(({ value, people }) => among(people, person) && ownsValue(live, value, person)).map(({ value }) => value);
}

/** Does the live file name this person for an owner tag? */
export function ownsValue(live: LivePolicy, value: string, person: PersonKey): boolean {
  return live.owners.some((group) => group.value.toLowerCase() === value.toLowerCase() && among(group.people, person));
}

function listedAs(signOff: SignOff, person: PersonKey): Approver | undefined {
  return [...signOff.approvers, ...signOff.alternates].find((named) => samePerson(named, person));
}

function among(people: readonly PersonKey[], person: PersonKey): boolean {
  return people.some((one) => samePerson(one, person));
}
