import { gateOf, openPhase } from '../../core/gate.ts';

const gate = (phase: 'prepare' | 'onboard' | 'cut-over', ring: string) => ({ phase, ring, closedAt: 1, plan: 'GL-0001' });

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
