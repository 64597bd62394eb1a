import { performance } from 'node:perf_hooks';
import type { Log } from '../../core/ports.ts';
import { errorText } from './error-text.ts';

export interface Ready {
  readonly ok: boolean;
  readonly detail: Readonly<Record<string, boolean | string>>;
}

/** Whether requests can be served now. */
export interface Readiness {
  read(): Promise<Ready>;
  /** From now on the answer is no: the process is going down. */
  drain(): void;
}

const FRESH_FOR = 1_000;
const DEADLINE = 3_000;

/** Asks at most once a second and waits at most three, however often it is asked. */
export function createReadiness(options: { ready: () => Promise<Ready>; keysReady: () => boolean; log: Log }): Readiness {
  let draining = false;
  let asked: { at: number; answer: Promise<Ready> } | null = null;

  function ask(): Promise<Ready> {
    if (asked && performance.now() - asked.at < FRESH_FOR) return asked.answer;
    asked = { at: performance.now(), answer: withDeadline(options) };
    return asked.answer;
  }

  return {
    read: async () => {
      const { ok, detail } = await ask();
      const signingKeys = options.keysReady();
      return { ok: ok && signingKeys && !draining, detail: { ...detail, signingKeys, ...(draining ? { draining } : {}) } };
    },
    drain: () => {
      draining = true;
    },
  };
}

async function withDeadline({ ready, log }: { ready: () => Promise<Ready>; log: Log }): Promise<Ready> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Ready>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, detail: { answered: false } }), DEADLINE);
  });
  const asked = ready().catch((error: unknown): Ready => {
    log.warn('Readiness could not be read.', { error: errorText(error) });
    return { ok: false, detail: { answered: false } };
  });
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}
