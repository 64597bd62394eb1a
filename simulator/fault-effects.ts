import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Exchange, ServerBehind } from './exchange.ts';
import type { FaultOf } from './fault-kinds.ts';
import type { ActiveFault } from './faults.ts';
import { spoil } from './spoiled-answer.ts';

type Refusal = FaultOf<'status'> | FaultOf<'never'> | { reset: true; after?: boolean | undefined };

/** What the faults that hit a request mean for it. */
export interface Effects {
  /** Real ms before anything happens. */
  delayMs: number;
  /** Instead of carrying it out. */
  refusal: Refusal | null;
  lie: boolean;
  lagMs: number;
  twice: boolean;
  /** Real ms between the effect and the answer. */
  lateMs: number;
  /** Instead of the answer. */
  replacement: Refusal | null;
  spoilers: ActiveFault[];
}

/**
 * Several faults may hit one request. In order: delays; a refusal, with which it ends; lag, lie and doing it twice while it is carried
 * out; a late answer; a refusal that takes the answer's place; a spoiled answer (lost page, other origin, cut text). The longest of
 * several delays or lags counts, and the oldest refusal.
 */
export function effectsOf(faults: readonly ActiveFault[]): Effects {
  const effects: Effects = {
    delayMs: 0,
    refusal: null,
    lie: false,
    lagMs: 0,
    twice: false,
    lateMs: 0,
    replacement: null,
    spoilers: [],
  };
  for (const active of faults) {
    const { fault } = active;
    if ('slowMs' in fault) {
      const which = fault.late ? 'lateMs' : 'delayMs';
      effects[which] = Math.max(effects[which], fault.slowMs);
    } else if ('lagSeconds' in fault) effects.lagMs = Math.max(effects.lagMs, fault.lagSeconds * 1000);
    else if ('lie' in fault) effects.lie = true;
    else if ('duplicate' in fault) effects.twice = true;
    else if ('status' in fault || 'never' in fault || ('reset' in fault && fault.reset === true)) {
      effects[fault.after ? 'replacement' : 'refusal'] ??= fault;
    } else effects.spoilers.push(active);
  }
  return effects;
}

/** Answers (or does not) with the fault instead of the truth. */
export function refuseWith(behind: ServerBehind, fault: Refusal, req: Exchange, res: ServerResponse): void {
  if ('never' in fault) return;
  if ('reset' in fault) {
    req.socket.destroy();
    return;
  }
  if (fault.retryAfter !== undefined) res.setHeader('retry-after', String(fault.retryAfter));
  const code = fault.code ?? DEFAULT_CODES[fault.status] ?? 'InternalServerError';
  behind.refuse(res, fault.status, code, fault.message ?? 'Injected fault.', req.url ?? '/');
}

const DEFAULT_CODES: Record<number, string> = {
  401: 'AuthenticationFailed',
  403: 'AuthorizationFailed',
  404: 'ResourceNotFound',
  409: 'Conflict',
  429: 'TooManyRequests',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
};

/** Lets nothing but a late, replaced or spoiled answer out of `res`. `idle` is told of faults that found nothing to spoil. */
export function holdAnswer(
  behind: ServerBehind,
  { lateMs, replacement, spoilers }: Effects,
  req: Exchange,
  res: ServerResponse,
  idle: (fault: ActiveFault) => void,
): void {
  if (lateMs === 0 && !replacement && spoilers.length === 0) return;
  const end = res.end.bind(res);
  res.end = ((chunk?: unknown) => {
    res.end = end;
    leave(chunk).catch((error: unknown) => {
      console.error('a fault could not be applied', error);
      res.destroy();
    });
    return res;
  }) as typeof end;

  async function leave(chunk: unknown): Promise<void> {
    if (lateMs > 0) await pause(lateMs);
    if (replacement) {
      for (const name of res.getHeaderNames()) res.removeHeader(name);
      refuseWith(behind, replacement, req, res);
    } else if (spoilers.length === 0) end(chunk as string | Buffer | undefined);
    else leaveSpoiled(typeof chunk === 'string' || Buffer.isBuffer(chunk) ? chunk.toString() : '');
  }
  function leaveSpoiled(text: string): void {
    const { body, cut, idle: unused } = spoil(res, text, spoilers);
    for (const fault of unused) idle(fault);
    res.removeHeader('content-length');
    if (!cut) {
      end(body === '' ? undefined : body);
      return;
    }
    const bytes = Buffer.from(body);
    res.setHeader('content-length', bytes.length);
    res.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => req.socket.destroy());
  }
}
