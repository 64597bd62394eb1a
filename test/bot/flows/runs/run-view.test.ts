import { runView } from '../../../../bot/flows/views/run.ts';
import { HOUR } from '../../../../core/instant.ts';
import type { Run } from '../../../../core/run.ts';
import { advance, waitingRun } from '../../../../core/run.ts';
import { begun, type Fate, stopEvent, work } from '../../../core/run-play.ts';
import { halfWay, NOW, planOf } from '../../../support/facts.ts';

const plan = halfWay(planOf(6, { limits: { ...planOf(1).limits, stopAfterFailures: 3, soakMinutes: 60 } }));
const view = (run: Run, now = NOW) => runView(plan, run, null, now);

/** All states that a run passes through. */
function statesOf(fate: (id: string) => Fate, safeFate: (id: string) => Fate): Run[] {
  const seen: Run[] = [];
  const from = advance(plan, waitingRun(plan, 'h', NOW, [{ targetId: '/t/5', by: plan.requestedBy, at: NOW, reason: '' }]), {
    type: 'begun',
    at: NOW,
    dropped: [{ targetId: '/t/4', because: 'it changed' }],
  });
  const interrupt = (step: number, run: Run) => {
    seen.push(run);
    return step === 3 ? advance(plan, run, stopEvent()) : run;
  };
  for (const stops of [true, false]) seen.push(work(plan, from, { fate, safeFate, ...(stops && { interrupt }) }).run);
  return seen;
}

describe('the view of a run', () => {
  it.each([
    ['all is well', 'good', 'good'],
    ['changes fail', 'change-fails', 'good'],
    ['nothing answers', 'never-answers', 'never-answers'],
    ['the proof says no, and safety cannot be proven', 'proof-mismatch', 'proof-unread'],
  ] as const)('counts every machine exactly once, at every step, when %s', (_what, fate, safeFate) => {
    for (const run of statesOf(
      (id) => (id === '/t/1' ? fate : 'good'),
      () => safeFate,
    )) {
      const { total, restored, unsafe, ...places } = view(run).counts;
      expect(Object.values(places).reduce((sum, n) => sum + n, 0)).toBe(total);
      expect(total).toBe(6);
      expect(restored + unsafe).toBeLessThanOrEqual(places.bad);
    }
  });

  it('shows a machine on its way back to safety first, and what became of it', () => {
    const failed = (id: string) => (id === '/t/1' ? ('change-fails' as const) : ('good' as const));
    let owed: Run | null = null;
    const { run } = work(plan, begun(plan), {
      fate: failed,
      interrupt(_step, now) {
        if (now.targets['/t/1']?.safety === 'owed') owed ??= now;
        return now;
      },
    });
    expect(view(owed as unknown as Run)).toMatchObject({
      counts: { restoring: 1, bad: 0 },
      attention: [{ name: 't1', status: 'failed; being brought back to safety' }],
    });
    expect(view(run)).toMatchObject({
      counts: { restoring: 0, bad: 1, restored: 1 },
      attention: [{ status: 'failed; brought back to safety' }],
      unsafe: [],
    });
  });

  it('names what is not known to be safe apart, and once', () => {
    const { run } = work(plan, begun(plan), { fate: (id) => (id === '/t/1' ? 'change-fails' : 'good'), safeFate: () => 'proof-unread' });
    const { unsafe, attention, counts } = view(run);
    expect(unsafe).toEqual([{ name: 't1', note: expect.stringContaining('could not be brought back to safety') }]);
    expect(attention).toEqual([]);
    expect(counts).toMatchObject({ bad: 1, unsafe: 1 });
  });

  it('says when the next ring begins while it soaks', () => {
    const waves = plan.waves.map((wave, index) => ({ ...wave, ring: index === 0 ? 'canary' : 'broad' }));
    const rings = { ...plan, waves };
    let soaking: Run | null = null;
    work(rings, begun(rings), {
      interrupt(_step, run) {
        if (run.wave === 1 && !run.cleared) soaking ??= run;
        return run;
      },
    });
    const run = soaking as unknown as Run;
    const during = runView(rings, run, null, run.waveFrom - 1);
    expect(during.waves.map(({ state, soaksUntil }) => [state, soaksUntil])).toEqual([
      ['proven', null],
      ['waiting', run.waveFrom],
      ['waiting', null],
    ]);
    expect(run.waveFrom).toBeGreaterThan(NOW + HOUR - 1);
    expect(runView(rings, run, null, run.waveFrom).waves[1]).toMatchObject({
      soaksUntil: null,
      detail: 'looked at again before it begins',
    });
  });

  it('offers nothing before the end, and after a halt the rest and the undo', () => {
    expect(view(begun(plan)).followUps).toEqual({ rest: false, undo: false });
    const { run } = work(plan, begun(plan), { fate: (id) => (id === '/t/1' ? 'change-fails' : 'good') });
    expect(view(run)).toMatchObject({ verdict: 'halted', followUps: { rest: true, undo: true }, nextUpdateBy: null });
    expect(view(run).waves.map(({ state }) => state)).toEqual(['held', 'untouched', 'untouched']);
  });
});
