import type { Instant } from '../core/instant.ts';

/** What surrounds every card: the same view in the same frame gives the same bytes. */
export interface Frame {
  readonly rehearsal: boolean;
  /** IANA zone all times are shown in. */
  readonly timeZone: string;
  /** When the card was made; relative times count from here. */
  readonly now: Instant;
  /** True for a card that stays in the channel and is edited only when it has to be: it says no time as so long ago, which soon would be wrong. */
  readonly stays?: boolean;
  /** Name of the migration. */
  readonly migration: string;
}
