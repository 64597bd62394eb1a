import type { GuestFacts } from '../../core/facts/guest.ts';
import { guestPartWords, uncheckedOf } from '../../core/facts/guest.ts';
import type { Judgement } from '../../core/step.ts';
import { notKnown } from '../../core/step.ts';

/** Why "none was detected" says less than it seems to, or null: where the probe could not look, a product may be. */
export function notLookedEverywhere(guest: Pick<GuestFacts, 'unchecked'>): Judgement | null {
  const [part, ...more] = uncheckedOf(guest, 'services', 'drivers', 'programs').map((one) => guestPartWords[one]);
  if (part === undefined) return null;
  return notKnown(
    'products-unchecked',
    `the probe could not check ${[part, ...more].join(', ')} for other products`,
    'Request the probe again.',
  );
}
