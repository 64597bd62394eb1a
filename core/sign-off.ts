import type { Instant } from './instant.ts';
import type { Outcome, Refused } from './outcome.ts';
import { ok, refused } from './outcome.ts';
import type { Approver, PersonKey } from './person.ts';
import { samePerson } from './person.ts';
import type { OwnerGroup, Plan } from './plan.ts';
import type { LivePolicy } from './signers.ts';
import { mayDecide, missingFrom, roleOf, standingVotes } from './signers.ts';

export type SignOffState = 'pending' | 'approved' | 'rejected' | 'expired' | 'superseded' | 'withdrawn';

/** One approval. */
export interface Vote {
  readonly person: PersonKey;
  readonly at: Instant;
}

/** A target that stays out of a signed plan, by an approver's or its owner's word. */
export interface Hold {
  readonly targetId: string;
  readonly by: PersonKey & { readonly name: string };
  readonly at: Instant;
  readonly reason: string;
}

/** The decision of named approvers on one plan hash. */
export interface SignOff {
  readonly planHash: string;
  readonly requestedBy: PersonKey;
  readonly quorum: number;
  readonly distinctRoles: number;
  readonly typeCount: boolean;
  readonly targets: number;
  readonly approvers: readonly Approver[];
  readonly alternates: readonly Approver[];
  readonly alternatesAt: Instant;
  readonly owners: readonly OwnerGroup[];
  readonly expiresAt: Instant;
  /** When its window opens; null when it may begin at once. */
  readonly opensAt: Instant | null;
  /** From then on it may not begin any more; null for a little after it was signed. */
  readonly useBy: Instant | null;
  readonly graceSeconds: number;
  /** For a standing sign-off: until then it may be repeated, also once it has begun. Null for a plan that runs once. */
  readonly standingUntil: Instant | null;
  readonly state: SignOffState;
  /** Rises whenever views that people hold must no longer count. */
  readonly revision: number;
  readonly votes: readonly Vote[];
  readonly holds: readonly Hold[];
  /** When the run may begin: the last needed vote plus the grace, in its window. Set only while approved. */
  readonly startsAt: Instant | null;
  /** True from the moment the run has begun: nothing can be taken back any more. */
  readonly begun: boolean;
  /** `replacedBy`: the short name of the newer plan, where there is one. */
  readonly ended: { readonly by: PersonKey | null; readonly at: Instant; readonly reason: string; readonly replacedBy?: string } | null;
}

export type SignOffEvent =
  /** `typed`: the number of targets as typed, where the policy asks for it. */
  | { readonly type: 'approve'; readonly by: PersonKey; readonly at: Instant; readonly typed?: number | null }
  | { readonly type: 'reject'; readonly by: PersonKey; readonly at: Instant; readonly reason: string }
  | { readonly type: 'take-back'; readonly by: PersonKey; readonly at: Instant }
  | { readonly type: 'withdraw'; readonly by: PersonKey; readonly at: Instant }
  | { readonly type: 'stop'; readonly by: PersonKey; readonly at: Instant }
  /** Whoever applies it has checked that this person may hold this target. */
  | { readonly type: 'hold'; readonly hold: Hold }
  | { readonly type: 'expire'; readonly at: Instant }
  | { readonly type: 'supersede'; readonly at: Instant; readonly reason: string; readonly replacedBy?: string }
  | { readonly type: 'begin'; readonly at: Instant };

/** A fresh sign-off for a frozen plan. */
export function openSignOff(plan: Plan, hash: string): SignOff {
  const { quorum, distinctRoles, typeCount, approvers, alternates, alternatesAt, owners } = plan.signers;
  return {
    planHash: hash,
    requestedBy: { objectId: plan.requestedBy.objectId, tenantId: plan.requestedBy.tenantId },
    quorum,
    distinctRoles,
    typeCount,
    targets: plan.targets.length,
    approvers,
    alternates,
    alternatesAt,
    owners,
    expiresAt: plan.expiresAt,
    opensAt: plan.window?.from ?? null,
    useBy: plan.window?.until ?? null,
    graceSeconds: plan.graceSeconds,
    standingUntil: plan.standing?.until ?? null,
    state: 'pending',
    revision: 1,
    votes: [],
    holds: [],
    startsAt: null,
    begun: false,
    ended: null,
  };
}

