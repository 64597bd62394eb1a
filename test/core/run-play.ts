import { MINUTE } from '../../core/instant.ts';
import type { Move } from '../../core/moves.ts';
import { nextMoves } from '../../core/moves.ts';
import type { Plan } from '../../core/plan.ts';
import type { Run, RunEvent } from '../../core/run.ts';
import { advance, itemOf, waitingRun } from '../../core/run.ts';
import { NOW, person } from '../support/facts.ts';

/** How the pretend Azure answers the calls of a target. */
export const FATES = ['good', 'refused', 'change-fails', 'proof-mismatch', 'proof-unread', 'never-answers', 'probe-never-answers'] as const;
export type Fate = (typeof FATES)[number];

export interface Play {
  readonly run: Run;
  /** Calls in the order they were begun: `/t/0 set`. */
  readonly sent: readonly string[];
}

interface Ways {
  readonly fate?: (targetId: string) => Fate;
  /** The fate of what makes a target safe. */
  readonly safeFate?: (targetId: string) => Fate;
  readonly interrupt?: (step: number, run: Run) => Run;
  readonly sent?: string[];
}

export function begun(plan: Plan): Run {
  return advance(plan, waitingRun(plan, 'h', NOW, []), { type: 'begun', at: NOW, dropped: [] });
}

export function stopEvent(at: number = NOW): RunEvent {
  return { type: 'stop', at, by: person(5), reason: 'stop' };
}

/** Plays the worker: makes every move due, with each target's fate, until nothing is left to do; time passes when only time is waited for. */
export function work(plan: Plan, from: Run, { fate = () => 'good', safeFate = () => 'good', interrupt, sent = [] }: Ways = {}): Play {
  let at = NOW;
  let run = from;
  for (let step = 0; step < 500; step += 1) {
    if (interrupt) run = interrupt(step, run);
    const moves = nextMoves(plan, run, at);
    const waits = plan.targets.some((target) => itemOf(target, run.targets[target.id]!)?.do === 'wait');
    if (moves.length === 0 && (run.state === 'finished' || (at >= run.waveFrom && !waits))) return { run, sent };
    if (moves.length === 0) at = Math.max(run.waveFrom, at + MINUTE);
    for (const move of moves) {
      at += 1;
      if (move.do === 'open') sent.push(`${move.targetId} ${move.item.call?.id}`);
      const safe = isMakeSafe(move) ? safeFate : fate;
      const event = eventOf(move, 'targetId' in move ? safe(move.targetId) : 'good', at);
      run = advance(plan, run, event);
    }
  }
  throw new Error('the run never ends');
}

/** Items that make a target safe have such ids in the test plans. */
export function isMakeSafe(move: Move): boolean {
  return 'item' in move && (move.item.call?.id.startsWith('safe') ?? false);
}

/** What the worker records about a move. */
export function eventOf(move: Move, fate: Fate, at: number): RunEvent {
  if (move.do === 'begin') return { type: 'begun', at, dropped: [] };
  if (move.do === 'clear-wave') return { type: 'wave-cleared', at, wave: move.wave, dropped: [] };
  if (move.do === 'pass') return { type: 'waited', at, targetId: move.targetId, itemId: move.item.id };
  const { targetId, item } = move;
  const callId = item.call?.id ?? '';
  if (move.do === 'open') return { type: 'intent', at, targetId, callId };
  const silent = fate === 'never-answers' || (fate === 'probe-never-answers' && item.do === 'prove');
  if (silent) return { type: 'ambiguous', at, targetId, callId, note: 'gave up', givenUp: true };
  if (item.do === 'change') {
    const result = fate === 'change-fails' ? 'failed' : fate === 'refused' ? 'refused' : 'done';
    return { type: 'settled', at, targetId, callId, result, note: fate };
  }
  const result = fate === 'proof-mismatch' ? 'mismatch' : fate === 'proof-unread' ? 'unverified' : 'verified';
  return { type: 'proof', at, targetId, callId, result, note: fate };
}
