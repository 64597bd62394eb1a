import { pino } from 'pino';
import type { ServerOptions } from 'restify';

type RestifyLog = NonNullable<ServerOptions['log']>;

/** restify wants a log of its own for its insides; what matters is logged by us. */
export function restifyLog(): RestifyLog {
  return pino({ level: 'silent' }) as unknown as RestifyLog;
}
