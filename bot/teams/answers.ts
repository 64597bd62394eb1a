import type { Ids, Log, Messenger, OutgoingMessage } from '../../core/ports.ts';
import type { Inbox } from '../flows/inbox.ts';
import type { Counters } from './counters.ts';
import { errorText } from './error-text.ts';

const LONGEST_PAUSE = 60;
const POST_ATTEMPTS = 5;
// Between two attempts when Teams named no time; seconds.
const PAUSE = 1;

/** How answers reach the channel, and what is said when they, or the work behind them, break. */
export interface Answers {
  /** False when it certainly is not in the channel. */
  readonly post: (message: OutgoingMessage) => Promise<boolean>;
  /** Logs an error and gives the sentence with its reference. */
  readonly broke: (error: unknown, doing: string) => OutgoingMessage;
  /** Posts what the work answers in a thread, null for nothing; never throws. */
  readonly answer: (threadId: string, doing: string, work: () => Promise<OutgoingMessage | null>) => Promise<void>;
}

export function createAnswers(options: { inbox: () => Inbox; messenger: Messenger; counters: Counters; ids: Ids; log: Log }): Answers {
  const { messenger, counters, ids, log } = options;

  async function post(message: OutgoingMessage): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      const result = await messenger.post(message);
      if (result.kind === 'posted') return true;
      log.warn('An answer may not have reached the channel.', { kind: result.kind, because: result.because, attempt });
      // An answer changes nothing: shown twice it does less harm than never.
      if (attempt >= POST_ATTEMPTS) return result.kind === 'unknown';
      const pause = result.kind === 'unknown' ? PAUSE * attempt : result.retryAfterSeconds;
      if (pause === null || pause > LONGEST_PAUSE) return false;
      await new Promise((resolve) => setTimeout(resolve, pause * 1000));
    }
  }

  function broke(error: unknown, doing: string): OutgoingMessage {
    const code = ids.reference();
    counters.add('broken');
    log.error(`Something broke while ${doing}.`, { reference: code, error: errorText(error) });
    return options.inbox().broke(code);
  }

  return {
    post,
    broke,
    answer: async (threadId, doing, work) => {
      try {
        const message = await work();
        if (message === null || (await post({ ...message, replyTo: message.replyTo ?? threadId }))) return;
        await post({ ...broke(new Error('Teams refused the answer'), doing), replyTo: threadId });
      } catch (error) {
        await post({ ...broke(error, doing), replyTo: threadId }).catch((again: unknown) =>
          log.error('The channel could not be told that something broke.', { error: errorText(again) }),
        );
      }
    },
  };
}
