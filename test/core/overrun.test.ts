import { MINUTE } from '../../core/instant.ts';
import { overrun } from '../../core/overrun.ts';
import type { Plan } from '../../core/plan.ts';
import type { RunEvent } from '../../core/run.ts';
import { advance } from '../../core/run.ts';
import { halfWay, NOW, planOf } from '../support/facts.ts';
import { begun, stopEvent } from './run-play.ts';

const plan: Plan = { ...halfWay(planOf(2)), unprotected: { expectedMinutes: 20, limitMinutes: 60 } };
const intent = (target: number, at = NOW): RunEvent => ({ type: 'intent', at, targetId: `/t/${target}`, callId: 'set' });
const settled: RunEvent = { type: 'settled', at: NOW, targetId: '/t/0', callId: 'set', result: 'done', note: '' };
const probe: RunEvent = { type: 'intent', at: NOW, targetId: '/t/0', callId: 'probe' };
const verified: RunEvent = { type: 'proof', at: NOW, targetId: '/t/0', callId: 'probe', result: 'verified', note: '' };
const toldAfter = (minutes: number, events: readonly RunEvent[], of = plan) =>
  overrun(
    of,
    events.reduce((run, event) => advance(of, run, event), begun(of)),
    NOW + minutes * MINUTE,
  );

describe('a run that leaves a machine without its one engine for longer than its plan allows', () => {
  it('is told apart from the first minute over, by the name of the machine', () => {
    expect(toldAfter(60, [intent(0)])).toBeNull();
    expect(toldAfter(61, [intent(0)])).toBe(`${plan.targets[0]!.name} could not be proven to have its one active engine within 60 minutes`);
  });

  it('counts for each machine from its own first change', () => {
    expect(toldAfter(61, [intent(1, NOW + 30 * MINUTE)])).toBeNull();
    expect(toldAfter(91, [intent(0), intent(1, NOW + 30 * MINUTE)])).toContain('and 1 more');
  });

  it.each<[string, readonly RunEvent[], Plan]>([
    ['once the machine is proven', [intent(0), settled, probe, verified], plan],
    ['before anything was changed', [], plan],
    ['once it was stopped', [intent(0), stopEvent()], plan],
    ['where the plan states no minutes', [intent(0)], halfWay(planOf(2))],
  ])('is none %s', (_words, events, of) => {
    expect(toldAfter(600, events, of)).toBeNull();
  });
});
