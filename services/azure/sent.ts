import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { RestError } from '@azure/core-rest-pipeline';
import { at } from '../../core/json.ts';
import type { Sent } from '../../core/ports.ts';
import type { Doing } from './errors.ts';
import { explain, explainTrouble } from './errors.ts';
import { retryAfterSeconds } from './retry-after.ts';
import { isPassing, troubleOf } from './trouble.ts';

/** When Azure says "not now" without saying for how long. */
const THROTTLED_SECONDS = 30;
const BUSY_SECONDS = 15;
const LONGEST_SECONDS = 600;

/** What an answer to a change means: done, not done, or unknown. */
export function sentFrom(response: PipelineResponse, doing: Doing): Sent {
  const { status } = response;
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  if (status === 429) return throttled(retryAfterSeconds(response.headers) ?? THROTTLED_SECONDS);
  if (status === 409 && isBusy(response)) return throttled(retryAfterSeconds(response.headers) ?? BUSY_SECONDS);
  if (status === 408 || status >= 500) {
    return { kind: 'ambiguous', because: `Azure answered ${status}; whether the change happened is not known` };
  }
  const { reason, fix } = explain(new RestError('refused', { statusCode: status, response }), doing);
  return { kind: 'refused', because: reason, fix };
}

/** What a failure without an answer means. `left` tells whether the request had gone to the socket. */
export function sentFromFailure(error: unknown, left: boolean, doing: Doing): Sent {
  const trouble = troubleOf(error);
  if (left) {
    const how =
      trouble.kind === 'timeout' ? 'Azure did not answer in time' : `the connection to Azure broke${trouble.code && ` (${trouble.code})`}`;
    return { kind: 'ambiguous', because: `${how}; whether the change happened is not known` };
  }
  if (isPassing(trouble)) return throttled(THROTTLED_SECONDS);
  const { reason, fix } = explainTrouble(trouble, doing);
  return { kind: 'refused', because: reason, fix };
}

/** Azure's limits leave no room: it was not sent. */
export function noRoom(waitSeconds: number): Sent {
  return throttled(waitSeconds);
}

function throttled(seconds: number): Sent {
  return { kind: 'throttled', retryAfterSeconds: Math.min(Math.max(Math.ceil(seconds), 1), LONGEST_SECONDS) };
}

/** One run command at a time: Azure answers 409 while another is being carried out. */
function isBusy({ bodyAsText }: PipelineResponse): boolean {
  try {
    const error = at(JSON.parse(bodyAsText ?? 'null'), 'error');
    return /in progress/i.test(JSON.stringify([at(error, 'code'), at(error, 'message')]));
  } catch {
    return false;
  }
}
