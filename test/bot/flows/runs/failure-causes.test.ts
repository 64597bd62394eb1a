import { groupByCause } from '../../../../bot/flows/runs/failure-causes.ts';
import type { TargetProgress } from '../../../../core/run.ts';
import { waitingRun } from '../../../../core/run.ts';
import { NOW, planOf } from '../../../support/facts.ts';

const progress = waitingRun(planOf(1), 'h', NOW, []).targets['/t/0'] as TargetProgress;
const failed = (name: string, note: string, over: Partial<TargetProgress> = {}) => ({
  name,
  progress: { ...progress, status: 'failed' as const, note, ...over },
});

describe('causes of failures', () => {
  it('are the same when only the machine’s own name and numbers differ', () => {
    const groups = groupByCause([
      failed('srv-2', 'no disk'),
      failed('SRV-1', 'srv-1 did not answer within 5 min'),
      failed('srv-10', 'SRV-10 did not answer within 7 min'),
    ]);
    expect(groups).toEqual([
      { cause: 'failed: the machine did not answer within 5 min', names: ['SRV-1', 'srv-10'] },
      { cause: 'failed: no disk', names: ['srv-2'] },
    ]);
  });

  it('differ by what happened and by what became of its safety', () => {
    const groups = groupByCause([
      failed('a1', 'x'),
      failed('a2', 'x', { status: 'unverified' }),
      failed('a3', 'x', { safety: 'restored' }),
      failed('a4', 'x', { safety: 'unsure' }),
    ]);
    expect(groups.map(({ cause }) => cause)).toEqual([
      'failed: x',
      'could not be proven: x',
      'failed; brought back to safety: x',
      'failed; NOT KNOWN TO BE SAFE: x',
    ]);
  });

  it('take names as they are, whatever they contain', () => {
    expect(groupByCause([failed('(a+)+$', 'on (a+)+$ it broke'), failed('', 'it broke')]).map(({ cause }) => cause)).toEqual([
      'failed: on the machine it broke',
      'failed: it broke',
    ]);
  });
});
