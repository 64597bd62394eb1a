import type { SignOffApprover, SignOffPersonal, SignOffView } from '../../../cards/sign-off/data.ts';
import type { Approver, Person, PersonKey } from '../../../core/person.ts';
import { samePerson } from '../../../core/person.ts';
import type { Plan } from '../../../core/plan.ts';
import type { PlanRecord } from '../../../core/ports.ts';
import { lastStart } from '../../../core/sign-off.ts';
import type { LivePolicy } from '../../../core/signers.ts';
import { missingFrom } from '../../../core/signers.ts';
import { ORGANISATION } from '../../../core/snapshot.ts';
import { callsOfEachKind } from './sign-off-calls.ts';

const TIDY_WORDS = 'Afterwards the run commands themselves are deleted from the machines; what they did stays.';

/** The card of a plan, by who may sign now. `members` is the channel's roster, null when it could not be read. */
export function signOffView(
  record: PlanRecord,
  live: LivePolicy,
  members: readonly Person[] | null,
  personal: SignOffPersonal | null,
): SignOffView {
  const { plan, signOff, hash } = record;
  const undecided = signOff.state === 'pending' || (signOff.state === 'approved' && !signOff.begun);
  const signer = signerOf(record, undecided ? live : null, members);
  const alternates = signOff.alternates.filter((person) => !among(signOff.approvers, person));
  return {
    id: plan.id,
    hash,
    revision: signOff.revision,
    state: signOff.state,
    title: plan.title,
    requestedBy: plan.requestedBy.name,
    requestedAt: plan.requestedAt,
    class: plan.class,
    ticket: plan.ticket,
    follows: plan.follows && { plan: plan.follows.plan, how: plan.follows.how },
    effect: `${plan.effect}${unprotectedWords(plan)}`,
    blastRadius: plan.blastRadius,
    undoWords: plan.undoWords,
    makeSafeWords: plan.makeSafeWords,
    finalWords: plan.tidies ? `${plan.finalWords} ${TIDY_WORDS}` : plan.finalWords,
    window: plan.window,
    estimateMinutes: plan.estimateMinutes,
    soakMinutes: plan.limits.soakMinutes,
    standing: plan.standing,
    decides: plan.decides,
    ...targets(record),
    waves: plan.waves.map(({ name, targetIds }) => ({ name, count: targetIds.length })),
    calls: callsOfEachKind(plan, hash),
    scripts: plan.scripts.map(({ id, sha256 }) => ({ id, sha256 })),
    approvers: signOff.approvers.map(signer),
    alternates: alternates.map(signer),
    alternatesAt: signOff.alternatesAt,
    owners: signOff.owners.map(({ value, people }) => ({
      value,
      people: people.map((person) => ({ name: person.name, votedAt: votedAt(record, person) })),
    })),
    quorum: undecided ? Math.max(signOff.quorum, live.quorum) : signOff.quorum,
    distinctRoles: undecided ? Math.max(signOff.distinctRoles, live.distinctRoles) : signOff.distinctRoles,
    missing: signOff.state === 'pending' ? missingFrom(signOff, live) : [],
    expiresAt: signOff.expiresAt,
    useBy: signOff.useBy ?? (signOff.state === 'approved' ? lastStart(signOff) : null),
    startsAt: signOff.startsAt,
    graceSeconds: signOff.graceSeconds,
    ended: signOff.ended && {
      by: signOff.ended.by && nameOf(record, members, signOff.ended.by),
      at: signOff.ended.at,
      reason: signOff.ended.reason,
    },
    supersededBy: signOff.ended?.replacedBy ?? null,
    personal,
  };
}

function unprotectedWords({ unprotected }: Plan): string {
  if (!unprotected) return '';
  const { expectedMinutes, limitMinutes } = unprotected;
  return ` Expected for each: up to ${expectedMinutes} min; after ${limitMinutes} min the run stops and makes it safe.`;
}

function targets({ plan, signOff }: PlanRecord): Pick<SignOffView, 'targets' | 'leftOut' | 'holds'> {
  const names = new Map(plan.targets.map(({ id, name }) => [id, name]));
  return {
    targets: plan.targets.map(({ name, ring, id, found, fingerprint, owner, apartFrom }) => ({
      name,
      ring,
      where: whereOf(id),
      found,
      os: fingerprint['osType'] ?? null,
      owner,
      apartFrom,
    })),
    leftOut: plan.leftOut.map(({ name, because }) => ({ name, because })),
    holds: signOff.holds.map(({ targetId, by, at, reason }) => ({ name: names.get(targetId) ?? targetId, by: by.name, at, reason })),
  };
}

/** Once a plan is decided and begun, whoever signed it did sign it, whatever the migration file says later: `live` is null. */
function signerOf(record: PlanRecord, live: LivePolicy | null, members: readonly Person[] | null): (approver: Approver) => SignOffApprover {
  return (approver) => {
    const listed = live === null || among([...live.approvers, ...live.alternates], approver);
    const { name, role } = approver;
    return { name, role, votedAt: votedAt(record, approver), listed, notice: noticeOf(approver, record, listed, members) };
  };
}

function noticeOf(approver: PersonKey, { plan }: PlanRecord, listed: boolean, members: readonly Person[] | null): string | null {
  if (samePerson(approver, plan.requestedBy)) return 'asked for it, cannot sign';
  if (!listed) return 'no longer in the migration file';
  if (members && !among(members, approver)) return 'not in this channel';
  return null;
}

function votedAt({ signOff }: PlanRecord, person: PersonKey): number | null {
  return signOff.votes.find((vote) => samePerson(vote.person, person))?.at ?? null;
}

function nameOf({ plan, signOff }: PlanRecord, members: readonly Person[] | null, key: PersonKey): string {
  const owners = signOff.owners.flatMap(({ people }) => people);
  const holders = signOff.holds.map(({ by }) => by);
  const known = [...signOff.approvers, ...signOff.alternates, ...owners, plan.requestedBy, ...holders, ...(members ?? [])];
  return known.find((person) => samePerson(person, key))?.name ?? 'somebody';
}

function among(people: readonly PersonKey[], person: PersonKey): boolean {
  return people.some((one) => samePerson(one, person));
}

/** The resource group, or the subscription itself, or the tenant of the organisation. */
export function whereOf(id: string): string {
  if (id === ORGANISATION) return 'tenant';
  const group = /\/resourcegroups\/([^/]+)\//i.exec(id)?.[1];
  return group ?? 'subscription';
}
