import type { JsonObject } from '../core/json.ts';

const CELLS = 12;

/** Data of the part `progress`; a client that cannot draw the bar shows it in characters. */
export function progress(value: number, of: number, colour: 'Accent' | 'Good' | 'Warning' | 'Attention'): JsonObject {
  const share = of > 0 ? Math.min(1, Math.max(0, value / of)) : 0;
  const cells = Math.floor(share * CELLS);
  return {
    percent: percent(value, of),
    progressValue: Math.round(share * 1000) / 10,
    progressColour: colour,
    progressCells: `${'█'.repeat(cells)}${'░'.repeat(CELLS - cells)} ${percent(value, of)}`,
  };
}

/** Rounded down, so that 100% means all of it. */
export function percent(value: number, of: number): string {
  return of > 0 ? `${Math.floor((100 * value) / of + 1e-9)}%` : '0%';
}
