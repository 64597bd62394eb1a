import type { Instant } from '../../core/instant.ts';
import type { SignOffState } from '../../core/sign-off.ts';

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
  readonly effect: string;
  readonly blastRadius: string;
  readonly undoWords: string;
  readonly makeSafeWords: string;
  readonly targets: readonly SignOffTarget[];
  readonly leftOut: readonly { readonly name: string; readonly because: string }[];
  readonly waves: readonly { readonly name: string; readonly count: number }[];
  /** Of the first target, in order. */
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
  readonly quorum: number;
  readonly expiresAt: Instant;
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
}

export interface SignOffApprover {
  readonly name: string;
  readonly role: string;
  readonly votedAt: Instant | null;
  /** Such as `not reachable in this channel`. */
  readonly notice: string | null;
}

/** What one person may do, in their own view only. */
export interface SignOffPersonal {
  readonly may: 'decide' | 'take-back' | 'withdraw' | 'look';
  /** Why there are no buttons. */
  readonly because: string | null;
  readonly nonce: string | null;
  readonly error: string | null;
  readonly comment: string;
}
