import type { Instant } from './instant.ts';
import type { Outcome, Refused } from './outcome.ts';
import { ok, refused } from './outcome.ts';
import type { Approver, PersonKey } from './person.ts';
import { samePerson } from './person.ts';
import type { Plan } from './plan.ts';

export type SignOffState = 'pending' | 'approved' | 'rejected' | 'expired' | 'superseded' | 'withdrawn';

/** One approval. */
export interface Vote {
  readonly person: PersonKey;
  readonly at: Instant;
}

/** The decision of named approvers on one plan hash. */
export interface SignOff {
  readonly planHash: string;
  readonly requestedBy: PersonKey;
  readonly quorum: number;
  readonly approvers: readonly Approver[];
  readonly expiresAt: Instant;
  readonly graceSeconds: number;
  readonly state: SignOffState;
  /** Rises whenever views that people hold must no longer count. */
  readonly revision: number;
  readonly votes: readonly Vote[];
  /** When the run may begin: the last needed vote plus the grace. Set only while approved. */
  readonly startsAt: Instant | null;
  /** True from the moment the run has begun: nothing can be taken back any more. */
  readonly begun: boolean;
  readonly ended: { readonly by: PersonKey | null; readonly at: Instant; readonly reason: string } | null;
}

export type SignOffEvent =
  | { readonly type: 'approve'; readonly by: PersonKey; readonly at: Instant }
  | { readonly type: 'reject'; readonly by: PersonKey; readonly at: Instant; readonly reason: string }
  | { readonly type: 'take-back'; readonly by: PersonKey; readonly at: Instant }
  | { readonly type: 'withdraw'; readonly by: PersonKey; readonly at: Instant }
  | { readonly type: 'stop'; readonly by: PersonKey; readonly at: Instant }
  | { readonly type: 'expire'; readonly at: Instant }
  | { readonly type: 'supersede'; readonly at: Instant; readonly reason: string }
  | { readonly type: 'begin'; readonly at: Instant };

/** Who may sign now, by the live migration file; a plan never gains signers, it can only lose them. */
export interface LivePolicy {
  readonly approvers: readonly PersonKey[];
  readonly quorum: number;
}

/** A fresh sign-off for a frozen plan. */
export function openSignOff(plan: Plan, hash: string): SignOff {
  return {
    planHash: hash,
    requestedBy: { objectId: plan.requestedBy.objectId, tenantId: plan.requestedBy.tenantId },
    quorum: plan.signers.quorum,
    approvers: plan.signers.approvers,
    expiresAt: plan.expiresAt,
    graceSeconds: plan.graceSeconds,
    state: 'pending',
    revision: 1,
    votes: [],
    startsAt: null,
    begun: false,
    ended: null,
  };
}

/** May this person decide at all? The same answer serves the card (show buttons?) and the decision. */
export function mayDecide(signOff: SignOff, person: PersonKey, live: LivePolicy): Refused | null {
  if (samePerson(person, signOff.requestedBy)) {
    return refused('requester', 'You asked for this plan, so you cannot sign it.', 'Another named approver has to.');
  }
  const named = signOff.approvers.some((approver) => samePerson(approver, person));
  if (!named || !live.approvers.some((approver) => samePerson(approver, person))) {
    return refused('not-approver', 'You are not one of the approvers named for this plan.', 'The card says who is.');
  }
  return null;
}

/** Approvers who have voted, still count, and are still listed. */
export function standingVotes(signOff: SignOff, live: LivePolicy): readonly Vote[] {
  return signOff.votes.filter(({ person }) => live.approvers.some((approver) => samePerson(approver, person)));
}

/** True when the live policy agrees that this plan may run now. */
export function isSigned(signOff: SignOff, live: LivePolicy): boolean {
  return signOff.state === 'approved' && standingVotes(signOff, live).length >= Math.max(signOff.quorum, live.quorum, 1);
}

