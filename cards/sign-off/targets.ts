import { name, plain } from '../plain.ts';
import { count, number } from '../words.ts';
import type { SignOffView } from './view.ts';

/** More machines than this are counted by ring instead of named. */
export const MOST_NAMED = 60;

/** `Touches 12 targets`, and how many of them when some are held out. */
export function touchesWords({ targets, holds }: Pick<SignOffView, 'targets' | 'holds'>): string {
  const words = `Touches ${count(targets.length, 'target')}`;
  return holds.length === 0 ? words : `${words}, less ${number(holds.length)} held out: ${number(targets.length - holds.length)} remain`;
}

export interface TargetLine {
  /** `canary · Finance / rg-finance (2)` */
  readonly heading: string;
  /** What was known of them when the plan was made. */
  readonly found: string;
  readonly names: string;
}

/** Every target by name, those that share ring, place and finding on one line; only counts per ring beyond `most`. */
export function targetLines(view: SignOffView, most: number): readonly TargetLine[] {
  if (view.targets.length > most) {
    return [...grouped(view.targets, ({ ring }) => ring)].map(([ring, targets]) => ({
      heading: `${name(ring)}: ${count(targets.length, 'target')}`,
      found: '',
      names: '',
    }));
  }
  return [...grouped(view.targets, ({ ring, where, found }) => JSON.stringify([ring, where, found])).values()].map((targets) => {
    const { ring, where, found } = targets[0]!;
    return {
      heading: `${[name(ring), plain(where)].filter(Boolean).join(' · ')} (${number(targets.length)})`,
      found: plain(found, 240),
      names: targets.map((target) => name(target.name)).join(', '),
    };
  });
}

/** Machines in scope that the plan does not touch, those with the same reason together. */
export function leftOutLines(view: SignOffView, mostNames: number): readonly { readonly names: string; readonly because: string }[] {
  return [...grouped(view.leftOut, ({ because }) => because).values()].map((left) => {
    const more = left.length - mostNames;
    const shown = left.slice(0, mostNames).map((item) => name(item.name));
    return { names: [...shown, ...(more > 0 ? [`+${number(more)} more`] : [])].join(', '), because: plain(left[0]!.because, 240) };
  });
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  return Map.groupBy(items, keyOf);
}
