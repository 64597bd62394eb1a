import type { JsonObject } from '../../../core/json.ts';
import type { LedgerKind } from '../../../core/ledger.ts';
import type { Person } from '../../../core/person.ts';

/** Why a sign-off changed: what its ledger entry says, and what is posted of it. */
export interface Cause {
  readonly kind: LedgerKind;
  readonly decision: string;
  /** Null for the bot itself. */
  readonly person: Person | null;
  readonly comment: string;
  /** What else the entry says. */
  readonly data?: JsonObject;
  /** The key of a post that tells of it when the state stays the same. */
  readonly news?: string;
}
