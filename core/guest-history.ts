import type { Read } from './evidence.ts';
import type { GuestFacts, GuestHistory } from './facts/guest.ts';
import { uncheckedOf } from './facts/guest.ts';
import type { Instant } from './instant.ts';

/**
 * A look inside a machine together with what the looks before it add. `previous` is the newest look that was kept, relied on or not; one into
 * another machine of the same name does not count.
 */
export function withHistory(previous: Read<GuestFacts> | null, next: Read<GuestFacts>): Read<GuestFacts> {
  const before = previous && previous.value.vmId === next.value.vmId && previous.observedAt <= next.observedAt ? previous : null;
  const known = before && (before.value.history ?? firstLook(before));
  const now = firstLook(next);
  const history: GuestHistory = {
    productSeen: now.productSeen ?? known?.productSeen ?? null,
    stoppedSince: stoppedSince(next, known?.stoppedSince ?? null),
    cleanSince: now.cleanSince && (known?.cleanSince ?? now.cleanSince),
    onboardedSince: now.onboardedSince && (known?.onboardedSince ?? now.onboardedSince),
  };
  return { ...next, value: { ...next.value, history } };
}

/** A product that runs (again) is none that was stopped; one that is not seen any more was stopped when it was last known to be. */
function stoppedSince({ value, observedAt }: Read<GuestFacts>, known: Instant | null): Instant | null {
  if (value.thirdParty.length === 0) return known;
  return value.thirdParty.some(({ running }) => running) ? null : (known ?? observedAt);
}

/** What a look tells of the past when there was none before it. */
function firstLook({ value, observedAt }: Read<GuestFacts>): GuestHistory {
  const seen = value.thirdParty.length > 0;
  // Where it could not look everywhere, it saw none only as far as it looked.
  const clean = !seen && uncheckedOf(value, 'services', 'drivers', 'programs').length === 0;
  return {
    productSeen: seen ? observedAt : null,
    stoppedSince: seen ? stoppedSince({ value, observedAt } as Read<GuestFacts>, null) : null,
    cleanSince: clean ? observedAt : null,
    onboardedSince: value.onboarded ? observedAt : null,
  };
}
