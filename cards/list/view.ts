/** A list of sign-offs or runs; those with a hash can be opened. */
export interface ListView {
  readonly title: string;
  readonly sentence: string;
  readonly items: readonly ListItem[];
}

export interface ListItem {
  readonly id: string;
  readonly hash: string | null;
  readonly title: string;
  readonly detail: string;
}
