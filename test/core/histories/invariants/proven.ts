import type { Plan } from '../../../../core/plan.ts';
import type { Run, TargetStatus } from '../../../../core/run.ts';
import type { Invariant } from './invariant.ts';
import { first } from './invariant.ts';

const BAD: ReadonlySet<TargetStatus> = new Set(['failed', 'mismatch', 'unverified', 'ambiguous']);
const IDLE: ReadonlySet<TargetStatus> = new Set(['planned', 'verified', 'mismatch', 'unverified', 'failed', 'dropped', 'untouched']);

function beginsTooEarly(plan: Plan, run: Run, targetId: string): string | null {
  const wave = plan.waves.findIndex(({ targetIds }) => targetIds.includes(targetId));
  const earlier = plan.waves.slice(0, wave).flatMap(({ targetIds }) => targetIds);
  const unproven = earlier.find((id) => run.targets[id]?.status !== 'verified' && run.targets[id]?.status !== 'dropped');
  if (unproven) return `${targetId} begins while ${unproven} of an earlier wave is ${run.targets[unproven]?.status}`;
  if (run.targets[targetId]?.status !== 'planned') return null;
  const all = Object.values(run.targets);
  const failed = all.filter(({ status, open }) => BAD.has(status) && open === null).length;
  if (failed >= plan.limits.stopAfterFailures) return `${targetId} begins after ${failed} failures`;
  const underWay = all.filter(({ status, open }) => !IDLE.has(status) && !(status === 'ambiguous' && open === null)).length;
  return underWay >= plan.limits.concurrency ? `${targetId} begins while ${underWay} are under way` : null;
}

export const proven: readonly Invariant[] = [
  {
    name: '6 a target begins only when the waves before it are proven, and within the limits',
    broken: (world, { commits }) =>
      first(commits, ({ intents, runs }) =>
        first(intents, ({ planHash, targetId }) => {
          const before = runs.find(({ after }) => after.planHash === planHash)?.before;
          return before && beginsTooEarly(world.memory.plans.get(planHash)!.plan, before, targetId);
        }),
      ),
  },
  {
    name: '6 what counts as verified is true',
    broken: (world, { commits }) =>
      first(commits, ({ runs, at }) =>
        first(runs, ({ before, after }) =>
          first(Object.entries(after.targets), ([id, { status }]) => {
            return (
              status === 'verified' &&
              before?.targets[id]?.status !== 'verified' &&
              !world.azure.isTrue(id, at) &&
              `${id} is verified, but it is not so`
            );
          }),
        ),
      ),
  },
  {
    name: '6 only what is verified in full is complete',
    broken: (_world, { commits }) =>
      first(commits, ({ runs }) =>
        first(runs, ({ after }) => {
          const rest = Object.values(after.targets).find(({ status }) => status !== 'verified');
          return after.verdict === 'complete' && rest && `a run is complete with a target ${rest.status}`;
        }),
      ),
  },
  {
    name: '15 a run ends early only for a reason it names',
    broken: (_world, { commits }) =>
      first(commits, ({ runs }) =>
        first(runs, ({ after: { verdict, stop, targets } }) => {
          const statuses = Object.values(targets).map(({ status }) => status);
          if (verdict === 'halted') return !statuses.some((status) => BAD.has(status)) && 'a run halted although nothing failed';
          if (verdict === 'stopped' || verdict === 'voided') return stop === null && `a run is ${verdict}, but nobody stopped it`;
          return verdict === 'partly' && statuses.includes('untouched') && 'a run passed over a target';
        }),
      ),
  },
  {
    name: '6 a call follows the proof of the one before it, in the order of the plan',
    broken: (world, { commits }) =>
      first(commits, ({ runs, intents }) =>
        first(intents, ({ planHash, targetId, callId }) => {
          const before = runs.find(({ after }) => after.planHash === planHash)?.before?.targets[targetId];
          const sequence = world.memory.plans.get(planHash)!.plan.targets.find(({ id }) => id === targetId)!.sequence;
          const place = sequence.findIndex(({ call }) => call?.id === callId);
          if (!before || before.open) return `${callId} on ${targetId} begins while another is open`;
          return (
            place > 0 &&
            (before.status !== 'done' || before.item !== place) &&
            `${callId} on ${targetId} begins after one that is ${before.status}`
          );
        }),
      ),
  },
];