/** True when the live policy agrees that this plan may run now. */
export function isSigned(signOff: SignOff, live: LivePolicy): boolean {
  return signOff.state === 'approved' && missingFrom(signOff, live).length === 0;
}

/** The targets that are not held; what a signer types where the number is asked for. */
export function remainingTargets(signOff: SignOff): number {
  return signOff.targets - signOff.holds.length;
}

/**
 * The state machine. A repeat of what already holds returns the same object (nothing to record); anything not allowed is refused.
 */
export function decide(signOff: SignOff, event: SignOffEvent, live: LivePolicy): Outcome<SignOff> {
  return rules[event.type](signOff, event as never, live);
}

type Rules = { [T in SignOffEvent['type']]: (s: SignOff, e: Extract<SignOffEvent, { type: T }>, live: LivePolicy) => Outcome<SignOff> };

const rules: Rules = {
  approve(signOff, { by, at, typed }, live) {
    const no = mayDecide(signOff, by, live, at);
    if (no) return no;
    if (hasVoted(signOff, by) && isOpen(signOff)) return ok(signOff);
    const closed = notOpen(signOff, at);
    if (closed) return closed;
    if (signOff.typeCount && typed !== remainingTargets(signOff)) {
      const number = remainingTargets(signOff);
      return refused('count-needed', 'The number of targets was not typed as it is.', `Type ${number} and press Approve again.`);
    }
    const next = { ...signOff, votes: [...signOff.votes, { person: { objectId: by.objectId, tenantId: by.tenantId }, at }] };
    if (missingFrom(next, live).length > 0) return ok(next);
    return ok({ ...next, state: 'approved', startsAt: Math.max(at + signOff.graceSeconds * 1_000, signOff.opensAt ?? 0) });
  },
  reject(signOff, { by, at, reason }, live) {
    const no = mayDecide(signOff, by, live, at);
    if (no) return no;
    if (roleOf(signOff, by, live, at) === 'owner')
      return refused('owner', 'Owners cannot reject a plan for everybody.', 'Hold your machines out of it instead.');
    if (signOff.state === 'rejected' && signOff.ended?.by && samePerson(signOff.ended.by, by)) return ok(signOff);
    if (signOff.begun) return begunAlready();
    if (signOff.state !== 'approved') {
      const closed = notOpen(signOff, at);
      if (closed) return closed;
    }
    if (reason.trim() === '')
      return refused('reason-needed', 'A rejection needs a reason.', 'Write it in the comment and press Reject again.');
    return ok(end(signOff, 'rejected', by, at, reason.trim()));
  },
  'take-back'(signOff, { by, at }, live) {
    const no = mayDecide(signOff, by, live, at);
    if (no) return no;
    if (signOff.begun) return begunAlready();
    if (!isOpen(signOff)) return closedBecause(signOff);
    if (signOff.state === 'pending' && at >= signOff.expiresAt) {
      return refused('expired', 'This request has expired.', 'Ask for a new plan.');
    }
    if (!hasVoted(signOff, by))
      return refused('no-vote', 'You have not approved this plan, so there is nothing to take back.', 'Nothing changed.');
    const votes = signOff.votes.filter(({ person }) => !samePerson(person, by));
    return ok({ ...signOff, votes, state: 'pending', startsAt: null, revision: signOff.revision + 1 });
  },
  withdraw(signOff, { by, at }) {
    if (!samePerson(by, signOff.requestedBy)) {
      return refused('not-requester', 'Only the person who asked can withdraw the request.', 'An approver can reject it.');
    }
    if (signOff.state === 'withdrawn') return ok(signOff);
    if (isUsedUp(signOff)) return begunAlready();
    if (!isOpen(signOff)) return closedBecause(signOff);
    return ok(end(signOff, 'withdrawn', by, at, 'withdrawn by the requester'));
  },
  stop(signOff, { by, at }) {
    if (isUsedUp(signOff)) return begunAlready();
    if (signOff.state === 'withdrawn') return ok(signOff);
    if (!isOpen(signOff)) return closedBecause(signOff);
    return ok(end(signOff, 'withdrawn', by, at, signOff.begun ? 'stopped' : 'stopped before it began'));
  },
  hold(signOff, { hold }) {
    if (signOff.holds.some(({ targetId }) => targetId === hold.targetId)) return ok(signOff);
    if (signOff.begun) return refused('begun', 'The run has already begun.', 'A machine it has not come to yet can still be held.');
    if (!isOpen(signOff)) return closedBecause(signOff);
    const next = { ...signOff, holds: [...signOff.holds, hold] };
    return ok(remainingTargets(next) > 0 ? next : end(next, 'withdrawn', hold.by, hold.at, 'every target was held out of it'));
  },
  expire(signOff, { at }, live) {
    if (!isOpen(signOff) || isUsedUp(signOff) || at < lastStart(signOff)) return ok(signOff);
    if (signOff.begun) return ok(end(signOff, 'expired', null, lastStart(signOff), 'its time is over'));
    return ok(end(signOff, 'expired', null, lastStart(signOff), whyExpired(signOff, live)));
  },
  supersede(signOff, { at, reason, replacedBy }) {
    if (isUsedUp(signOff) || !isOpen(signOff)) return ok(signOff);
    const next = end(signOff, 'superseded', null, at, reason);
    return ok(replacedBy === undefined || next.ended === null ? next : { ...next, ended: { ...next.ended, replacedBy } });
  },
  begin(signOff, { at }, live) {
    if (signOff.begun) return ok(signOff);
    if (!isSigned(signOff, live))
      return refused('not-signed', 'The plan is not signed by enough currently listed approvers.', 'Nothing ran.');
    if (at >= lastStart(signOff)) return refused('expired', 'This request has expired.', 'Nothing ran.');
    if (signOff.startsAt === null || at < signOff.startsAt) return refused('grace', 'The grace has not passed yet.', 'Nothing ran.');
    return ok({ ...signOff, begun: true });
  },
};

