import type { PipelinePolicy, PipelineRequest, PipelineResponse, SendRequest } from '@azure/core-rest-pipeline';
import { isRestError } from '@azure/core-rest-pipeline';
import type { Patience } from '../patience.ts';
import { retryAfterSeconds } from '../retry-after.ts';

const PASSING: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
const FIRST_WAIT = 500;

type Ended = { readonly response: PipelineResponse } | { readonly error: unknown };

/**
 * Repeats a read that met a passing trouble and gives each attempt a deadline. For reads only: the SDK's own retry, which repeats
 * writes as well and waits however long it is told, is switched off everywhere.
 */
export function readRetryPolicy(patience: Patience): PipelinePolicy {
  return {
    name: 'greenlightReadRetry',
    async sendRequest(request, next) {
      const caller = request.abortSignal;
      for (let attempt = 0; ; attempt += 1) {
        const ended = await attemptOnce(request, next, caller, patience.readMs);
        const wait = attempt < patience.repeats && !caller?.aborted ? waitAfter(ended, attempt) : null;
        if (wait === null || wait > patience.longestWaitMs) {
          if ('error' in ended) throw ended.error;
          return ended.response;
        }
        await patience.pause(wait);
      }
    },
  };
}

async function attemptOnce(
  request: PipelineRequest,
  next: SendRequest,
  caller: PipelineRequest['abortSignal'],
  deadline: number,
): Promise<Ended> {
  const limit = AbortSignal.timeout(deadline);
  request.abortSignal = caller ? AbortSignal.any([caller as AbortSignal, limit]) : limit;
  try {
    return { response: await next(request) };
  } catch (error) {
    return { error };
  } finally {
    if (caller) request.abortSignal = caller;
    else delete request.abortSignal;
  }
}

/** Milliseconds to wait before the next attempt, null when there must be none. */
function waitAfter(ended: Ended, attempt: number): number | null {
  const response = 'response' in ended ? ended.response : isRestError(ended.error) ? ended.error.response : undefined;
  // A broken connection has no answer; a time-out is an AbortError and is not repeated.
  const broken = 'error' in ended && isRestError(ended.error) && response === undefined;
  if (!broken && (response === undefined || !PASSING.has(response.status))) return null;
  const asked = retryAfterSeconds(response?.headers);
  return asked === null ? FIRST_WAIT * 2 ** attempt : asked * 1000;
}
