import type { Signer } from './signing.ts';
import type { Activity } from './types.ts';

export type Attempt = { sent: true; status: number; text: string } | { sent: false; timedOut: boolean; detail: string };

/** One try to bring an activity to the bot. Never throws. */
export interface Sending {
  attempt(activity: Activity, timeoutMs: number): Promise<Attempt>;
  setBot(messagesUrl: string): void;
  /** Whether a bot is known. */
  hasBot(): boolean;
  isClosed(): boolean;
  close(): void;
}

export function createSending(options: { signer: Signer; appId: string; serviceUrl: () => string | undefined }): Sending {
  const closing = new AbortController();
  let messagesUrl: string | undefined;
  return {
    attempt: async (activity, timeoutMs) => {
      const serviceUrl = options.serviceUrl();
      if (!messagesUrl || !serviceUrl) return { sent: false, timedOut: false, detail: 'no bot is connected yet' };
      const timeout = AbortSignal.timeout(timeoutMs);
      try {
        const response = await fetch(messagesUrl, {
          method: 'POST',
          redirect: 'error',
          headers: {
            'content-type': 'application/json; charset=utf-8',
            authorization: await options.signer.authorization(options.appId, serviceUrl),
            'user-agent': 'Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)',
            ...placeHeaders(activity),
          },
          body: JSON.stringify({ ...activity, serviceUrl }),
          signal: AbortSignal.any([timeout, closing.signal]),
        });
        return { sent: true, status: response.status, text: await response.text() };
      } catch (error) {
        const detail = timeout.aborted ? `the bot did not answer within ${timeoutMs} ms` : `the bot cannot be reached (${cause(error)})`;
        return { sent: false, timedOut: timeout.aborted, detail };
      }
    },
    setBot: (url) => {
      messagesUrl = url;
    },
    hasBot: () => messagesUrl !== undefined,
    isClosed: () => closing.signal.aborted,
    close: () => closing.abort(),
  };
}

function placeHeaders(activity: Activity): Record<string, string> {
  const { id = '', tenantId = '' } = (activity['conversation'] ?? {}) as { id?: string; tenantId?: string };
  return { 'x-ms-conversation-id': id, 'x-ms-tenant-id': tenantId };
}

function cause(error: unknown): string {
  const inner = error instanceof Error ? error.cause : undefined;
  if (typeof inner === 'object' && inner !== null && 'code' in inner) return String(inner.code);
  return error instanceof Error ? error.message : 'unknown';
}
