import { type DestinationStream, destination, type Level, pino } from 'pino';
import type { JsonObject } from '../core/json.ts';
import type { Clock, Log } from '../core/ports.ts';
import { redact, redactText } from './redact.ts';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LogOptions {
  /** Whose time the lines carry; real time without one. */
  readonly clock?: Clock;
  /** Where the lines go; standard error without one, so that standard output stays for answers. */
  readonly to?: DestinationStream;
}

/** One line of JSON per entry. Secrets are taken out before anything is written. */
export function createLog(level: LogLevel, { clock, to }: LogOptions = {}): Log {
  const now = () => new Date(clock?.now() ?? Date.now()).toISOString();
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${now()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const logger = pino(options, to ?? destination({ dest: 2, sync: true }));
  const write = (at: Level) => (message: string, data?: JsonObject) => {
    if (logger.isLevelEnabled(at)) logger[at]({ ...(data && { data: redact(data) }) }, redactText(message));
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
