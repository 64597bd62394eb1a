import type { Patch } from '../machines/updates.ts';
import type { PatchWish } from '../state.ts';

export interface PatchSelection {
  selected: Patch[];
  /** Asked for and then ruled out. */
  excluded: Patch[];
  notSelected: Patch[];
}

/** Sorts what a machine lacks by what an installation asks for. */
export function selectPatches(available: readonly Patch[], wish: PatchWish): PatchSelection {
  const asked = available.filter((patch) => isAsked(patch, wish));
  return {
    selected: asked.filter((patch) => !isExcluded(patch, wish)),
    excluded: asked.filter((patch) => isExcluded(patch, wish)),
    notSelected: available.filter((patch) => !asked.includes(patch)),
  };
}

function isAsked({ name, kbId, classification }: Patch, { classifications, kbNumbers, nameMasks }: PatchWish): boolean {
  if (kbId !== null && kbNumbers.includes(kbId)) return true;
  if (nameMasks.some((mask) => matches(mask, name))) return true;
  return classifications.some((wanted) => wanted.toLowerCase() === classification.toLowerCase());
}

function isExcluded({ name, kbId, rebootBehavior, publishedAt }: Patch, wish: PatchWish): boolean {
  if (kbId !== null && wish.excludedKbNumbers.includes(kbId)) return true;
  if (wish.excludedNameMasks.some((mask) => matches(mask, name))) return true;
  if (wish.excludeRebooting && rebootBehavior !== 'NeverReboots') return true;
  return wish.publishedUntil !== null && Date.parse(publishedAt) > Date.parse(wish.publishedUntil);
}

/** Package masks know `*` and `?`. */
function matches(mask: string, name: string): boolean {
  const source = mask
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'i').test(name);
}
