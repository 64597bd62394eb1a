import type { Plan } from '../../core/plan.ts';
import type { SignOffEvent } from '../../core/sign-off.ts';
import { decide, openSignOff } from '../../core/sign-off.ts';
import { live, NOW, person, planOf } from '../support/facts.ts';
import { refusalOf, signOffAfter } from './sign-off-play.ts';

describe('a sign-off that asks for the number of targets', () => {
  const counted: Plan = { ...planOf(3), signers: { ...planOf(3).signers, typeCount: true } };
  const typing = (digit: number, typed?: number | null): SignOffEvent => ({
    type: 'approve',
    by: person(digit),
    at: NOW,
    ...(typed === undefined ? {} : { typed }),
  });
  const hold: SignOffEvent = { type: 'hold', hold: { targetId: '/t/1', by: person(3), at: NOW, reason: '' } };

  it.each([[undefined], [null], [2], [4], [Number.NaN]])(
    'refuses an approval with %s typed for three targets, and counts nothing',
    (typed) => {
      expect(refusalOf(openSignOff(counted, 'h'), typing(1, typed))).toBe('count-needed');
    },
  );

  it('counts an approval with the number typed as it is', () => {
    expect(signOffAfter(counted, [typing(1, 3), typing(2, 3)]).state).toBe('approved');
  });

  it('asks for the number that is left when some are held', () => {
    const held = signOffAfter(counted, [typing(1, 3), hold]);
    expect(refusalOf(held, typing(2, 3))).toBe('count-needed');
    expect(decide(held, typing(2, 2), live)).toMatchObject({ value: { state: 'approved' } });
  });

  it('asks for nothing where the policy does not', () => {
    expect(signOffAfter(planOf(3), [typing(1), typing(2)]).state).toBe('approved');
  });
});
