import { HOUR } from '../../core/instant.ts';
import type { Plan } from '../../core/plan.ts';
import type { SignOffEvent } from '../../core/sign-off.ts';
import { decide, isSigned, openSignOff } from '../../core/sign-off.ts';
import { mayDecide, missingFrom, ownedBy, policyOf, roleOf } from '../../core/signers.ts';
import { approver, live, migration, NOW, person, planOf } from '../support/facts.ts';
import { approve, signOffAfter } from './sign-off-play.ts';

const signedBy = (over: Partial<Plan['signers']>): Plan => ({ ...planOf(2), signers: { ...planOf(2).signers, ...over } });

describe('distinct roles', () => {
  const inRole = (digit: number, role: string) => ({ ...approver(digit), role });
  const approvers = [inRole(1, 'Endpoint'), inRole(2, ' endpoint '), inRole(3, 'Server')];
  const policy = { ...live, approvers };

  it('are asked for: two signatures of one role are not enough, whatever its spelling', () => {
    const plan = signedBy({ approvers, distinctRoles: 2 });
    const same = signOffAfter(plan, [approve(1), approve(2)], policy);
    expect(same.state).toBe('pending');
    expect(missingFrom(same, policy)).toEqual([{ kind: 'roles', have: ['endpoint'], need: 2 }]);
    expect(signOffAfter(plan, [approve(1), approve(2), approve(3)], policy).state).toBe('approved');
  });

  it('are asked for when the live file asks for more than the plan did', () => {
    const signOff = signOffAfter(signedBy({ approvers }), [approve(1), approve(2)], policy);
    expect(isSigned(signOff, policy)).toBe(true);
    expect(isSigned(signOff, { ...policy, distinctRoles: 2 })).toBe(false);
  });
});

describe('an alternate', () => {
  const plan = signedBy({ alternates: [approver(4)], alternatesAt: NOW + 4 * HOUR });
  const policy = { ...live, alternates: [approver(4)] };
  const signOff = openSignOff(plan, 'h');
  const later = NOW + 4 * HOUR;

  it('may not sign before the approvers have had their time', () => {
    expect(mayDecide(signOff, person(4), policy, later - 1)).toMatchObject({ code: 'too-early' });
    expect(decide(signOff, approve(4, later - 1), policy)).toMatchObject({ kind: 'refused', code: 'too-early' });
    expect(signOffAfter(plan, [approve(1), approve(4, later)], policy).state).toBe('approved');
  });

  it('may sign only while they are listed', () => {
    expect(mayDecide(signOff, person(4), live, later)).toMatchObject({ code: 'not-approver' });
    const signed = signOffAfter(plan, [approve(1), approve(4, later)], policy);
    expect(isSigned(signed, live)).toBe(false);
  });

  it('who is listed now but was not named in the plan may not sign', () => {
    expect(mayDecide(openSignOff(planOf(2), 'h'), person(4), policy, later)).toMatchObject({ code: 'not-approver' });
  });

  it('who signed earlier as an owner counts as an owner only, also when their turn has come', () => {
    const owners = [{ value: 'erp', people: [person(4)] }];
    const owning = signedBy({ alternates: [approver(4)], alternatesAt: later, owners });
    const both = { ...policy, owners };
    const early = signOffAfter(owning, [approve(4), approve(1)], both);
    expect(missingFrom(early, both)).toEqual([{ kind: 'signatures', count: 1 }]);
    expect(signOffAfter(owning, [approve(1), approve(4, later)], both).state).toBe('approved');
  });
});

describe('an owner', () => {
  const owners = [
    { value: 'erp', people: [person(5), person(6)] },
    { value: 'web', people: [person(7)] },
  ];
  const plan = signedBy({ owners });
  const policy = { ...live, owners };

  it('signs for their own machines and for nobody else’s', () => {
    const signed = signOffAfter(plan, [approve(1), approve(2), approve(5)], policy);
    expect(signed.state).toBe('pending');
    expect(missingFrom(signed, policy)).toEqual([{ kind: 'owner', value: 'web' }]);
    expect(signOffAfter(plan, [approve(1), approve(2), approve(5), approve(7)], policy).state).toBe('approved');
    expect(ownedBy(openSignOff(plan, 'h'), person(5), policy)).toEqual(['erp']);
  });

  it('does not count for the quorum', () => {
    const signed = signOffAfter(plan, [approve(5), approve(6), approve(7), approve(1)], policy);
    expect(missingFrom(signed, policy)).toEqual([{ kind: 'signatures', count: 1 }]);
  });

  it('who is an approver too counts for both', () => {
    const own = [{ value: 'erp', people: [person(1)] }];
    expect(signOffAfter(signedBy({ owners: own }), [approve(1), approve(2)], { ...live, owners: own }).state).toBe('approved');
  });

  it('cannot reject the plan for everybody', () => {
    const reject: SignOffEvent = { type: 'reject', by: person(5), at: NOW, reason: 'not now' };
    expect(decide(openSignOff(plan, 'h'), reject, policy)).toMatchObject({ kind: 'refused', code: 'owner' });
  });

  it('counts only while the live file names them, and tags ignore case', () => {
    const signed = signOffAfter(plan, [approve(1), approve(2), approve(5), approve(7)], policy);
    const upper = owners.map(({ value, people }) => ({ value: value.toUpperCase(), people }));
    expect(isSigned(signed, { ...policy, owners: upper })).toBe(true);
    expect(isSigned(signed, { ...policy, owners: owners.slice(0, 1) })).toBe(false);
    expect(roleOf(signed, person(7), { ...policy, owners: owners.slice(0, 1) }, NOW)).toBeNull();
  });

  it('may take their word back', () => {
    const back = signOffAfter(
      plan,
      [approve(1), approve(2), approve(5), approve(7), { type: 'take-back', by: person(5), at: NOW }],
      policy,
    );
    expect(back).toMatchObject({ state: 'pending', revision: 2 });
  });
});

describe('the live policy', () => {
  it('asks of a plan what the file asks of its class', () => {
    const file = { ...migration, owners: { tag: 'owner', people: { erp: [person(5)] } } };
    expect(policyOf(file, { class: 'irreversible', decides: null })).toMatchObject({
      quorum: 2,
      distinctRoles: 2,
      owners: [{ value: 'erp' }],
    });
  });

  it('asks one approver for a new migration file, however many the new one would ask for', () => {
    const decides = { kind: 'accept-file' as const, fileHash: 'a'.repeat(64), changes: [] };
    expect(policyOf(migration, { class: 'reversible', decides })).toMatchObject({ quorum: 1, distinctRoles: 1 });
  });
});
