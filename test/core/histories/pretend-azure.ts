import type { Instant } from '../../../core/instant.ts';
import { SECOND } from '../../../core/instant.ts';
import type { ExpandedCall } from '../../../core/plan.ts';
import type { ReadBack, Sent } from '../../../core/ports.ts';

/** What becomes of one request that is sent. Azure shows what it took within two minutes: `lands` and `shows` are less together. */
export interface Fate {
  readonly answer: Sent;
  /** Seconds until it takes effect; null when it never does. */
  readonly lands: number | null;
  /** Seconds from then until Azure shows it. */
  readonly shows: number;
}

const ambiguous: Sent = { kind: 'ambiguous', because: 'the connection was reset' };
export const honest: Fate = { answer: { kind: 'accepted' }, lands: 0, shows: 0 };
export const lostOnTheWay: Fate = { answer: ambiguous, lands: null, shows: 0 };

export const fates: readonly Fate[] = [
  honest,
  honest,
  honest,
  { ...honest, shows: 60 },
  { ...honest, lands: null }, // accepted, and nothing came of it
  { answer: { kind: 'throttled', retryAfterSeconds: 20 }, lands: null, shows: 0 },
  { answer: { kind: 'refused', because: 'no role', fix: '' }, lands: null, shows: 0 },
  { answer: ambiguous, lands: 0, shows: 0 },
  lostOnTheWay,
  { answer: ambiguous, lands: 80, shows: 30 },
];

interface Cell {
  readonly targetId: string;
  readonly call: ExpandedCall;
  readonly showsAt: Instant;
  readonly doneAt: Instant;
  readonly fails: boolean;
  /** Says that it worked although it did not. */
  readonly lies: boolean;
}

const isProbe = ({ id }: ExpandedCall) => id.endsWith('probe');
const takesBack = ({ id }: ExpandedCall) => id.startsWith('safe') || id.startsWith('undo');

/** The world outside: what was sent, what came of it, and what is true. */
export class PretendAzure {
  readonly cells = new Map<string, Cell>();
  /** Targets on which a change fails, or lies about its success. */
  readonly failing = new Set<string>();
  readonly lying = new Set<string>();
  /** Machines that were made anew, or are gone. */
  readonly changed = new Set<string>();
  readonly gone = new Set<string>();

  /** A request arrives. A repeat by the same name is recognised and does nothing. */
  take(targetId: string, call: ExpandedCall, fate: Fate, now: Instant): void {
    if (fate.lands === null || this.cells.has(call.path)) return;
    const landsAt = now + fate.lands * SECOND;
    this.cells.set(call.path, {
      targetId,
      call,
      showsAt: landsAt + fate.shows * SECOND,
      doneAt: landsAt + (call.settles === 'setting' ? 0 : 20 * SECOND),
      fails: this.failing.has(targetId),
      lies: this.lying.has(targetId),
    });
  }

  /** Is what a plan wants truly so on this target? The last change that worked says it. */
  isTrue(targetId: string, now: Instant): boolean {
    const worked = [...this.cells.values()].filter(
      (cell) => cell.targetId === targetId && !isProbe(cell.call) && !cell.fails && !cell.lies && cell.doneAt <= now,
    );
    const last = worked.toSorted((a, b) => a.doneAt - b.doneAt).at(-1);
    return last !== undefined && !takesBack(last.call);
  }

  show(call: ExpandedCall, now: Instant): ReadBack {
    const cell = this.cells.get(call.path);
    if (!cell || now < cell.showsAt) return { kind: 'absent' };
    if (now < cell.doneAt) return { kind: 'running' };
    if (cell.fails) return { kind: 'failed', because: 'exit code 1' };
    if (!isProbe(call)) return { kind: 'succeeded', output: '' };
    const nonce = JSON.stringify(cell.call.body).match(/[0-9a-f]{32}/)?.[0] ?? '';
    return { kind: 'succeeded', output: JSON.stringify({ nonce, passiveKey: this.isTrue(cell.targetId, cell.doneAt) ? 1 : null }) };
  }
}
