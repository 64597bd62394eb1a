import { MINUTE } from '../../core/instant.ts';
import type { SignOff, SignOffEvent } from '../../core/sign-off.ts';
import { decide } from '../../core/sign-off.ts';
import { live, NOW, person, planOf } from '../support/facts.ts';
import { approve, refusalOf, signOffAfter } from './sign-off-play.ts';

describe('a hold', () => {
  const holding = (targetId: string, digit = 3, at = NOW): SignOffEvent => ({
    type: 'hold',
    hold: { targetId, by: person(digit), at, reason: 'backup tonight' },
  });
  const plan = planOf(2);

  it('is recorded once; a second word changes nothing', () => {
    const held = signOffAfter(plan, [holding('/t/0')]);
    expect(held).toMatchObject({
      state: 'pending',
      revision: 1,
      holds: [{ targetId: '/t/0', by: { name: 'Person 3' }, reason: 'backup tonight' }],
    });
    expect(decide(held, holding('/t/0', 1), live)).toEqual({ kind: 'ok', value: held });
    expect((decide(held, holding('/t/0', 1), live) as { value: SignOff }).value).toBe(held);
  });

  it('keeps the signatures of a plan that is signed already', () => {
    const held = signOffAfter(plan, [approve(1, NOW), approve(2, NOW), holding('/t/0')]);
    expect(held).toMatchObject({ state: 'approved', startsAt: NOW + 2 * MINUTE, holds: [{ targetId: '/t/0' }] });
  });

  it('ends the plan when nothing is left of it', () => {
    const ended = signOffAfter(plan, [holding('/t/0'), holding('/t/1')]);
    expect(ended).toMatchObject({ state: 'withdrawn', revision: 2, ended: { reason: 'every target was held out of it' } });
    expect(refusalOf(ended, approve(1, NOW))).toBe('already-withdrawn');
  });

  it('is refused once the run has begun, or the plan is over', () => {
    const begun = signOffAfter(plan, [approve(1, NOW), approve(2, NOW), { type: 'begin', at: NOW + 2 * MINUTE }]);
    expect(refusalOf(begun, holding('/t/0'))).toBe('begun');
    const over = signOffAfter(plan, [{ type: 'reject', by: person(1), at: NOW, reason: 'no' }]);
    expect(refusalOf(over, holding('/t/0'))).toBe('already-rejected');
  });
});
