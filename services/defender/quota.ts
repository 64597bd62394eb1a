import { at } from '../../core/json.ts';

/** Which allowance a 429 was about. */
export type Quota = 'calls' | 'processing' | 'untold';

/**
 * Advanced hunting counts calls and processing time, and its 429 tells in a sentence which one was met ("Read response body to
 * understand what limit was reached", learn.microsoft.com). The words themselves are not documented, so only their gist is looked for.
 */
export function quotaOf(error: unknown): Quota {
  const body = at(error, 'response.bodyAsText');
  if (typeof body !== 'string') return 'untold';
  if (/\bcpu\b|(running|execution|processing) time|\bresources\b/i.test(body)) return 'processing';
  return /\bcalls?\b|\bquer(y|ies)\b|\brequests\b/i.test(body) ? 'calls' : 'untold';
}