/**
 * The state machine. A repeat of what already holds returns the same object (nothing to record); anything not allowed is refused.
 */
export function decide(signOff: SignOff, event: SignOffEvent, live: LivePolicy): Outcome<SignOff> {
  return rules[event.type](signOff, event as never, live);
}

type Rules = { [T in SignOffEvent['type']]: (s: SignOff, e: Extract<SignOffEvent, { type: T }>, live: LivePolicy) => Outcome<SignOff> };

const rules: Rules = {
  approve(signOff, { by, at }, live) {
    const no = mayDecide(signOff, by, live);
    if (no) return no;
    if (hasVoted(signOff, by) && (signOff.state === 'pending' || signOff.state === 'approved')) return ok(signOff);
    const closed = notOpen(signOff, at);
    if (closed) return closed;
    const votes = [...signOff.votes, { person: { objectId: by.objectId, tenantId: by.tenantId }, at }];
    const next = { ...signOff, votes };
    if (standingVotes(next, live).length < Math.max(signOff.quorum, live.quorum, 1)) return ok(next);
    return ok({ ...next, state: 'approved', startsAt: at + signOff.graceSeconds * 1_000 });
  },
  reject(signOff, { by, at, reason }, live) {
    const no = mayDecide(signOff, by, live);
    if (no) return no;
    if (signOff.state === 'rejected' && signOff.ended?.by && samePerson(signOff.ended.by, by)) return ok(signOff);
    if (signOff.begun) return refused('begun', 'The run has already begun.', 'Press Stop on the run card to stop it.');
    if (signOff.state !== 'approved') {
      const closed = notOpen(signOff, at);
      if (closed) return closed;
    }
    if (reason.trim() === '')
      return refused('reason-needed', 'A rejection needs a reason.', 'Write it in the comment and press Reject again.');
    return ok(end(signOff, 'rejected', by, at, reason.trim()));
  },
  'take-back'(signOff, { by, at }, live) {
    const no = mayDecide(signOff, by, live);
    if (no) return no;
    if (signOff.begun) return refused('begun', 'The run has already begun.', 'Press Stop on the run card to stop it.');
    if (signOff.state !== 'pending' && signOff.state !== 'approved') return closedBecause(signOff);
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
    if (signOff.begun) return refused('begun', 'The run has already begun.', 'Press Stop on the run card to stop it.');
    if (signOff.state !== 'pending' && signOff.state !== 'approved') return closedBecause(signOff);
    return ok(end(signOff, 'withdrawn', by, at, 'withdrawn by the requester'));
  },
  stop(signOff, { by, at }) {
    if (signOff.begun) return refused('begun', 'The run has already begun.', 'Press Stop on the run card to stop it.');
    if (signOff.state === 'withdrawn') return ok(signOff);
    if (signOff.state !== 'pending' && signOff.state !== 'approved') return closedBecause(signOff);
    return ok(end(signOff, 'withdrawn', by, at, 'stopped before it began'));
  },
  expire(signOff, { at }) {
    const open = signOff.state === 'pending' || (signOff.state === 'approved' && !signOff.begun);
    if (!open || at < lastStart(signOff)) return ok(signOff);
    const reason =
      signOff.state === 'approved'
        ? 'it was signed, but could not begin in time'
        : `only ${signOff.votes.length} of ${signOff.quorum} signed in time`;
    return ok(end(signOff, 'expired', null, lastStart(signOff), reason));
  },
  supersede(signOff, { at, reason }) {
    if (signOff.begun || (signOff.state !== 'pending' && signOff.state !== 'approved')) return ok(signOff);
    return ok(end(signOff, 'superseded', null, at, reason));
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

/** From here on nothing may begin any more. */
export function lastStart(signOff: SignOff): Instant {
  return Math.max(signOff.expiresAt, signOff.startsAt === null ? 0 : signOff.startsAt + START_WITHIN);
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
