import type { Instant } from './instant.ts';
import type { Item, Plan, PlanTarget } from './plan.ts';
import type { Run } from './run.ts';
import { failedTooMuch, hasEnded, isUnderWay, itemOf, waitedBy } from './run.ts';

/**
 * What to do next. `begin` and `clear-wave`: look at the targets again before anything begins. `open`: commit the intent of an item and begin
 * it; `first` when nothing was done to the target yet. `look`: read back a call whose outcome is open. `pass`: a wait is over.
 */
export type Move =
  | { readonly do: 'begin' }
  | { readonly do: 'clear-wave'; readonly wave: number }
  | { readonly do: 'open'; readonly targetId: string; readonly item: Item; readonly first: boolean }
  | { readonly do: 'look'; readonly targetId: string; readonly item: Item }
  | { readonly do: 'pass'; readonly targetId: string; readonly item: Item & { readonly do: 'wait' } };

/**
 * The moves due now: first those that carry a machine to safety, then what begins, which Azure's limits hold back anyway, then the looks. Pure: the same run and time give the same moves. `waits` tells of targets that
 * are to be left alone for a while; they take nobody's turn.
 */
export function nextMoves(plan: Plan, run: Run, now: Instant, waits: (targetId: string) => boolean = () => false): readonly Move[] {
  if (run.state === 'waiting') return now >= run.startsAt ? [{ do: 'begin' }] : [];
  const wave = plan.waves[run.wave];
  if (run.state === 'finished' || !wave) return [];
  if (!run.cleared && run.stop === null) return now >= run.waveFrom ? [{ do: 'clear-wave', wave: run.wave }] : [];
  const targets = new Map(plan.targets.map((target) => [target.id, target]));
  const members = wave.targetIds.map((id) => ({ target: targets.get(id) as PlanTarget, progress: run.targets[id]! }));
  const underWay = members.filter(({ progress }) => isUnderWay(progress));
  const busy = new Set(underWay.map(({ target }) => target.apartFrom));
  let free = run.stop !== null || failedTooMuch(plan, run) ? 0 : plan.limits.concurrency - underWay.length;
  const urgent: Move[] = [];
  const opens: Move[] = [];
  const looks: Move[] = [];
  for (const { target, progress } of members) {
    if (hasEnded(progress) || waits(target.id)) continue;
    const item = itemOf(target, progress) as Item;
    const owed = progress.safety === 'owed';
    const goesOn = owed || (progress.status === 'done' && run.stop === null);
    if (item.do === 'wait') {
      if (goesOn && now >= waitedBy(item, progress)) (owed ? urgent : opens).push({ do: 'pass', targetId: target.id, item });
    } else if (progress.open) (owed ? urgent : looks).push({ do: 'look', targetId: target.id, item });
    else if (goesOn) (owed ? urgent : opens).push({ do: 'open', targetId: target.id, item, first: false });
    else if (progress.status === 'planned' && free > 0 && (target.apartFrom === null || !busy.has(target.apartFrom))) {
      free -= 1;
      busy.add(target.apartFrom);
      opens.push({ do: 'open', targetId: target.id, item, first: true });
    }
  }
  return [...urgent, ...opens, ...looks];
}
