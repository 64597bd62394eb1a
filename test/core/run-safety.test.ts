import { nextMoves } from '../../core/moves.ts';
import type { Item, Plan } from '../../core/plan.ts';
import type { Run, RunEvent } from '../../core/run.ts';
import { advance, hasEnded, isUnderWay } from '../../core/run.ts';
import { atSafePoint } from '../../core/safety.ts';
import { changeItem, halfWay, NOW, planOf, proofItem } from '../support/facts.ts';
import { begun, type Fate, stopEvent, work } from './run-play.ts';

const T = '/t/0';
const plan = halfWay(planOf(1));
/** The events of one target, in order. */
const runAfter = (events: readonly RunEvent[], of: Plan = plan): Run => events.reduce((run, event) => advance(of, run, event), begun(of));
const intent = (callId: string): RunEvent => ({ type: 'intent', at: NOW, targetId: T, callId });
const settled = (callId: string, result: 'done' | 'failed' | 'refused' = 'done'): RunEvent => {
  return { type: 'settled', at: NOW, targetId: T, callId, result, note: result };
};
const proof = (callId: string | null, result: 'verified' | 'mismatch' | 'unverified' = 'verified'): RunEvent => {
  return { type: 'proof', at: NOW, targetId: T, callId, result, note: result };
};
const lost = (callId: string, givenUp: boolean): RunEvent => ({ type: 'ambiguous', at: NOW, targetId: T, callId, note: 'lost', givenUp });
const changed = [intent('set'), settled('set'), intent('probe')];
const of = (run: Run) => run.targets[T]!;
const withSequence = (sequence: readonly Item[], over: Partial<Plan['targets'][number]> = {}): Plan => {
  return { ...plan, targets: plan.targets.map((target) => ({ ...target, sequence, ...over })) };
};

