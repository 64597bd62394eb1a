import { followUpTargets, hasFollowUp } from '../../core/follow-up.ts';
import { advance } from '../../core/run.ts';
import { halfWay, NOW, planOf } from '../support/facts.ts';
import { begun, stopEvent, work } from './run-play.ts';

const plan = halfWay(planOf(4));

describe('what can be asked for after a run', () => {
  it('is nothing before it has ended', () => {
    expect(hasFollowUp(plan, begun(plan), 'rest')).toBe(false);
    expect(hasFollowUp(plan, begun(plan), 'undo')).toBe(false);
  });

  it('is no rest after a complete one, and an undo of all', () => {
    const { run } = work(plan, begun(plan));
    expect(hasFollowUp(plan, run, 'rest')).toBe(false);
    expect(followUpTargets(plan, run, 'undo')).toEqual(['/t/0', '/t/1', '/t/2', '/t/3']);
  });

  it('is exactly the failed and the untouched, and an undo of what is still changed', () => {
    const { run } = work(plan, begun(plan), { fate: (id) => (id === '/t/1' ? 'change-fails' : 'good') });
    expect(run.verdict).toBe('halted');
    expect(followUpTargets(plan, run, 'rest')).toEqual(['/t/1', '/t/2', '/t/3']);
    expect(run.targets['/t/1']?.safety).toBe('restored');
    expect(followUpTargets(plan, run, 'undo')).toEqual(['/t/0']);
  });

  it('is no undo for a plan that says nothing of how to take it back', () => {
    const without = { ...plan, targets: plan.targets.map((target) => ({ ...target, undo: [] })) };
    expect(hasFollowUp(without, work(without, begun(without)).run, 'undo')).toBe(false);
  });

  it('leaves out what somebody held', () => {
    const held = advance(plan, begun(plan), { type: 'hold', hold: { targetId: '/t/3', by: { ...plan.requestedBy }, at: NOW, reason: '' } });
    const { run } = work(plan, advance(plan, held, stopEvent()));
    expect(followUpTargets(plan, run, 'rest')).toEqual(['/t/0', '/t/1', '/t/2']);
  });
});
