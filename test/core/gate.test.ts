import type { Closing } from '../../core/closing.ts';
import type { Finding, Verdict } from '../../core/finding.ts';
import { gateOf, openPhase, regressions, watchedSteps } from '../../core/gate.ts';
import type { PhaseId } from '../../core/phase.ts';

const gate = (phase: PhaseId, ring: string) => ({ phase, ring, closedAt: 1, plan: 'GL-0001' });

describe('a gate', () => {
  it('is for one phase of one ring, whatever the case of its name', () => {
    const gates = [gate('prepare', 'Canary')];
    expect(gateOf(gates, 'prepare', 'canary')).toBe(gates[0]);
    expect(gateOf(gates, 'onboard', 'canary')).toBeNull();
    expect(gateOf(gates, 'prepare', 'broad')).toBeNull();
  });

  it('leaves a phase open while one ring is open', () => {
    expect(openPhase([], ['a', 'b'])).toBe('prepare');
    expect(openPhase([gate('prepare', 'a')], ['a', 'b'])).toBe('prepare');
    expect(openPhase([gate('prepare', 'a'), gate('prepare', 'b')], ['a', 'b'])).toBe('onboard');
  });

  it('ends at the last phase', () => {
    expect(openPhase([gate('prepare', 'a'), gate('onboard', 'a'), gate('cut-over', 'a')], ['a'])).toBe('cut-over');
  });
});

const closing: Closing = {
  subjects: ['m1', 'm2', 'organisation'],
  steps: ['arc', 'passive', 'off'],
  machines: { ready: 2, 'not-ready': 0, unknown: 0, waived: 0, 'not-applicable': 0 },
  waivers: [],
  attestations: [],
};

describe('what of a closed gate is watched', () => {
  const steps = [
    { id: 'arc', phase: 'prepare' },
    { id: 'passive', phase: 'prepare', holdsThrough: 'onboard' },
    { id: 'off', phase: 'prepare', holdsThrough: 'prepare' },
    { id: 'new', phase: 'prepare' },
    { id: 'later', phase: 'onboard' },
  ] as const;
  const watched = (...closed: readonly ReturnType<typeof gate>[]) =>
    watchedSteps(gate('prepare', 'a'), closing, [gate('prepare', 'a'), ...closed], steps).map(({ id }) => id);

  it('are its steps, without those that are over with the phase and those that came later', () => {
    expect(watched()).toEqual(['arc', 'passive']);
  });

  it('are no longer those that a later phase undoes, once the one before it is closed for this ring', () => {
    expect(watched(gate('onboard', 'b'))).toEqual(['arc', 'passive']);
    expect(watched(gate('onboard', 'A'))).toEqual(['arc']);
  });
});

describe('a regression', () => {
  const found = (subjectId: string, verdict: Verdict): Finding => {
    return { stepId: 'arc', subjectId, verdict, code: '', because: '', fix: '', asOf: 5 };
  };

  it('is a step that is not ready now for what the gate was closed on', () => {
    expect(regressions(closing, [found('m1', 'ready'), found('m2', 'not-ready')])).toEqual([found('m2', 'not-ready')]);
    expect(regressions(closing, [found('organisation', 'not-ready')])).toHaveLength(1);
  });

  it.each<Verdict>(['ready', 'waived', 'unknown', 'not-applicable'])('is not one that is %s', (verdict) => {
    expect(regressions(closing, [found('m1', verdict)])).toEqual([]);
  });

  it('is not a machine that joined since', () => {
    expect(regressions(closing, [found('m9', 'not-ready')])).toEqual([]);
  });
});
