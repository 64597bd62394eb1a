import type { GapCondition } from '../../../core/protection-gap.ts';
import { gapConditions } from '../../../core/protection-gap.ts';
import { count } from '../words.ts';

/** `2 machines without an active engine that was detected, 1 machine with two`. Empty for none. */
export function countWords(gaps: readonly { readonly condition: GapCondition; readonly machineId: string }[]): string {
  const words = gapConditions.flatMap((condition) => {
    const machines = new Set(gaps.filter((gap) => gap.condition === condition).map(({ machineId }) => machineId)).size;
    return machines === 0 ? [] : [`${count(machines, 'machine')} ${withWords[condition]}`];
  });
  return words.join(', ');
}

const withWords: Readonly<Record<GapCondition, string>> = {
  'none-active': 'without an active engine that was detected',
  'both-active': 'with two active engines',
};

/** What a card about gaps cannot tell, where it speaks of engines that were not detected. */
export const NOT_DETECTED = 'Not detected is not the same as not there: a product the probe does not know cannot be excluded';
