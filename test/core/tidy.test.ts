import { DAY, HOUR, SECOND } from '../../core/instant.ts';
import type { Call, Plan } from '../../core/plan.ts';
import { planHash } from '../../core/plan.ts';
import type { JournalRow } from '../../core/ports.ts';
import type { Run, TargetStatus } from '../../core/run.ts';
import { waitingRun } from '../../core/run.ts';
import { leavesRunCommands } from '../../core/tidy.ts';
import { tidyState } from '../../core/tidy-moves.ts';
import { halfWay, NOW, planOf } from '../support/facts.ts';

const ENDED = NOW + HOUR;
const plan = { ...planOf(2), tidies: true };
const hash = planHash(plan);

function runOf(status: TargetStatus = 'verified', of: Plan = plan): Run {
  const waiting = waitingRun(of, hash, NOW, []);
  const targets = Object.fromEntries(Object.entries(waiting.targets).map(([id, progress]) => [id, { ...progress, status }]));
  return { ...waiting, state: 'finished', verdict: 'complete', endedAt: ENDED, targets };
}
function line(callId: string, outcome: JournalRow['outcome'], more: Partial<JournalRow> = {}): JournalRow {
  return { planHash: hash, targetId: '/t/0', callId, attempt: 1, intentAt: NOW, outcome, outcomeAt: NOW, detail: '', ...more };
}
const settled = [line('set', 'settled'), line('probe', 'settled')];
const at = (now: number, journal: readonly JournalRow[], run = runOf(), of: Plan = plan) => tidyState(of, hash, run, journal, now);
const moves = (state: ReturnType<typeof at>) => state.moves.map(({ do: what, target, call }) => `${what} ${target.id} ${call.id}`);

describe('what is deleted after a run', () => {
  it('is what its calls left, by the same path and version, with nothing in the body', () => {
    const [move] = at(ENDED, settled).moves;
    expect(move?.call).toMatchObject({ method: 'DELETE', path: `/x/${hash.slice(0, 12)}/set`, body: null, settles: 'gone' });
    expect(moves(at(ENDED, settled))).toEqual(['begin /t/0 set-tidy', 'begin /t/0 probe-tidy']);
  });

  it('is nothing that was refused or never begun', () => {
    expect(at(ENDED + 9 * DAY, [line('set', 'refused')])).toMatchObject({ moves: [], nextAt: null, done: true });
  });

  it('includes what made the machine safe', () => {
    const safe = { ...halfWay(plan), tidies: true };
    const journal = [line('set', 'ambiguous'), line('safe', 'settled'), line('safe-probe', 'settled')];
    expect(moves(at(ENDED + DAY, journal, runOf('ambiguous', safe), safe))).toEqual([
      'begin /t/0 set-tidy',
      'begin /t/0 safe-tidy',
      'begin /t/0 safe-probe-tidy',
    ]);
  });

  it('is nothing while the run goes on, for a plan that does not tidy, or for one signed for other rules', () => {
    expect(at(ENDED, settled, { ...runOf(), state: 'running', endedAt: null })).toMatchObject({ moves: [], done: false });
    expect(at(ENDED, settled, runOf(), { ...plan, tidies: false })).toMatchObject({ moves: [], done: true });
    expect(at(ENDED, settled, runOf(), { ...plan, executor: 'greenlight/executor/v0' })).toMatchObject({ moves: [], done: true });
  });
});

describe('what may explain a failure', () => {
  it.each<[string, TargetStatus, readonly JournalRow[]]>([
    ['an ambiguous call', 'verified', [line('set', 'ambiguous')]],
    ['a call that was never read to its end', 'verified', [line('set', 'accepted')]],
    ...(['failed', 'mismatch', 'unverified', 'ambiguous'] as const).map((status): [string, TargetStatus, readonly JournalRow[]] => [
      `all of a machine that is ${status}`,
      status,
      settled,
    ]),
  ])('stays for a day, and no longer: %s', (_what, status, journal) => {
    expect(at(ENDED + DAY - 1, journal, runOf(status))).toMatchObject({ moves: [], nextAt: ENDED + DAY, done: false });
    expect(at(ENDED + DAY, journal, runOf(status)).moves).toHaveLength(journal.length);
  });
});

describe('a deletion that was announced', () => {
  const tidy = (outcome: JournalRow['outcome'], outcomeAt: number | null) => [
    line('set', 'settled'),
    line('set-tidy', outcome, { intentAt: ENDED, outcomeAt }),
  ];

  it('is sent at once when nothing says that it was', () => {
    expect(moves(at(ENDED, tidy('open', null)))).toEqual(['send /t/0 set-tidy']);
  });

  it.each(['open', 'refused', 'ambiguous'] as const)('is sent again when it was %s, each time later, at most an hour apart', (outcome) => {
    const again = (after: number) => at(ENDED + after, tidy(outcome, ENDED + after)).nextAt;
    expect(again(0)).toBe(ENDED + 10 * SECOND);
    expect(again(300 * SECOND)).toBe(ENDED + 600 * SECOND);
    expect(again(5 * HOUR)).toBe(ENDED + 6 * HOUR);
    expect(moves(at(ENDED + 10 * SECOND, tidy(outcome, ENDED)))).toEqual(['send /t/0 set-tidy']);
  });

  it('is looked at, not sent again, once Azure has taken it', () => {
    expect(moves(at(ENDED + 10 * SECOND, tidy('accepted', ENDED)))).toEqual(['look /t/0 set-tidy']);
  });

  it('is given up after a day of trying', () => {
    expect(moves(at(ENDED + DAY, tidy('ambiguous', ENDED + DAY)))).toEqual(['give-up /t/0 set-tidy']);
    expect(moves(at(ENDED + DAY - 1, tidy('ambiguous', ENDED + DAY - 2 * HOUR)))).toEqual(['send /t/0 set-tidy']);
  });

  it('counts as deleted only when it was seen to be gone', () => {
    expect(at(ENDED, tidy('settled', ENDED))).toMatchObject({ deleted: 1, left: 0, done: true });
    expect(at(ENDED, tidy('accepted', ENDED))).toMatchObject({ deleted: 0, done: false });
    expect(at(ENDED, tidy('failed', ENDED))).toMatchObject({ deleted: 0, left: 1, done: true });
  });
});

it('only run commands need tidying', () => {
  const call = { settles: 'setting' } as Call;
  expect(leavesRunCommands({ sequence: [{ do: 'change', safe: true, call }], makeSafe: [] })).toBe(false);
  expect(leavesRunCommands({ sequence: [], makeSafe: plan.targets[0]!.sequence })).toBe(true);
});
