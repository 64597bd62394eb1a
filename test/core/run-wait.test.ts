import { MINUTE } from '../../core/instant.ts';
import { nextMoves } from '../../core/moves.ts';
import type { Item, Plan } from '../../core/plan.ts';
import type { Run, RunEvent } from '../../core/run.ts';
import { advance } from '../../core/run.ts';
import { changeItem, NOW, planOf, proofItem } from '../support/facts.ts';
import { begun, stopEvent, work } from './run-play.ts';

const T = '/t/0';
const wait = (id: string): Item & { do: 'wait' } => ({ do: 'wait', id, describes: 'wait', minutes: 4, call: null });
const plan: Plan = {
  ...planOf(1),
  targets: planOf(1).targets.map((target) => ({
    ...target,
    sequence: [changeItem('set', false), wait('down'), proofItem('probe', 1)],
    makeSafe: [changeItem('safe', false), wait('safe-down'), proofItem('safe-probe', 1)],
  })),
};
const intent = (callId: string, at = NOW): RunEvent => ({ type: 'intent', at, targetId: T, callId });
const done = (callId: string, at = NOW): RunEvent => ({ type: 'settled', at, targetId: T, callId, result: 'done', note: '' });
const waited = (itemId: string, at: number): RunEvent => ({ type: 'waited', at, targetId: T, itemId });
const runAfter = (...events: readonly RunEvent[]): Run => events.reduce((run, event) => advance(plan, run, event), begun(plan));
const changed = [intent('set'), done('set')];
const movesAt = (run: Run, at: number) =>
  nextMoves(plan, run, at).map((move) => [move.do, 'item' in move ? (move.item.call?.id ?? null) : null]);

describe('a wait', () => {
  it('is over after its minutes, counted from when it became due, and not a moment before', () => {
    const run = runAfter(...changed);
    expect(movesAt(run, NOW + 4 * MINUTE - 1)).toEqual([]);
    expect(movesAt(run, NOW + 4 * MINUTE)).toEqual([['pass', null]]);
    expect(advance(plan, run, waited('down', NOW + 4 * MINUTE - 1))).toBe(run);
    expect(movesAt(advance(plan, run, waited('down', NOW + 4 * MINUTE)), NOW + 4 * MINUTE)).toEqual([['open', 'probe']]);
  });

  it('passes once, and only when it is due', () => {
    const late = NOW + 60 * MINUTE;
    const passed = runAfter(...changed, waited('down', late));
    expect(advance(plan, passed, waited('down', late))).toBe(passed);
    expect(advance(plan, begun(plan), waited('down', late))).toEqual(begun(plan));
    const open = runAfter(intent('set'));
    expect(advance(plan, open, waited('down', late))).toBe(open);
    expect(runAfter(...changed, waited('safe-down', late)).targets[T]?.item).toBe(1);
  });

  it('ends with a stop: what is half-way is carried back to safety, and waits there as well', () => {
    const stopped = runAfter(...changed, stopEvent());
    expect(stopped.targets[T]).toMatchObject({ status: 'unverified', safety: 'owed' });
    const at = NOW + MINUTE;
    const carried = [intent('safe', at), done('safe', at)].reduce((run, event) => advance(plan, run, event), stopped);
    expect(movesAt(carried, at)).toEqual([]);
    expect(movesAt(carried, at + 4 * MINUTE)).toEqual([['pass', null]]);
    const next = advance(plan, carried, waited('safe-down', at + 4 * MINUTE));
    expect(movesAt(next, at + 4 * MINUTE)).toEqual([['open', 'safe-probe']]);
  });

  it('takes nobody else’s turn, and the run comes to its end', () => {
    const { run, sent } = work(plan, begun(plan));
    expect(sent).toEqual([`${T} set`, `${T} probe`]);
    expect(run.verdict).toBe('complete');
  });
});
