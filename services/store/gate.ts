import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Who may talk to the database when. */
export interface Gate {
  /** Runs a whole transaction. Throws at once when the caller already is inside one, where it would wait for itself. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /** Runs one statement that stands alone, such as the job queue's own. */
  statement<T>(work: () => Promise<T>): Promise<T>;
  /** Lets nothing in any more and runs `work` when everybody before it is done. */
  close(work: () => Promise<void>): Promise<void>;
}

const CLOSED = 'the store is closed';

/**
 * With `oneAtATime` (an embedded database has one session) everything queues up behind everything else, in order;
 * else the connection pool decides.
 */
export function openGate(oneAtATime: boolean): Gate {
  const inside = new AsyncLocalStorage<{ open: boolean }>();
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  function queued<T>(work: () => Promise<T>): Promise<T> {
    if (!oneAtATime) return work();
    const turn = last.then(work, work);
    // The embedded database works without ever letting go of the event loop: between two turns the others get theirs.
    last = turn.catch(() => undefined).then(() => nextTurn());
    return turn;
  }

  return {
    async transaction(work) {
      if (closed) throw new Error(CLOSED);
      if (inside.getStore()?.open) throw new Error('a transaction was begun inside another one: use the one that is open');
      const mark = { open: true };
      return queued(() => inside.run(mark, work).finally(() => (mark.open = false)));
    },
    async statement(work) {
      if (closed) throw new Error(CLOSED);
      if (oneAtATime && inside.getStore()?.open) throw new Error('a statement went past the open transaction: use that one');
      return queued(work);
    },
    async close(work) {
      if (closed) return;
      closed = true;
      await queued(work);
    },
  };
}
