import type { Messenger, OutgoingMessage, Posted } from '../../core/ports.ts';
import type { Called, Connector } from './connector.ts';
import { toActivity } from './outgoing.ts';
import type { People } from './people.ts';
import type { TokenBucket } from './token-bucket.ts';

const BUSY: Posted = { kind: 'failed', because: 'too many messages are waiting for this conversation', retryAfterSeconds: 60 };
// When Teams asks for a pause and does not say how long.
const USUAL_PAUSE = 5;

/** Speaks in the migration's channel only: no other place can be named. */
export function createMessenger(options: { connector: Connector; people: People; bucket: TokenBucket }): Messenger {
  const { connector, people, bucket } = options;
  return {
    post: async (message) => {
      if (!isThread(message.replyTo)) return refusedThread;
      if (!(await bucket.take())) return BUSY;
      return posted(await connector.post(message.replyTo, toActivity(message)));
    },
    update: async (activityId: string, message: OutgoingMessage) => {
      if (!isThread(activityId)) return refusedThread;
      if (!(await bucket.take())) return BUSY;
      return posted(await connector.update(activityId, toActivity(message)));
    },
    roster: () => people.roster(),
  };
}

const refusedThread: Posted = { kind: 'failed', because: 'that is not the id of a Teams message', retryAfterSeconds: null };

// An id becomes part of an address: one with a slash or a second `;messageid=` would lead elsewhere.
function isThread(id: string | null): boolean {
  return id === null || /^[A-Za-z0-9:._@=-]{1,200}$/.test(id);
}

function posted(called: Called<string>): Posted {
  if (called.ok) {
    return called.value === ''
      ? { kind: 'unknown', because: 'Teams took the message and did not say under which id' }
      : { kind: 'posted', activityId: called.value };
  }
  const { sent, status, because } = called;
  if (status === 429 || status === 412) return { kind: 'failed', because, retryAfterSeconds: called.retryAfterSeconds ?? USUAL_PAUSE };
  const unclear = status === null ? sent : status === 408 || status >= 500 || status < 400;
  return unclear ? { kind: 'unknown', because } : { kind: 'failed', because, retryAfterSeconds: null };
}
