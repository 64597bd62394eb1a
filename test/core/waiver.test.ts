import type { Finding } from '../../core/finding.ts';
import { judge, step } from '../../core/step.ts';
import type { Waiver } from '../../core/waiver.ts';
import { waive } from '../../core/waiver.ts';
import { machineFacts, NOW, snapshotOf } from '../support/facts.ts';

const waiver: Waiver = { stepId: 'x', subjectId: '/m', until: NOW + 1_000, reason: 'the vendor forbids it', plan: 'GL-0007' };
const finding = (verdict: Finding['verdict']): Finding => ({
  stepId: 'x',
  subjectId: '/m',
  verdict,
  code: 'c',
  because: 'the key is missing',
  fix: 'Set it.',
  asOf: NOW,
});

describe('a waiver', () => {
  it.each(['not-ready', 'unknown'] as const)('turns %s into waived, and keeps saying what is true', (verdict) => {
    const waived = waive(finding(verdict), [waiver], NOW);
    expect(waived).toMatchObject({ verdict: 'waived', code: 'waived' });
    expect(waived.because).toContain('GL-0007');
    expect(waived.because).toContain('the vendor forbids it');
    expect(waived.because).toContain('the key is missing');
  });

  it.each(['ready', 'not-applicable'] as const)('leaves %s as it is', (verdict) => {
    expect(waive(finding(verdict), [waiver], NOW)).toEqual(finding(verdict));
  });

  it.each([
    ['another step', { stepId: 'y' }],
    ['another machine', { subjectId: '/n' }],
    ['its end, to the millisecond', { until: NOW }],
  ])('does not count for %s', (_what, over) => {
    expect(waive(finding('not-ready'), [{ ...waiver, ...over }], NOW).verdict).toBe('not-ready');
  });

  it('counts where steps are judged', () => {
    const facts = machineFacts();
    const row = step({
      id: 'x',
      phase: 'prepare',
      title: '',
      why: '',
      link: '',
      subject: 'machine',
      needs: ['machine'],
      owner: 'server owner',
      check: () => ({ verdict: 'not-ready', code: 'c', because: 'no', fix: '' }),
    });
    const snapshot = { ...snapshotOf([facts]), waivers: [{ ...waiver, subjectId: facts.id }] };
    expect(judge(row, snapshot.machines[0]!, snapshot, NOW).verdict).toBe('waived');
    expect(judge(row, snapshot.machines[0]!, snapshot, waiver.until).verdict).toBe('not-ready');
  });
});
