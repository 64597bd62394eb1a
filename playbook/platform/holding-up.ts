import type { Evidence } from '../../core/evidence.ts';
import type { GuestFacts } from '../../core/facts/guest.ts';
import type { Assessed } from './assessment.ts';
import { FRESH_DEFINITIONS_DAYS } from './definitions.ts';
import { isDefinitions, matters } from './known-updates.ts';

/** Of what an assessment lists, what holds the migration up. Definitions that the probe saw fresh came by another way. */
export function holdingUp({ pending }: Assessed, guest: Evidence<GuestFacts>): Assessed['pending'] {
  const age = guest.state === 'read' ? (guest.value.defender?.signatureAgeDays ?? null) : null;
  const fresh = age !== null && age <= FRESH_DEFINITIONS_DAYS;
  return pending.filter((update) => matters(update) && !(fresh && isDefinitions(update)));
}
