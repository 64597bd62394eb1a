import { MINUTE } from '../../../../core/instant.ts';
import type { Call } from '../../../../core/plan.ts';
import { callsOf, expandCall } from '../../../../core/plan.ts';
import type { JournalRow } from '../../../../core/ports.ts';
import type { Run } from '../../../../core/run.ts';
import { hasEnded } from '../../../../core/run.ts';
import { journalKey } from '../journal-key.ts';
import type { World } from '../world.ts';
import type { Invariant } from './invariant.ts';
import { first } from './invariant.ts';

/** What Azure has not shown by then never arrived. */
const SETTLE = 2 * MINUTE;

function pathOf(world: World, { planHash, targetId, callId }: Pick<JournalRow, 'planHash' | 'targetId' | 'callId'>): string {
  const plan = world.memory.plans.get(planHash)!.plan;
  const found = callsOf(plan).find(({ target, call }) => target.id === targetId && call.id === callId);
  return expandCall(plan, planHash, targetId, found?.call as Call).path;
}

function blind(world: World, row: JournalRow): string | null {
  const path = pathOf(world, row);
  const last = world.sendings.findLast(({ call }) => call.path === path);
  if (last?.answered === 'throttled') return null;
  const absent = world.absent.get(path) ?? 0;
  return absent < row.intentAt + SETTLE || row.outcome === 'accepted' ? `${row.callId} on ${row.targetId} is sent again blindly` : null;
}

type Progress = Run['targets'][string];

/** Did the call that was open end without anybody knowing what became of it? */
function givenUp(before: Progress | undefined, after: Progress | undefined): boolean {
  if (!before || !after || after.open) return false;
  return before.safety === 'owed' ? after.safety === 'unsure' && isUnclear(after.safetyNote) : after.status === 'ambiguous';
}

const isUnclear = (note: string) => /not known|could not be read|still running/.test(note);

export const calls: readonly Invariant[] = [
  {
    name: '3 a call is sent again only when Azure showed that it never arrived',
    broken: (world, { commits }) => first(commits, ({ retries }) => first(retries, ({ before }) => blind(world, before))),
  },
  {
    name: '3 an ambiguous call is read back before it is given up',
    broken: (world, { commits }) =>
      first(commits, ({ runs }) =>
        first(runs, ({ before, after: { planHash, targets } }) =>
          first(Object.entries(before?.targets ?? {}), ([targetId, { open }]) => {
            if (!open || !givenUp(before?.targets[targetId], targets[targetId])) return null;
            const looked = world.looked.get(pathOf(world, { planHash, targetId, callId: open.callId })) ?? 0;
            return looked < open.since + SETTLE && `${open.callId} on ${targetId} is given up without another look`;
          }),
        ),
      ),
  },
  {
    name: '3 one attempt sends at most once',
    broken: (world, { sendings }) =>
      first(sendings, (sending) => {
        const same = world.sendings.filter(({ call, attempt }) => call.path === sending.call.path && attempt === sending.attempt);
        return same.length > 1 && `${sending.call.path} left ${same.length} times in attempt ${sending.attempt}`;
      }),
  },
  {
    name: '5 a committed intent precedes every call',
    broken: (_world, { sendings }) => first(sendings, ({ call, attempt }) => attempt === 0 && `${call.path} left without an open intent`),
  },
  {
    name: '5 an outcome or a visible ambiguity follows every intent',
    broken: (world, { commits }) =>
      first(commits, ({ runs }) =>
        first(runs, ({ after }) => {
          if (after.state !== 'finished') return null;
          const rows = [...world.memory.journal.values()].filter(({ planHash }) => planHash === after.planHash);
          return first(rows, (row) => {
            const progress = after.targets[row.targetId]!;
            if (!hasEnded(progress) || progress.open) return `the run ended while ${row.targetId} is ${progress.status}`;
            const clear = row.outcome === 'settled' || row.outcome === 'failed' || row.outcome === 'refused';
            if (row.outcome === 'open') return `the run ended while ${row.callId} on ${row.targetId} is open`;
            return (
              !clear &&
              progress.status !== 'ambiguous' &&
              progress.safety !== 'unsure' &&
              `${row.callId} on ${row.targetId} is ${row.outcome}, its target ${progress.status}`
            );
          });
        }),
      ),
  },
  {
    name: '5 what the run calls open is in the journal',
    broken: (world, { commits }) =>
      first(commits, ({ runs }) =>
        first(runs, ({ after }) =>
          first(Object.entries(after.targets), ([id, { open }]) => {
            return (
              open !== null &&
              !world.memory.journal.has(journalKey(after.planHash, id, open.callId)) &&
              `${open.callId} on ${id} is not journaled`
            );
          }),
        ),
      ),
  },
];
