/** One page of the machines of a plan that is too long to name them on its card. */
export interface TargetsView {
  /** Short name of the plan: `GL-0007`. */
  readonly id: string;
  readonly hash: string;
  readonly title: string;
  /** From 1. */
  readonly page: number;
  readonly pages: number;
  readonly total: number;
  readonly rows: readonly TargetRow[];
}

export interface TargetRow {
  readonly name: string;
  readonly ring: string;
  readonly where: string;
  readonly found: string;
  /** Who held it out of the plan and why; null when nobody did. */
  readonly held: string | null;
}
