import { outsideOfficialShapes } from '../../support/official-requests.ts';
import { operationsOutside } from '../../support/permitted-operations.ts';
import type { Rehearsal } from './rehearsal.ts';

/** Requests of the bot that its permissions do not name, and bodies that are not in the official shape; what the weather refused never got that far. */
export async function unlawfulRequests(rehearsal: Rehearsal): Promise<string[]> {
  const answered = (await rehearsal.log()).filter(({ status }) => status !== 429);
  if (answered.length === 0) throw new Error('the request log is empty');
  return [...operationsOutside(answered as never), ...outsideOfficialShapes(answered as never)];
}
