import { nextMoves } from '../../../../core/moves.ts';
import type { Run } from '../../../../core/run.ts';
import { advance } from '../../../../core/run.ts';
import type { SignOff } from '../../../../core/sign-off.ts';
import { decide, lastStart } from '../../../../core/sign-off.ts';
import { isMakeSafe } from '../make-safe.ts';
import type { Invariant } from './invariant.ts';
import { first } from './invariant.ts';

const open = (signOff: SignOff) => signOff.state === 'pending' || signOff.state === 'approved';
/** What only the owner of a run records. */
const WORK: ReadonlySet<string> = new Set(['intent', 'outcome', 'proof']);

export const ended: readonly Invariant[] = [
  {
    name: '4 what was rejected, withdrawn, expired or superseded stays so, and never begins',
    broken: (_world, { commits }) =>
      first(commits, ({ signOffs }) =>
        first(signOffs, ({ before, after }) => {
          if (before && !open(before) && JSON.stringify(before) !== JSON.stringify(after)) return `${before.state} became ${after.state}`;
          return after.begun && after.state !== 'approved' && `a plan that is ${after.state} has begun`;
        }),
      ),
  },
  {
    name: '4 nothing begins after its time is over',
    broken: (_world, { commits }) =>
      first(commits, ({ signOffs, at }) =>
        first(signOffs, ({ before, after }) => {
          const signedNow = after.votes.length > (before?.votes.length ?? 0);
          if (signedNow && at >= after.expiresAt) return 'a vote counted after the request expired';
          return before && !before.begun && after.begun && at >= lastStart(before) && 'a run began after its last moment';
        }),
      ),
  },
  {
    name: '4 nothing new begins after a stop or the end of a run, but for what makes a target safe',
    broken: (world, { commits }) =>
      first(commits, ({ intents, retries, runs }) => {
        const begins = [
          ...intents.map((intent) => ({ ...intent, run: runs.find(({ after }) => after.planHash === intent.planHash)?.before })),
          ...retries.map(({ before, run }) => ({ ...before, run })),
        ];
        return first(begins, ({ run, planHash, callId, targetId }) => {
          if (run?.state === 'running' && run.targets[targetId]?.safety === 'owed' && isMakeSafe(world, planHash, targetId, callId))
            return null;
          return (run?.stop || run?.state !== 'running') && `${callId} on ${targetId} begins in a run that was over`;
        });
      }),
  },
  {
    name: '4 a run that was stopped has no move that opens anything new, and takes no intent of it',
    broken: (world, { commits }) =>
      first(commits, ({ runs, at }) =>
        first(runs, ({ after }) => {
          if (after.stop === null) return null;
          const { plan } = world.memory.plans.get(after.planHash)!;
          const moves = nextMoves(plan, after, at).filter((move) => move.do === 'open');
          if (moves.some(({ targetId, item }) => !isMakeSafe(world, after.planHash, targetId, item.call?.id)))
            return 'a stopped run would go on';
          const takes = (targetId: string, callId: string) => advance(plan, after, { type: 'intent', at, targetId, callId }) !== after;
          const late = plan.targets.find(({ id, sequence }) => sequence.some(({ call }) => call && takes(id, call.id)));
          return late && `a stopped run would begin ${late.id}`;
        }),
      ),
  },
  {
    name: '4 a plan that is not signed, over, or within its grace may not begin',
    broken: (_world, { commits }) =>
      first(commits, ({ signOffs, at, live }) =>
        first(signOffs, ({ after }) => {
          if (after.begun || (after.state === 'approved' && after.startsAt !== null && after.startsAt <= at)) return null;
          return decide(after, { type: 'begin', at }, live).kind !== 'refused' && `a plan that is ${after.state} may begin at once`;
        }),
      ),
  },
  {
    name: '4 a bot that lost its lease changes nothing',
    broken: (world, { commits }) =>
      first(commits, ({ bot, owner, refused, entries }) =>
        first(entries, ({ kind, subject }) => {
          if (!WORK.has(kind)) return null;
          if (refused > 0) return `${bot} recorded work that the store had refused`;
          return world.memory.runs.get(subject)?.owner !== owner && `${bot} works on a run that another one owns`;
        }),
      ),
  },
  {
    name: '14 a stop is never taken back, and a finished run never changes',
    broken: (_world, { commits }) =>
      first(commits, ({ runs }) =>
        first(runs, ({ before, after }) => {
          if (before?.state === 'finished') return 'a finished run changed';
          return before?.stop && JSON.stringify(before.stop) !== JSON.stringify(after.stop) && 'a stop was taken back';
        }),
      ),
  },
  {
    name: '4 an ended target never changes',
    broken: (_world, { commits }) =>
      first(commits, ({ runs }) =>
        first(runs, ({ before, after }) =>
          first(Object.entries(before?.targets ?? {}), ([id, was]) => {
            const over = was.open === null && ENDS.has(was.status) && was.safety !== 'owed';
            return over && after.targets[id] !== was && `${id} was ${was.status} and became ${after.targets[id]?.status}`;
          }),
        ),
      ),
  },
];

const ENDS: ReadonlySet<Run['targets'][string]['status']> = new Set([
  'verified',
  'mismatch',
  'unverified',
  'failed',
  'ambiguous',
  'dropped',
  'held',
  'untouched',
]);
