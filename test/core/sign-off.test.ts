import fc from 'fast-check';
import { samePerson } from '../../core/person.ts';
import { planHash } from '../../core/plan.ts';
import type { SignOff, SignOffEvent } from '../../core/sign-off.ts';
import { decide, isSigned, openSignOff } from '../../core/sign-off.ts';
import { standingVotes } from '../../core/signers.ts';
import { approver, live, NOW, person, planOf } from '../support/facts.ts';

const plan = planOf(2);
const fresh = () => openSignOff(plan, planHash(plan));
const approve = (digit: number, at = NOW): SignOffEvent => ({ type: 'approve', by: person(digit), at });

/** Applies events, keeping the last good state; the codes of what was refused. */
function play(events: readonly SignOffEvent[], policy = live): { signOff: SignOff; refusals: string[] } {
  const refusals: string[] = [];
  let signOff = fresh();
  for (const event of events) {
    const outcome = decide(signOff, event, policy);
    if (outcome.kind === 'ok') signOff = outcome.value;
    else refusals.push(outcome.kind === 'refused' ? outcome.code : 'failed');
  }
  return { signOff, refusals };
}

describe('a sign-off', () => {
  it('is approved by two named approvers, and begins after the grace', () => {
    const { signOff } = play([approve(1, NOW), approve(2, NOW + 5_000)]);
    expect(signOff).toMatchObject({ state: 'approved', startsAt: NOW + 5_000 + 120_000 });
  });

  it('counts one person once', () => {
    const { signOff, refusals } = play([approve(1), approve(1)]);
    expect(signOff.votes).toHaveLength(1);
    expect(signOff.state).toBe('pending');
    expect(refusals).toEqual([]);
  });

  it('refuses the requester, even when they are a named approver', () => {
    const own = { ...plan, requestedBy: person(1) };
    const outcome = decide(openSignOff(own, 'h'), approve(1), live);
    expect(outcome).toMatchObject({ kind: 'refused', code: 'requester' });
  });

  it('refuses somebody who is not named', () => {
    expect(play([approve(7)]).refusals).toEqual(['not-approver']);
  });

  it('refuses somebody of the same object id in another tenant', () => {
    const by = { ...person(1), tenantId: person(2).objectId };
    expect(decide(fresh(), { type: 'approve', by, at: NOW }, live)).toMatchObject({ code: 'not-approver' });
  });

  it('does not count a vote of somebody who is no longer listed', () => {
    const { signOff } = play([approve(1), approve(2)]);
    expect(isSigned(signOff, live)).toBe(true);
    expect(isSigned(signOff, { ...live, approvers: [approver(1), approver(3)] })).toBe(false);
  });

  it('follows a quorum that was raised after the plan was made', () => {
    expect(play([approve(1), approve(2)], { ...live, quorum: 3 }).signOff.state).toBe('pending');
  });

  it('ends with the first rejection', () => {
    const { signOff, refusals } = play([approve(1), { type: 'reject', by: person(2), at: NOW, reason: 'wrong ring' }, approve(3)]);
    expect(signOff.state).toBe('rejected');
    expect(refusals).toEqual(['already-rejected']);
  });

  it('refuses a rejection without a reason', () => {
    expect(play([{ type: 'reject', by: person(1), at: NOW, reason: '  ' }]).refusals).toEqual(['reason-needed']);
  });

  it('lets a vote be taken back until the run begins, and then makes old views worthless', () => {
    const { signOff } = play([approve(1), approve(2), { type: 'take-back', by: person(2), at: NOW + 1 }]);
    expect(signOff).toMatchObject({ state: 'pending', startsAt: null, revision: 2 });
    const begun = play([
      approve(1),
      approve(2),
      { type: 'begin', at: NOW + 120_000 },
      { type: 'take-back', by: person(2), at: NOW + 120_001 },
    ]);
    expect(begun.refusals).toEqual(['begun']);
  });

  it('does not begin before the grace has passed', () => {
    expect(play([approve(1), approve(2), { type: 'begin', at: NOW + 119_999 }]).refusals).toEqual(['grace']);
  });

  it('expires, and takes no vote at the very moment it expires', () => {
    expect(play([approve(1, plan.expiresAt)]).refusals).toEqual(['expired']);
    expect(play([{ type: 'expire', at: plan.expiresAt }]).signOff.state).toBe('expired');
    expect(play([{ type: 'expire', at: plan.expiresAt - 1 }]).signOff.state).toBe('pending');
  });

  it('does not run a day later when it could not begin in time', () => {
    const late = play([approve(1), approve(2), { type: 'begin', at: plan.expiresAt }, { type: 'expire', at: plan.expiresAt }]);
    expect(late.refusals).toEqual(['expired']);
    expect(late.signOff.state).toBe('expired');
  });

  it('says who was missing when it expires', () => {
    expect(play([approve(1), { type: 'expire', at: plan.expiresAt }]).signOff.ended?.reason).toBe('only 1 of 2 signed in time');
    const owned = { ...plan, signers: { ...plan.signers, owners: [{ value: 'erp', people: [person(5)] }] } };
    const votes = [1, 2].map((digit) => ({ person: person(digit), at: NOW }));
    const expired = decide({ ...openSignOff(owned, 'h'), votes }, { type: 'expire', at: plan.expiresAt }, live);
    expect(expired).toMatchObject({ value: { ended: { reason: 'not everybody who has to sign did so in time' } } });
  });

  const events = fc.array(
    fc.record({
      kind: fc.constantFrom('approve', 'reject', 'take-back', 'withdraw', 'expire', 'begin', 'stop', 'supersede'),
      who: fc.integer({ min: 1, max: 9 }),
      wait: fc.integer({ min: 0, max: 200_000 }),
    }),
    { maxLength: 25 },
  );
  const toEvents = (steps: readonly { kind: string; who: number; wait: number }[]): SignOffEvent[] => {
    let at = NOW;
    return steps.map(({ kind, who, wait }) => {
      at += wait;
      return { type: kind, by: person(who), at, reason: 'because' } as unknown as SignOffEvent;
    });
  };

  it('is never approved or begun without a quorum of distinct listed approvers other than the requester, whatever is pressed', () => {
    fc.assert(
      fc.property(events, (steps) => {
        const { signOff } = play(toEvents(steps));
        if (signOff.state !== 'approved' && !signOff.begun) return;
        const voters = standingVotes(signOff, live).map(({ person: voter }) => voter.objectId);
        expect(new Set(voters).size).toBeGreaterThanOrEqual(2);
        expect(voters.some((id) => id === plan.requestedBy.objectId)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never leaves a terminal state', () => {
    fc.assert(
      fc.property(events, (steps) => {
        let signOff = fresh();
        for (const event of toEvents(steps)) {
          const outcome = decide(signOff, event, live);
          if (outcome.kind !== 'ok') continue;
          if (signOff.ended) expect(outcome.value).toBe(signOff);
          signOff = outcome.value;
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('gives the same verdict when every press arrives twice', () => {
    fc.assert(
      fc.property(events, (steps) => {
        const once = toEvents(steps);
        const twice = once.flatMap((event) => [event, event]);
        expect(play(twice).signOff).toEqual(play(once).signOff);
      }),
      { numRuns: 1_000 },
    );
  });

  it('knows a person by object id and tenant only', () => {
    expect(samePerson({ ...person(1), name: 'A' } as never, { ...person(1), name: 'B' } as never)).toBe(true);
  });
});
