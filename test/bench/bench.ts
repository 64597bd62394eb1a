/** One line of the table. `beside` is JSON.parse of the same bytes in the same run, so that the ratio says more than this host does. */
export interface BenchRow {
  machines: number;
  what: string;
  measured: number;
  unit: 'ms' | 'MB' | '%' | '' | 's';
  /** What it must stay at or below; null = only told. */
  target: number | null;
  /** The target is what it must reach instead. */
  atLeast?: true;
  beside: number | null;
}

/** Measures one part of the project at each size and gives its rows as they are known. */
export interface Bench {
  /** Sizes it is run at unless told otherwise. */
  sizes: readonly number[];
  rows(machines: number): AsyncIterable<BenchRow>;
}
