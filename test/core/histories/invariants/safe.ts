import { callsOf, expandCall } from '../../../../core/plan.ts';
import type { Run } from '../../../../core/run.ts';
import { isMakeSafe } from '../make-safe.ts';
import type { World } from '../world.ts';
import type { Invariant } from './invariant.ts';
import { first } from './invariant.ts';

/**
 * A target on which a change that leaves it half-way arrived, or may have: Azure was asked for it and did not turn it away. It is asked again
 * only when the time before was in vain, so the last time counts.
 */
function mayBeHalfWay(world: World, planHash: string, targetId: string): boolean {
  const { plan } = world.memory.plans.get(planHash)!;
  const target = plan.targets.find(({ id }) => id === targetId)!;
  return target.sequence.some((item) => {
    if (item.do !== 'change' || item.safe) return false;
    const { path } = expandCall(plan, planHash, targetId, item.call);
    return world.azure.cells.has(path) || world.sendings.findLast(({ call }) => call.path === path)?.answered === null;
  });
}

function left(world: World, run: Run): string | null {
  if (run.state !== 'finished') return null;
  return first(Object.entries(run.targets), ([id, { status, safety }]) => {
    if (safety === 'owed') return `the run ended while ${id} is half-way`;
    if (status === 'verified' || safety === 'restored' || safety === 'unsure') return null;
    return mayBeHalfWay(world, run.planHash, id) && `${id} is ${status}, may be half-way, and nobody is told`;
  });
}

export const safe: readonly Invariant[] = [
  {
    name: '18 a target past a change without its proof ends restored, or somebody is told that it is not known to be safe',
    broken: (world, { commits }) => first(commits, ({ runs }) => first(runs, ({ after }) => left(world, after))),
  },
  {
    name: '18 what counts as restored is back as it was',
    broken: (world, { commits }) =>
      first(commits, ({ runs, at }) =>
        first(runs, ({ before, after }) =>
          first(Object.entries(after.targets), ([id, { safety }]) => {
            const news = safety === 'restored' && before?.targets[id]?.safety !== 'restored';
            return news && world.azure.isTrue(id, at) && `${id} is restored, but it is not so`;
          }),
        ),
      ),
  },
  {
    name: '4 after a stop, in a freeze and outside its window only what makes a target safe leaves',
    broken: (world, { sendings }) =>
      first(sendings, ({ planHash, targetId, call, barred }) => {
        if (barred === null || isMakeSafe(world, planHash, targetId, call.id)) return null;
        return `${call.path} leaves although ${barred.because}`;
      }),
  },
  {
    name: '4 no run begins in a freeze or outside its window',
    broken: (world, { commits }) =>
      first(commits, ({ entries, at }) =>
        first(entries, ({ kind, subject }) => {
          if (kind !== 'run-begun') return null;
          const { window } = world.memory.plans.get(subject)!.plan;
          if (window && (at < window.from || at >= window.until)) return 'a run begins outside its window';
          return world.migration.freezes.some(({ from, until }) => from <= at && at < until) && 'a run begins in a freeze';
        }),
      ),
  },
  {
    name: '1 what somebody held is never worked on',
    broken: (world, { commits, sendings }) =>
      first(sendings, ({ planHash, targetId, call }) => {
        const held = world.memory.plans.get(planHash)!.signOff.holds.some((hold) => hold.targetId === targetId);
        const progress = world.memory.runs.get(planHash)!.run.targets[targetId];
        return (held || progress?.status === 'held') && `${call.path} leaves although somebody held the target`;
      }) ??
      first(commits, ({ runs }) =>
        first(runs, ({ before, after }) => {
          const plan = world.memory.plans.get(after.planHash)!;
          const held = [
            ...plan.signOff.holds.map(({ targetId }) => targetId),
            ...Object.entries(before?.targets ?? {}).flatMap(([id, { status }]) => (status === 'held' ? [id] : [])),
          ];
          const free = held.find((id) => after.targets[id]?.status !== 'held');
          return free && `${free} was held and is ${after.targets[free]?.status}`;
        }),
      ),
  },
  {
    name: '2 what takes a change back is never sent under the plan that made it',
    broken: (world, { sendings }) =>
      first(sendings, ({ planHash, call }) => {
        const own = callsOf(world.memory.plans.get(planHash)!.plan).some((one) => one.call.id === call.id);
        return !own && `${call.path} is sent under a plan that has it for an undo only`;
      }),
  },
];
