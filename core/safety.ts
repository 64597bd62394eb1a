import type { Item, PlanTarget } from './plan.ts';

/**
 * Where a target stands on the way back to safety. `kept`: it never left a safe point, or a proof showed that it is back on one · `owed`: its
 * make-safe items are due · `restored`: they were carried out and proven · `unsure`: they failed, or there are none: somebody has to look.
 */
export type Safety = 'kept' | 'owed' | 'restored' | 'unsure';

/**
 * Is a target certain to be under exactly one active engine? `reached` counts the items whose change may have happened, `proven` the items
 * that are behind it. Counted back from the last change that may have happened: a proof behind it vouches for all before, unless it tells of
 * something else.
 */
export function atSafePoint({ sequence }: Pick<PlanTarget, 'sequence'>, reached: number, proven: number): boolean {
  for (let index = Math.max(reached, proven) - 1; index >= 0; index -= 1) {
    const item = sequence[index] as Item;
    if (item.do === 'prove' && item.safe !== false && index < proven) return true;
    if (item.do === 'change' && !item.safe && index < reached) return false;
  }
  return true;
}
