import type { Instant } from '../core/instant.ts';

/** What surrounds every card: the same view in the same frame gives the same bytes. */
export interface Frame {
  readonly rehearsal: boolean;
  /** IANA zone all times are shown in. */
  readonly timeZone: string;
  /** When the card was made; relative times count from here. */
  readonly now: Instant;
  /** Name of the migration. */
  readonly migration: string;
}
