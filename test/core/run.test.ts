import fc from 'fast-check';
import { nextMoves } from '../../core/moves.ts';
import type { Run } from '../../core/run.ts';
import { advance, failures, hasEnded, isUnderWay, waitingRun } from '../../core/run.ts';
import { NOW, person, planOf } from '../support/facts.ts';
import type { Fate } from './run-play.ts';
import { begun as begin, stopEvent, work } from './run-play.ts';

const plan = planOf(6);
const begun = () => begin(plan);

describe('a run', () => {
  it('waits for its start', () => {
    const waiting = waitingRun(plan, 'h', NOW, []);
    expect(nextMoves(plan, waiting, NOW - 1)).toEqual([]);
    expect(nextMoves(plan, waiting, NOW)).toEqual([{ do: 'begin' }]);
  });

  it('is complete when every target is proven', () => {
    const { run } = work(plan, begun());
    expect(run).toMatchObject({ state: 'finished', verdict: 'complete' });
    expect(Object.values(run.targets).every(({ status }) => status === 'verified')).toBe(true);
  });

  it('does not open the second wave while the first is not proven', () => {
    const moves = nextMoves(plan, begun(), NOW);
    expect(moves.map((move) => 'targetId' in move && move.targetId)).toEqual(['/t/0', '/t/1']);
  });

  it('does not open the next wave after one that is not proven, and is partly done when that was the last', () => {
    const { run } = work(plan, begun(), { fate: (id) => (id === '/t/1' ? 'proof-mismatch' : 'good') });
    expect(run).toMatchObject({ verdict: 'halted', targets: { '/t/1': { status: 'mismatch' }, '/t/2': { status: 'untouched' } } });
    expect(work(plan, begun(), { fate: (id) => (id === '/t/5' ? 'proof-mismatch' : 'good') }).run.verdict).toBe('partly');
  });

  it('halts at the failure limit and leaves the rest untouched', () => {
    const { run } = work(plan, begun(), { fate: (id) => (id === '/t/0' || id === '/t/1' ? 'change-fails' : 'good') });
    expect(run.verdict).toBe('halted');
    expect(run.targets['/t/4']?.status).toBe('untouched');
  });

  it('goes on to everybody where it only looks, however many do not answer, and is partly done', () => {
    const looking = { ...plan, class: 'read-only' as const };
    const silent = ['/t/0', '/t/1', '/t/3'];
    const { run, sent } = work(looking, begin(looking), { fate: (id) => (silent.includes(id) ? 'never-answers' : 'good') });
    expect(run.verdict).toBe('partly');
    expect(new Set(sent.map((line) => line.split(' ')[0])).size).toBe(looking.targets.length);
    expect(Object.entries(run.targets).flatMap(([id, { status }]) => (status === 'verified' ? [] : [id]))).toEqual(silent);
  });

  it.each(['never-answers', 'proof-unread'] as const)('halts after the wave when one target ends %s', (fate) => {
    const { run } = work(plan, begun(), { fate: (id) => (id === '/t/0' ? fate : 'good') });
    expect(run.verdict).toBe('halted');
    expect(run.targets['/t/2']?.status).toBe('untouched');
  });

  it('is void when too many targets changed', () => {
    const dropped = plan.targets.slice(0, 4).map(({ id }) => ({ targetId: id, because: 'changed' }));
    expect(advance(plan, waitingRun(plan, 'h', NOW, []), { type: 'begun', at: NOW, dropped })).toMatchObject({
      state: 'finished',
      verdict: 'voided',
    });
  });

  it('commits no intent that was decided before a stop', () => {
    const stopped = advance(plan, begun(), stopEvent());
    expect(stopped.state).toBe('finished');
    const underWay = advance(plan, begun(), { type: 'intent', at: NOW, targetId: '/t/0', callId: 'set' });
    const stopping = advance(plan, underWay, stopEvent());
    expect(advance(plan, stopping, { type: 'intent', at: NOW, targetId: '/t/1', callId: 'set' })).toBe(stopping);
    expect(advance(plan, stopping, { type: 'not-begun', at: NOW, targetId: '/t/0', callId: 'set', note: '' })).toMatchObject({
      state: 'finished',
      verdict: 'stopped',
      targets: { '/t/0': { status: 'untouched' } },
    });
  });

  it('leaves dropped targets alone', () => {
    const dropped = [{ targetId: '/t/0', because: 'changed' }];
    const worked = work(plan, advance(plan, waitingRun(plan, 'h', NOW, []), { type: 'begun', at: NOW, dropped }));
    expect(worked.sent.some((line) => line.startsWith('/t/0 '))).toBe(false);
    expect(worked.run.verdict).toBe('partly');
  });

  it('drops a target that changed before its turn, and stops when too many did', () => {
    const drop = (run: Run, targetId: string) => advance(plan, run, { type: 'drop', at: NOW, targetId, because: 'changed' });
    const one = drop(begun(), '/t/0');
    expect(one).toMatchObject({ state: 'running', targets: { '/t/0': { status: 'dropped' } } });
    const four = ['/t/1', '/t/2', '/t/3'].reduce(drop, one);
    expect(four).toMatchObject({ state: 'finished', verdict: 'stopped' });
  });

  it('is void when nothing is left of it', () => {
    const dropped = plan.targets.map(({ id }) => ({ targetId: id, because: 'gone' }));
    const lenient = { ...plan, limits: { ...plan.limits, maxDroppedShare: 1 } };
    expect(advance(lenient, waitingRun(lenient, 'h', NOW, []), { type: 'begun', at: NOW, dropped })).toMatchObject({ verdict: 'voided' });
  });

  it('begins nothing after a stop, and ends when what is open has settled', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12 }), (when) => {
        const sent: string[] = [];
        let before = Number.POSITIVE_INFINITY;
        const { run } = work(plan, begun(), {
          interrupt: (step, now) => {
            if (step !== when) return now;
            before = sent.length;
            return advance(plan, now, stopEvent());
          },
          sent,
        });
        expect(run.state).toBe('finished');
        expect(sent.length).toBeLessThanOrEqual(before);
        expect(Object.values(run.targets).every(hasEnded)).toBe(true);
      }),
    );
  });

  const fates = fc.array(fc.constantFrom<Fate>('good', 'good', 'good', 'change-fails', 'proof-mismatch', 'proof-unread', 'never-answers'), {
    minLength: 6,
    maxLength: 6,
  });

  it('sends each call of each target at most once, keeps to the concurrency, and always ends', () => {
    fc.assert(
      fc.property(fates, fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }), (fate, stopAt) => {
        const { run, sent } = work(plan, begun(), {
          fate: (id) => fate[Number(id.slice(3))] as Fate,
          interrupt: (step, now) => {
            expect(Object.values(now.targets).filter(isUnderWay).length).toBeLessThanOrEqual(plan.limits.concurrency);
            return step === stopAt ? advance(plan, now, { type: 'stop', at: NOW, by: person(5), reason: 'stop' }) : now;
          },
        });
        expect(new Set(sent).size).toBe(sent.length);
        expect(run.state).toBe('finished');
        expect(run.verdict === 'complete').toBe(Object.values(run.targets).every(({ status }) => status === 'verified'));
        const bad = failures(run);
        const firstBadWave = plan.waves.findIndex(({ targetIds }) => targetIds.some((id) => bad.includes(id)));
        if (firstBadWave >= 0) {
          const later = plan.waves.slice(firstBadWave + 1).flatMap(({ targetIds }) => targetIds);
          expect(sent.filter((line) => later.includes(line.split(' ')[0] as string))).toEqual([]);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('ignores answers that come after the end', () => {
    const { run } = work(plan, begun());
    expect(advance(plan, run, { type: 'proof', at: NOW, targetId: '/t/0', callId: 'probe', result: 'mismatch', note: '' })).toBe(run);
  });
});
