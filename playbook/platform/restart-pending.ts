import type { Evidence } from '../../core/evidence.ts';
import type { GuestFacts } from '../../core/facts/guest.ts';
import type { UpdateFacts } from '../../core/facts/updates.ts';

/** Does the assessment of its updates say that a restart is pending, and was the server not restarted since? */
export function pendingByAssessment(updates: Evidence<UpdateFacts>, guest: Evidence<GuestFacts>): boolean {
  if (updates.state === 'unread' || !updates.value.assessed || !updates.value.rebootPending) return false;
  const lastBoot = guest.state === 'read' ? guest.value.lastBoot : null;
  return lastBoot === null || lastBoot < updates.value.assessedAt;
}
