import { outsideOfficialReads, outsideOfficialShapes } from '../../support/official-requests.ts';
import { operationsOutside } from '../../support/permitted-operations.ts';
import type { Rehearsal } from './rehearsal.ts';

/**
 * Requests of the bot that its permissions do not name, and bodies and addresses that are not in the official shape. What the weather refused never got
 * that far, and a sign-in nobody was left to hear the answer of does not say who it was.
 */
export async function unlawfulRequests(rehearsal: Rehearsal): Promise<string[]> {
  const answered = (await rehearsal.log()).filter(
    ({ status, operation }) => status !== 429 && !(status === 0 && operation === 'Entra/token'),
  );
  if (answered.length === 0) throw new Error('the request log is empty');
  return [...operationsOutside(answered as never), ...outsideOfficialShapes(answered as never), ...outsideOfficialReads(answered as never)];
}