describe('what brings a machine back to safety', () => {
  it.each<[string, readonly RunEvent[], string]>([
    ['its change failed', [intent('set'), settled('set', 'failed')], 'failed'],
    ['the outcome of its change is given up', [intent('set'), lost('set', true)], 'ambiguous'],
    ['its proof shows something else', [...changed, proof('probe', 'mismatch')], 'mismatch'],
    ['its proof could not be read', [...changed, proof('probe', 'unverified')], 'unverified'],
    ['the outcome of its proof is given up', [...changed, lost('probe', true)], 'ambiguous'],
    ['its proof was refused', [...changed, settled('probe', 'refused')], 'failed'],
    ['a stop catches it before its proof', [intent('set'), settled('set'), stopEvent()], 'unverified'],
    ['its change is done after a stop', [intent('set'), stopEvent(), settled('set')], 'unverified'],
    [
      'a stop comes before its probe was sent',
      [...changed, stopEvent(), { type: 'not-begun', at: NOW, targetId: T, callId: 'probe', note: '' }],
      'unverified',
    ],
  ])('is owed when %s', (_words, events, status) => {
    const run = runAfter(events);
    expect(of(run)).toMatchObject({ status, safety: 'owed', open: null });
    expect(run.state).toBe('running');
    expect(hasEnded(of(run))).toBe(false);
    expect(nextMoves(plan, run, NOW)).toEqual([{ do: 'open', targetId: T, item: plan.targets[0]!.makeSafe[0], first: false }]);
  });

  it.each<[string, readonly RunEvent[], string]>([
    ['its change was refused', [intent('set'), settled('set', 'refused')], 'failed'],
    ['it was never sent', [intent('set'), stopEvent(), { type: 'not-begun', at: NOW, targetId: T, callId: 'set', note: '' }], 'untouched'],
    ['it is proven', [...changed, proof('probe')], 'verified'],
    ['it is proven after a stop', [...changed, stopEvent(), proof('probe')], 'verified'],
    ['a stop comes before it', [stopEvent()], 'untouched'],
    ['it was dropped', [{ type: 'drop', at: NOW, targetId: T, because: 'gone' }], 'dropped'],
  ])('is not owed when %s', (_words, events, status) => {
    expect(runAfter(events)).toMatchObject({ state: 'finished', targets: { [T]: { status, safety: 'kept' } } });
  });

  it('is not owed by a change that is safe whatever comes of it', () => {
    expect(of(runAfter([intent('set'), settled('set', 'failed')], planOf(1)))).toMatchObject({ status: 'failed', safety: 'kept' });
  });

  it('runs under the same sign-off to its own proof, and then the target counts as it ended, restored', () => {
    const { run, sent } = work(plan, begun(plan), { fate: () => 'proof-mismatch' });
    expect(sent).toEqual([`${T} set`, `${T} probe`, `${T} safe`, `${T} safe-probe`]);
    expect(run).toMatchObject({ state: 'finished', verdict: 'partly', targets: { [T]: { status: 'mismatch', safety: 'restored' } } });
  });

  it.each<Fate>(['refused', 'change-fails', 'proof-mismatch', 'proof-unread', 'never-answers', 'probe-never-answers'])(
    'leaves the target unsure when it ends %s itself',
    (safeFate) => {
      const { run } = work(plan, begun(plan), { fate: () => 'change-fails', safeFate: () => safeFate });
      expect(run).toMatchObject({ state: 'finished', targets: { [T]: { status: 'failed', safety: 'unsure' } } });
      expect(of(run).safetyNote).toMatch(/could not be brought back to safety/);
    },
  );

  it('is owed behind a proof that tells of something else, and not behind one that vouches for its engine', () => {
    const look = { ...proofItem('look', 1), safe: false } as Item;
    const sequence = [changeItem('set', false), look, changeItem('clear', false), proofItem('probe', 1)];
    const looked = [intent('set'), settled('set'), intent('look'), proof('look')];
    const stopped = (items: readonly Item[]) => of(runAfter([...looked, stopEvent()], withSequence(items)));
    expect(stopped(sequence)).toMatchObject({ safety: 'owed' });
    expect(stopped(sequence.with(1, proofItem('look', 1)))).toMatchObject({ safety: 'kept' });
  });

  it('is owed at once when a stop catches a change that its make-safe items end; any other is read to its end', () => {
    const item = (interruptible: boolean): Item => ({ ...changeItem('set', false), ...(interruptible && { interruptible: true }) }) as Item;
    const stopped = (interruptible: boolean) =>
      of(runAfter([intent('set'), stopEvent()], withSequence([item(interruptible), proofItem('probe', 1)])));
    expect(stopped(true)).toMatchObject({ status: 'unverified', safety: 'owed', open: null });
    expect(stopped(false)).toMatchObject({ status: 'intent', safety: 'kept', open: { callId: 'set' } });
  });

  it('leaves the target unsure at once when nothing was signed for it', () => {
    const bare = withSequence(plan.targets[0]!.sequence, { makeSafe: [] });
    expect(runAfter([intent('set'), settled('set', 'failed')], bare)).toMatchObject({
      state: 'finished',
      targets: { [T]: { status: 'failed', safety: 'unsure', safetyNote: 'nothing was signed that would bring it back to safety' } },
    });
  });

  it('is all that opens after a stop', () => {
    const many = halfWay(planOf(6));
    for (let stopAt = 0; stopAt < 12; stopAt += 1) {
      const sent: string[] = [];
      let before = 0;
      const { run } = work(many, begun(many), {
        sent,
        interrupt(step, now) {
          if (step === stopAt) before = sent.length;
          return step === stopAt ? advance(many, now, stopEvent()) : now;
        },
      });
      expect(sent.slice(before).filter((line) => !line.includes(' safe'))).toEqual([]);
      expect(Object.values(run.targets).filter(({ safety }) => safety === 'owed')).toEqual([]);
      expect(run.state).toBe('finished');
    }
  });

  it('holds the run open, and its place in the concurrency, until it is done', () => {
    const many = halfWay({ ...planOf(4), limits: { ...planOf(4).limits, concurrency: 1, stopAfterFailures: 4 } });
    const owed = runAfter([intent('set'), settled('set', 'failed')], many);
    expect(owed.state).toBe('running');
    expect(Object.values(owed.targets).filter(isUnderWay)).toHaveLength(1);
    expect(nextMoves(many, owed, NOW).map((move) => 'targetId' in move && move.targetId)).toEqual([T]);
  });

  it('is not disturbed by late answers of the call before it', () => {
    const owed = runAfter([...changed, lost('probe', true), intent('safe')]);
    for (const late of [proof('probe'), settled('set'), settled('set', 'failed'), lost('probe', true), proof(null)])
      expect(advance(plan, owed, late)).toBe(owed);
    const last = runAfter([...changed, lost('probe', true), intent('safe'), settled('safe'), intent('safe-probe')]);
    expect(advance(plan, last, settled('safe', 'failed'))).toBe(last);
    expect(of(advance(plan, last, proof('safe-probe')))).toMatchObject({ safety: 'restored', status: 'ambiguous' });
  });

  it('is not begun by what was decided before it was owed, nor proven by what was read before', () => {
    const stopped = runAfter([intent('set'), settled('set'), stopEvent()]);
    expect(advance(plan, stopped, intent('probe'))).toBe(stopped);
    const due = runAfter([intent('set'), settled('set'), stopEvent(), intent('safe'), settled('safe')]);
    expect(advance(plan, due, proof(null))).toBe(due);
    expect(advance(plan, due, intent('safe-probe'))).not.toBe(due);
  });

  it('is begun also after the end of the change window, when nothing else is', () => {
    const windowed = { ...plan, window: { name: 'night', from: NOW, until: NOW + 1 } };
    const late = (callId: string): RunEvent => ({ type: 'intent', at: NOW + 1, targetId: T, callId });
    const fresh = begun(windowed);
    expect(advance(windowed, fresh, late('set'))).toBe(fresh);
    const owed = runAfter([intent('set'), settled('set', 'failed')], windowed);
    expect(of(advance(windowed, owed, late('safe'))).open).toMatchObject({ callId: 'safe' });
  });

  it('stays open while its own outcome is ambiguous and not given up', () => {
    const owed = runAfter([intent('set'), settled('set', 'failed'), intent('safe')]);
    expect(advance(plan, owed, lost('safe', false))).toBe(owed);
    expect(of(advance(plan, owed, lost('safe', true)))).toMatchObject({ safety: 'unsure', open: null });
  });
});

describe('a safe point', () => {
  const steps = { sequence: [changeItem('a', false), proofItem('p', 1), changeItem('b', true), changeItem('c', false), proofItem('q', 2)] };
  it.each<[string, number, number, boolean]>([
    ['before anything', 0, 0, true],
    ['after a change that was begun', 1, 0, false],
    ['after a change that is done', 1, 1, false],
    ['after its proof', 1, 2, true],
    ['after a safe change behind the proof', 3, 2, true],
    ['after the next change that is not safe', 4, 3, false],
    ['after the last proof', 4, 5, true],
  ])('is %s: reached %i, behind it %i: %s', (_words, reached, behind, safe) => {
    expect(atSafePoint(steps, reached, behind)).toBe(safe);
  });
});