/** A plan signed at the last moment still has its grace, and a little time to begin. */
const START_WITHIN = 15 * 60_000;

/** From here on nothing may begin any more: the end of its window, or a little after the request would have expired. */
export function lastStart(signOff: SignOff): Instant {
  if (signOff.begun && signOff.standingUntil !== null) return signOff.standingUntil;
  if (signOff.state === 'approved' && signOff.useBy !== null) return signOff.useBy;
  return Math.max(signOff.expiresAt, signOff.startsAt === null ? 0 : signOff.startsAt + START_WITHIN);
}

function isOpen(signOff: SignOff): boolean {
  return signOff.state === 'pending' || signOff.state === 'approved';
}

/** Has it begun, and does not begin again? */
function isUsedUp(signOff: SignOff): boolean {
  return signOff.begun && signOff.standingUntil === null;
}

function whyExpired(signOff: SignOff, live: LivePolicy): string {
  if (signOff.state === 'approved') return 'it was signed, but could not begin in time';
  const signed = standingVotes(signOff, live).length;
  return signed < signOff.quorum ? `only ${signed} of ${signOff.quorum} signed in time` : 'not everybody who has to sign did so in time';
}

function hasVoted(signOff: SignOff, person: PersonKey): boolean {
  return signOff.votes.some((vote) => samePerson(vote.person, person));
}

function end(signOff: SignOff, state: SignOffState, by: PersonKey | null, at: Instant, reason: string): SignOff {
  const who = by === null ? null : { objectId: by.objectId, tenantId: by.tenantId };
  return { ...signOff, state, startsAt: null, revision: signOff.revision + 1, ended: { by: who, at, reason } };
}

function notOpen(signOff: SignOff, now: Instant): Refused | null {
  if (signOff.state !== 'pending') return closedBecause(signOff);
  return now >= signOff.expiresAt ? refused('expired', 'This request has expired.', 'Ask for a new plan.') : null;
}

function begunAlready(): Refused {
  return refused('begun', 'The run has already begun.', 'Press Stop on the run card to stop it.');
}

const CLOSED: Readonly<Record<Exclude<SignOffState, 'pending'>, string>> = {
  approved: 'This plan already has the signatures it needs.',
  rejected: 'This plan was rejected; a rejection ends it.',
  expired: 'This request has expired.',
  superseded: 'This plan was replaced by a newer one.',
  withdrawn: 'This request was withdrawn.',
};

function closedBecause(signOff: SignOff): Refused {
  const state = signOff.state as Exclude<SignOffState, 'pending'>;
  return refused(`already-${state}`, CLOSED[state], state === 'approved' ? 'Nothing more is needed.' : 'Ask for a new plan.');
}
