import type { SourceLine } from '../sources.ts';

/** A list of sign-offs, runs or sources; the items with a hash can be opened. */
export interface ListView {
  readonly title: string;
  readonly sentence: string;
  readonly items: readonly ListItem[];
  /** What cannot be seen, in sentences; nothing where nothing is said of it. */
  readonly blindSpot?: readonly string[];
  readonly sources?: readonly SourceLine[];
}

export interface ListItem {
  readonly id: string;
  readonly hash: string | null;
  readonly title: string;
  readonly detail: string;
}
