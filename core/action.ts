import type { ActionOptions } from './action-options.ts';
import type { EvidenceKind, SubjectKind } from './evidence.ts';
import type { Instant } from './instant.ts';
import type { PhaseId } from './phase.ts';
import type { Plan, PlanScript, PlanTarget } from './plan.ts';
import type { ActionClass } from './policy.ts';
import type { Scope } from './scope.ts';
import type { Snapshot, Subject } from './snapshot.ts';

/** Why a subject is left alone. `code` is stable, for grouping. */
export interface LeftAlone {
  readonly code: string;
  readonly because: string;
}

/** What an action does to one subject; the rest of the target comes from the subject itself. */
export type TargetDraft = Omit<PlanTarget, 'id' | 'name' | 'kind' | 'ring' | 'owner' | 'apartFrom'>;

/** What an action says about one subject in scope. */
export type Considered = { readonly include: true; readonly target: TargetDraft } | ({ readonly include: false } & LeftAlone);

/** What people are given to do by hand, word by word, instead of a plan. */
export interface HandOver {
  /** What was found, in one sentence. */
  readonly because: string;
  readonly next: string;
  readonly lists: readonly { readonly title: string; readonly lines: readonly string[] }[];
}

/** Something Greenlight can do to Azure. An action describes calls; it never makes one. */
export interface Action {
  readonly id: string;
  readonly title: string;
  readonly phase: PhaseId;
  readonly subject: SubjectKind;
  /** Decides which sign-off policy holds. `read-only` changes nothing inside a machine. */
  readonly class: ActionClass;
  /** How long one target usually takes; plans and windows are reckoned with it. Minutes. */
  readonly minutesPerTarget: number;
  /** The same where the migration file decides on it; instead of `minutesPerTarget`. */
  minutesFor?(options: ActionOptions): number;
  /** The evidence it plans from: must be collected anew before planning. */
  readonly needs: readonly EvidenceKind[];
  /** ARM operations the writer identity needs for its calls, its undo and tidying up. What a plan's calls need of them is asked for before planning. */
  readonly permissions: readonly string[];
  /** One sentence for the signers. */
  readonly effect: string;
  readonly undoWords: string;
  readonly makeSafeWords: string;
  /** What a second source must show later, or "None, because …". */
  readonly finalWords: string;
  readonly scripts: readonly PlanScript[];
  /** Scripts of the migration's own that its calls may send as well. */
  ownScripts?(options: ActionOptions): readonly PlanScript[];
  /** The minutes a machine may be without an engine that is proven active; left out where none is. */
  unprotected?(options: ActionOptions): NonNullable<Plan['unprotected']>;
  /** What a failure, in Azure's words, means and what mends it; null when it is none of those that are known. */
  explain?(because: string): string | null;
  /** What a request for it is answered with where it plans nothing; null where it plans, or cannot tell. Pure and repeatable. */
  handsOver?(snapshot: Snapshot): HandOver | null;
  /**
   * Includes the subject with its sequence, or leaves it out with a reason. Pure and repeatable. The scope is what was asked for: it matters to
   * what is done to a subscription for some of its machines, and is everything when left out.
   */
  consider(subject: Subject, snapshot: Snapshot, now: Instant, scope?: Scope): Considered;
  /** Why its undo must not run on a subject now, on facts alone; null when it may. */
  undoBlock(subject: Subject, snapshot: Snapshot, now: Instant): LeftAlone | null;
  /** Who and how much it touches, in words. */
  blastRadius(targets: readonly PlanTarget[], snapshot: Snapshot): string;
}
