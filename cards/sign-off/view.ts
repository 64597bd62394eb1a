import type { Decides } from '../../core/decides.ts';
import type { Instant } from '../../core/instant.ts';
import type { Plan } from '../../core/plan.ts';
import type { SignOffState } from '../../core/sign-off.ts';
import type { Missing } from '../../core/signers.ts';

/** One plan and the decision on it: everything a signer has to see, exactly as it would be sent. */
export interface SignOffView {
  /** Short name for people: `GL-0007`. */
  readonly id: string;
  readonly hash: string;
  readonly revision: number;
  readonly state: SignOffState;
  readonly title: string;
  readonly requestedBy: string;
  readonly requestedAt: Instant;
  readonly class: Plan['class'];
  readonly ticket: string | null;
  readonly follows: Pick<NonNullable<Plan['follows']>, 'plan' | 'how'> | null;
  readonly effect: string;
  readonly blastRadius: string;
  readonly undoWords: string;
  readonly makeSafeWords: string;
  readonly finalWords: string;
  readonly window: Plan['window'];
  readonly estimateMinutes: number;
  readonly soakMinutes: number;
  readonly standing: Plan['standing'];
  /** A decision instead of calls; then there are no targets. */
  readonly decides: Decides | null;
  readonly targets: readonly SignOffTarget[];
  readonly leftOut: readonly { readonly name: string; readonly because: string }[];
  readonly holds: readonly SignOffHold[];
  readonly waves: readonly { readonly name: string; readonly count: number }[];
  /** Every call of one target of each kind, in order; `on` names that target and how many more are called alike. */
  readonly calls: readonly {
    readonly on: string;
    readonly describes: string;
    readonly method: string;
    readonly path: string;
    readonly parameters: string;
  }[];
  readonly scripts: readonly { readonly id: string; readonly sha256: string }[];
  readonly approvers: readonly SignOffApprover[];
  /** They may sign too from `alternatesAt` on. */
  readonly alternates: readonly SignOffApprover[];
  readonly alternatesAt: Instant;
  /** For each owner tag one of these signs as well. */
  readonly owners: readonly SignOffOwners[];
  readonly quorum: number;
  readonly distinctRoles: number;
  readonly missing: readonly Missing[];
  readonly expiresAt: Instant;
  /** From then on it may not begin any more; null while nothing says so. */
  readonly useBy: Instant | null;
  readonly startsAt: Instant | null;
  readonly graceSeconds: number;
  readonly ended: { readonly by: string | null; readonly at: Instant; readonly reason: string } | null;
  /** Short name of the plan that replaced this one. */
  readonly supersededBy: string | null;
  /** Null on the card everyone sees. */
  readonly personal: SignOffPersonal | null;
}

export interface SignOffTarget {
  readonly name: string;
  readonly ring: string;
  readonly where: string;
  readonly found: string;
  /** `windows`, `linux`; null for what is no machine. */
  readonly os: string | null;
  /** The value of its owner tag. */
  readonly owner: string | null;
  /** The availability set it shares with others; null for none. */
  readonly apartFrom: string | null;
}

export interface SignOffHold {
  readonly name: string;
  readonly by: string;
  readonly at: Instant;
  readonly reason: string;
}

export interface SignOffApprover {
  readonly name: string;
  readonly role: string;
  readonly votedAt: Instant | null;
  /** False: no longer in the migration file, so that the vote does not count. */
  readonly listed: boolean;
  /** Such as `not reachable in this channel`. */
  readonly notice: string | null;
}

export interface SignOffOwners {
  /** The owner tag's value. */
  readonly value: string;
  readonly people: readonly { readonly name: string; readonly votedAt: Instant | null }[];
}

/** What one person may do, in their own view only. */
export interface SignOffPersonal {
  /** `sign`: an owner, who may approve for their own machines but not end the plan for everybody. */
  readonly may: 'decide' | 'sign' | 'take-back' | 'withdraw' | 'look';
  /** Why there are no buttons. */
  readonly because: string | null;
  readonly nonce: string | null;
  readonly error: string | null;
  readonly comment: string;
  /** True: the number of targets has to be typed to approve. */
  readonly typeCount: boolean;
  /** The targets this person may hold out of the plan; `value` is what a press says. */
  readonly holdable: readonly { readonly value: string; readonly name: string }[];
  /** What others did since this person looked before; null at the first look. */
  readonly since: { readonly at: Instant; readonly lines: readonly { readonly at: Instant; readonly words: string }[] } | null;
}
