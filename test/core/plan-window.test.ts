import { DAY, HOUR, MINUTE } from '../../core/instant.ts';
import type { Migration } from '../../core/migration.ts';
import { migration, NOW } from '../support/facts.ts';
import { action, asking, outcome, plan } from './plan-made.ts';

describe('the change window of a plan', () => {
  // NOW is Sunday 09:00.
  const nightly = { name: 'nights', days: ['sun', 'mon'] as const, from: '20:00', until: '22:00', rings: null };
  const always = {
    name: 'always',
    days: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const,
    from: '00:00',
    until: '00:00',
    rings: null,
  };
  const tonight = NOW + 11 * HOUR;
  const inWindow = (over: Partial<Migration>) =>
    asking({ inWindow: true }, { windows: [nightly], waves: { ...migration.waves, concurrency: 10, size: 10 }, ...over });

  it('is the first one it fits into whole, and the request expires with it at the latest', () => {
    expect(plan({}, inWindow({})).window).toEqual({ name: 'nights', from: tonight, until: tonight + 2 * HOUR });
    expect(plan({}, inWindow({})).expiresAt).toBe(tonight + 2 * HOUR);
    const late = tonight + 2 * HOUR - 15 * MINUTE;
    expect(plan({ now: late }, inWindow({})).window?.from).toBe(tonight + DAY);
  });

  it('is none where the policy asks for none', () => {
    expect(plan({}, asking({}, { windows: [nightly] })).window).toBeNull();
  });

  it('is missing when no window is long enough, and the plan is refused with the times', () => {
    const slow = { ...action, minutesPerTarget: 61 };
    expect(outcome({ action: slow }, inWindow({}))).toMatchObject({
      code: 'window-too-short',
      because: expect.stringContaining('2 hours'),
    });
  });

  it('is missing when the file has none for all rings of the plan', () => {
    expect(outcome({}, inWindow({ windows: [] }))).toMatchObject({ code: 'no-window' });
    const canaryOnly = inWindow({ windows: [{ ...nightly, rings: ['canary'] }] });
    expect(outcome({}, canaryOnly)).toMatchObject({ code: 'no-window' });
    expect(plan({ scope: { ring: 'canary' } }, canaryOnly).window?.from).toBe(tonight);
  });

  it('is not one that a freeze leaves too little of', () => {
    const freeze = { from: tonight - HOUR, until: tonight + HOUR, reason: 'audit' };
    expect(plan({}, inWindow({ freezes: [{ ...freeze, until: tonight + 110 * MINUTE }] })).window?.from).toBe(tonight + DAY);
    expect(outcome({}, inWindow({ freezes: [{ ...freeze, until: NOW + 30 * DAY }] }))).toMatchObject({
      code: 'frozen',
      because: expect.stringContaining('audit'),
    });
  });

  it('is the part before or behind a freeze, when that is long enough', () => {
    const behind = { from: tonight - HOUR, until: tonight + HOUR, reason: 'audit' };
    expect(plan({}, inWindow({ freezes: [behind] })).window).toEqual({ name: 'nights', from: tonight + HOUR, until: tonight + 2 * HOUR });
    const farOff = { from: NOW + 10 * DAY, until: NOW + 12 * DAY, reason: 'year end' };
    expect(plan({}, inWindow({ windows: [always], freezes: [farOff] })).window?.until).toBe(NOW + 10 * DAY);
  });

  it('does not matter to a plan without one, unless it could not begin before its request expires', () => {
    const freeze = { from: NOW - HOUR, until: NOW + 23 * HOUR, reason: 'audit' };
    expect(plan({}, asking({}, { freezes: [freeze] })).window).toBeNull();
    expect(outcome({}, asking({}, { freezes: [{ ...freeze, until: NOW + 25 * HOUR }] }))).toMatchObject({ code: 'frozen' });
  });
});
