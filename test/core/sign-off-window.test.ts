import { HOUR, MINUTE } from '../../core/instant.ts';
import type { Plan } from '../../core/plan.ts';
import { decide, lastStart } from '../../core/sign-off.ts';
import { live, NOW, person, planOf } from '../support/facts.ts';
import { approve, refusalOf, signOffAfter } from './sign-off-play.ts';

const OPENS = NOW + 10 * HOUR;
const CLOSES = NOW + 14 * HOUR;
const windowed: Plan = { ...planOf(2), window: { name: 'sunday', from: OPENS, until: CLOSES }, expiresAt: NOW + 8 * HOUR };

describe('a sign-off of a plan with a change window', () => {
  const signed = signOffAfter(windowed, [approve(1, NOW), approve(2, NOW + HOUR)]);

  it('lets the run begin no sooner than the window opens', () => {
    expect(signed).toMatchObject({ state: 'approved', startsAt: OPENS });
    expect(refusalOf(signed, { type: 'begin', at: OPENS - 1 })).toBe('grace');
    expect(decide(signed, { type: 'begin', at: OPENS }, live)).toMatchObject({ kind: 'ok', value: { begun: true } });
  });

  it('keeps the whole grace when it is signed inside the window', () => {
    const plan = { ...windowed, expiresAt: CLOSES };
    expect(signOffAfter(plan, [approve(1, NOW), approve(2, OPENS + HOUR)]).startsAt).toBe(OPENS + HOUR + 2 * MINUTE);
  });

  it('waits for its window although the time to sign is over, and expires at the end of the window', () => {
    expect(signOffAfter(windowed, [approve(1, NOW), approve(2, NOW), { type: 'expire', at: CLOSES - 1 }]).state).toBe('approved');
    expect(lastStart(signed)).toBe(CLOSES);
    expect(refusalOf(signed, { type: 'begin', at: CLOSES })).toBe('expired');
    const expired = signOffAfter(windowed, [approve(1, NOW), approve(2, NOW), { type: 'expire', at: CLOSES }]);
    expect(expired).toMatchObject({ state: 'expired', ended: { at: CLOSES, reason: 'it was signed, but could not begin in time' } });
  });

  it('still expires at its own time while signatures are missing', () => {
    expect(signOffAfter(windowed, [approve(1, NOW), { type: 'expire', at: windowed.expiresAt }]).state).toBe('expired');
  });

  it('lets a signature be taken back until the window opens, and then it may not begin', () => {
    const back = signOffAfter(windowed, [approve(1, NOW), approve(2, NOW), { type: 'take-back', by: person(2), at: OPENS - MINUTE }]);
    expect(back).toMatchObject({ state: 'pending', startsAt: null });
    expect(refusalOf(back, { type: 'begin', at: OPENS })).toBe('not-signed');
  });
});
