import type { Instant } from '../../../../core/instant.ts';
import { MINUTE } from '../../../../core/instant.ts';
import type { Plan } from '../../../../core/plan.ts';
import type { Run, TargetStatus } from '../../../../core/run.ts';
import type { World } from '../world.ts';
import type { Invariant } from './invariant.ts';
import { first } from './invariant.ts';

/** Does this plan take back what another one did? */
const takesBack = (world: World, hash: string) => world.memory.plans.get(hash)?.plan.follows?.how === 'undo';

const BAD: ReadonlySet<TargetStatus> = new Set(['failed', 'mismatch', 'unverified', 'ambiguous']);
const PROVEN: ReadonlySet<TargetStatus> = new Set(['verified', 'dropped', 'held']);
const IDLE: ReadonlySet<TargetStatus> = new Set([
  'planned',
  'verified',
  'mismatch',
  'unverified',
  'failed',
  'dropped',
  'held',
  'untouched',
]);

const goesOn = ({ status, open, safety }: Run['targets'][string]) =>
  safety === 'owed' || (!IDLE.has(status) && !(status === 'ambiguous' && open === null));

function beginsTooEarly(plan: Plan, run: Run, targetId: string): string | null {
  const wave = plan.waves.findIndex(({ targetIds }) => targetIds.includes(targetId));
  const earlier = plan.waves.slice(0, wave).flatMap(({ targetIds }) => targetIds);
  const unproven = earlier.find((id) => !PROVEN.has(run.targets[id]!.status));
  if (unproven) return `${targetId} begins while ${unproven} of an earlier wave is ${run.targets[unproven]?.status}`;
  if (run.targets[targetId]?.status !== 'planned') return null;
  const failedOf = (ids: readonly string[]) =>
    ids.filter((id) => BAD.has(run.targets[id]!.status) && run.targets[id]!.open === null).length;
  const failed = failedOf(Object.keys(run.targets));
  if (failed >= plan.limits.stopAfterFailures) return `${targetId} begins after ${failed} failures`;
  const { targetIds } = plan.waves[wave]!;
  if (failedOf(targetIds) > plan.limits.maxFailedShare * targetIds.length) return `${targetId} begins after too much of its wave failed`;
  const underWay = plan.targets.filter(({ id }) => goesOn(run.targets[id]!));
  const { apartFrom } = plan.targets.find(({ id }) => id === targetId)!;
  if (apartFrom !== null && underWay.some((other) => other.apartFrom === apartFrom)) return `${targetId} begins beside another of its set`;
  return underWay.length >= plan.limits.concurrency ? `${targetId} begins while ${underWay.length} are under way` : null;
}

/** Was the wave looked at again, and did the ring before it soak? Told from the ledger and from when its targets were proven. */
function wavesTooEarly(world: World, plan: Plan, run: Run, targetId: string, at: Instant): string | null {
  const wave = plan.waves.findIndex(({ targetIds }) => targetIds.includes(targetId));
  const [before, here] = [plan.waves[wave - 1], plan.waves[wave]!];
  if (!before || run.targets[targetId]?.status !== 'planned') return null;
  const looked = world.memory.ledger.some(({ subject, data }) => subject === run.planHash && data['preflight'] === here.name);
  if (!looked) return `${targetId} begins in a wave that was not looked at again`;
  const soak = before.ring === here.ring ? 0 : plan.limits.soakMinutes * MINUTE;
  const last = Math.max(...before.targetIds.map((id) => run.targets[id]!.since));
  return at < last + soak ? `${targetId} begins ${at - last} ms after the ring before it` : null;
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
    name: '6 a later wave begins only when it was looked at again, and the ring before it has soaked',
    broken: (world, { commits }) =>
      first(commits, ({ intents, runs, at }) =>
        first(intents, ({ planHash, targetId }) => {
          const before = runs.find(({ after }) => after.planHash === planHash)?.before;
          return before && wavesTooEarly(world, world.memory.plans.get(planHash)!.plan, before, targetId, at);
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
              world.azure.isTrue(id, at) === takesBack(world, after.planHash) &&
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
          const { sequence, makeSafe } = world.memory.plans.get(planHash)!.plan.targets.find(({ id }) => id === targetId)!;
          const place = sequence.findIndex(({ call }) => call?.id === callId);
          if (!before || before.open) return `${callId} on ${targetId} begins while another is open`;
          if (place < 0) {
            const safe = makeSafe.findIndex(({ call }) => call?.id === callId);
            const due = before.safety === 'owed' && before.safeItem === safe;
            return !due && `${callId} on ${targetId} begins, but ${before.safety} safety is at ${before.safeItem}`;
          }
          if (before.safety === 'owed') return `${callId} on ${targetId} goes on instead of being made safe`;
          return (
            place > 0 &&
            (before.status !== 'done' || before.item !== place) &&
            `${callId} on ${targetId} begins after one that is ${before.status}`
          );
        }),
      ),
  },
];
