/** Why a request was turned away: the status goes out, the reason only into counters and the log. */
export interface Refusal {
  readonly status: 400 | 401 | 408 | 413 | 415 | 503;
  readonly reason: RefusalReason;
}

export type RefusalReason =
  | 'no-token'
  | 'bad-token'
  | 'unknown-key'
  | 'keys-unavailable'
  | 'wrong-service-url'
  | 'wrong-channel'
  | 'wrong-tenant'
  | 'bad-shape'
  | 'bad-json'
  | 'bad-encoding'
  | 'too-large'
  | 'too-slow'
  | 'too-busy';

export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export function passed<T>(value: T): Checked<T> {
  return { ok: true, value };
}

export function refused(status: Refusal['status'], reason: RefusalReason): Checked<never> {
  return { ok: false, refusal: { status, reason } };
}
