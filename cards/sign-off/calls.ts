import type { SignOffView } from './view.ts';

/** A call's place in its own target's sequence, from 1. */
export function positionOf({ calls }: SignOffView, index: number): number {
  return index - calls.findIndex(({ on }) => on === calls[index]?.on) + 1;
}
