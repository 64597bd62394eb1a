import type { BenchRow } from './bench.ts';

const COLUMNS = [
  ['bench', 10],
  ['machines', 8],
  ['what', 50],
  ['measured', 12],
  ['target', 10],
  ['JSON.parse', 11],
  ['ratio', 7],
  ['', 6],
] as const;
const TEXT = new Set<string>(['bench', 'what', '']);

export const HEADING = padded(COLUMNS.map(([name]) => name));

/** A row as the table prints it. */
export function lineOf(bench: string, row: BenchRow): string {
  const { machines, what, measured, unit, target, beside, atLeast } = row;
  const shown = (value: number) => `${value >= 100 || unit === '' ? Math.round(value) : value.toFixed(1)} ${unit}`.trim();
  return padded([
    bench,
    String(machines),
    what,
    shown(measured),
    target === null ? '' : `${atLeast ? '≥' : '≤'} ${target} ${unit}`.trim(),
    beside === null ? '' : `${beside.toFixed(2)} ms`,
    beside === null ? '' : `${(measured / beside).toFixed(1)} ×`,
    target === null ? '' : missed(row) ? 'MISSED' : 'met',
  ]);
}

export function missed({ measured, target, atLeast }: BenchRow): boolean {
  return target !== null && (atLeast ? measured < target : measured > target);
}

function padded(cells: readonly string[]): string {
  return COLUMNS.map(([name, width], index) => (TEXT.has(name) ? cells[index]!.padEnd(width) : cells[index]!.padStart(width)))
    .join('  ')
    .trimEnd();
}
