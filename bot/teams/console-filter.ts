import { AsyncLocalStorage } from 'node:async_hooks';
import type { Log } from '../../core/ports.ts';
import { errorText } from './error-text.ts';

/** The SDK writes errors with stacks and keys to the console; inside `run` they become one clean line of our log. */
export interface ConsoleFilter {
  run<T>(work: () => T): T;
  restore(): void;
}

export function createConsoleFilter(log: Log): ConsoleFilter {
  const inside = new AsyncLocalStorage<true>();
  const { error, warn } = console;
  const filtered =
    (original: typeof console.error): typeof console.error =>
    (...told) => {
      if (inside.getStore()) log.warn('The bot framework complained.', { error: told.map(errorText).join(' ').slice(0, 300) });
      else original(...told);
    };
  const [ourError, ourWarn] = [filtered(error), filtered(warn)];
  console.error = ourError;
  console.warn = ourWarn;
  return {
    run: (work) => inside.run(true, work),
    restore: () => {
      if (console.error === ourError) console.error = error;
      if (console.warn === ourWarn) console.warn = warn;
    },
  };
}
