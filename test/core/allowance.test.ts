import { isAllowedFor } from '../../core/allowance.ts';
import { MINUTE } from '../../core/instant.ts';
import type { Plan } from '../../core/plan.ts';
import type { RunEvent } from '../../core/run.ts';
import { advance } from '../../core/run.ts';
import { changeItem, halfWay, NOW, planOf, proofItem } from '../support/facts.ts';
import { begun } from './run-play.ts';

const T = '/t/0';
const plan = halfWay(planOf(1, { estimateMinutes: 20 }));
const intent: RunEvent = { type: 'intent', at: NOW, targetId: T, callId: 'set' };
const settled = (result: 'done' | 'failed'): RunEvent => ({ type: 'settled', at: NOW, targetId: T, callId: 'set', result, note: '' });
const probe: RunEvent = { type: 'intent', at: NOW, targetId: T, callId: 'probe' };
const proof = (result: 'verified' | 'mismatch'): RunEvent => ({ type: 'proof', at: NOW, targetId: T, callId: 'probe', result, note: '' });
const allowed = (events: readonly RunEvent[], at = NOW, of: Plan = plan, id = T) => {
  const run = events.reduce((before, event) => advance(of, before, event), begun(of));
  return isAllowedFor(of, run, id, at);
};

describe('a plan accounts for a machine that it leaves without its one engine', () => {
  it.each<[string, readonly RunEvent[]]>([
    ['from the intent of the change on', [intent]],
    ['until the proof', [intent, settled('done'), probe]],
    ['while it is made safe', [intent, settled('failed')]],
  ])('%s', (_words, events) => {
    expect(allowed(events)).toBe(true);
  });

  it.each<[string, readonly RunEvent[]]>([
    ['before anything was changed', []],
    ['once it has ended', [intent, settled('done'), probe, proof('verified')]],
  ])('but not %s', (_words, events) => {
    expect(allowed(events)).toBe(false);
  });

  it('no longer than its card said', () => {
    expect(allowed([intent], NOW + 20 * MINUTE)).toBe(true);
    expect(allowed([intent], NOW + 20 * MINUTE + 1)).toBe(false);
  });

  it('where it states minutes for a machine, no longer than those, from its own first change', () => {
    const stating = { ...plan, unprotected: { expectedMinutes: 5, limitMinutes: 60 } };
    const late: RunEvent = { ...intent, at: NOW + 30 * MINUTE };
    expect(allowed([late], NOW + 35 * MINUTE, stating)).toBe(true);
    expect(allowed([late], NOW + 35 * MINUTE + 1, stating)).toBe(false);
  });

  it('and for no machine that is none of its targets', () => {
    expect(allowed([intent], NOW, plan, '/t/other')).toBe(false);
  });

  it('nor where its change leaves every machine under one engine', () => {
    const safe = {
      ...plan,
      targets: plan.targets.map((target) => ({ ...target, sequence: [changeItem('set', true), proofItem('probe', 1)] })),
    };
    expect(allowed([intent, settled('done')], NOW, safe)).toBe(false);
  });
});
