import { isRestError } from '@azure/core-rest-pipeline';
import { ZodError } from 'zod';
import { at } from '../../core/json.ts';
import { Incomplete } from './incomplete.ts';
import { OffOrigin } from './policies/origin.ts';
import { retryAfterSeconds } from './retry-after.ts';

/** The kinds of trouble a request can end in. */
export type TroubleKind =
  | 'sign-in'
  | 'sign-in-unreachable'
  | 'unauthorised'
  | 'forbidden'
  | 'missing'
  | 'full'
  | 'throttled'
  | 'server'
  | 'rejected'
  | 'timeout'
  | 'network'
  | 'off-origin'
  | 'incomplete'
  | 'malformed';

export interface Trouble {
  readonly kind: TroubleKind;
  readonly status: number | null;
  /** Azure's own code, e.g. `AuthorizationFailed`, or the system's, e.g. `ECONNRESET`; empty when there is none. */
  readonly code: string;
  readonly retryAfterSeconds: number | null;
  /** Set where our own words say it better. */
  readonly detail: string;
}

const BY_STATUS: Readonly<Record<number, TroubleKind>> = {
  401: 'unauthorised',
  403: 'forbidden',
  404: 'missing',
  408: 'timeout',
  429: 'throttled',
};

const SIGN_IN_ERRORS: ReadonlySet<string> = new Set([
  'AuthenticationError',
  'AuthenticationRequiredError',
  'AggregateAuthenticationError',
  'CredentialUnavailableError',
  'ClientConfigurationError',
]);

/** Sorts whatever an SDK call threw. Azure's own sentences are left behind: they are text from outside. */
export function troubleOf(error: unknown): Trouble {
  const plain = { status: null, code: '', retryAfterSeconds: null, detail: '' };
  if (error instanceof OffOrigin) return { ...plain, kind: 'off-origin', detail: error.message };
  if (error instanceof Incomplete) return { ...plain, kind: 'incomplete', detail: error.message };
  if (error instanceof ZodError) return { ...plain, kind: 'malformed' };
  const name = nameOf(error);
  if (SIGN_IN_ERRORS.has(name)) return signIn(error as Error);
  if (name === 'AbortError' || name === 'TimeoutError') return { ...plain, kind: 'timeout' };
  if (!isRestError(error)) return { ...plain, kind: 'malformed' };
  const status = error.statusCode ?? error.response?.status;
  if (status === undefined || (status >= 200 && status < 300)) {
    const network = error.code !== undefined && error.code !== 'PARSE_ERROR';
    return { ...plain, kind: network ? 'network' : 'malformed', code: codeIn(error.code) };
  }
  const kind = isFull(error, status) ? 'full' : (BY_STATUS[status] ?? (status >= 500 ? 'server' : 'rejected'));
  return { ...plain, kind, status, code: azureCode(error), retryAfterSeconds: retryAfterSeconds(error.response?.headers) };
}

/** True when the same request may succeed later without anybody doing anything. */
export function isPassing({ kind }: Trouble): boolean {
  return kind === 'sign-in-unreachable' || kind === 'throttled' || kind === 'server' || kind === 'timeout' || kind === 'network';
}

/** Entra answered no, or it could not be reached. */
function signIn(error: Error): Trouble {
  const code = /\bAADSTS\d{3,8}\b/.exec(error.message)?.[0] ?? '';
  const status = (error as { statusCode?: unknown }).statusCode;
  const answered = code !== '' || (typeof status === 'number' && status >= 400 && status < 500 && status !== 429);
  const kind = answered ? 'sign-in' : 'sign-in-unreachable';
  return { kind, status: typeof status === 'number' ? status : null, code, retryAfterSeconds: null, detail: '' };
}

function nameOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error && typeof error.name === 'string' ? error.name : '';
}

/** A machine has room for a number of run commands. Azure has no code of its own for it: its sentence says so. */
function isFull(error: unknown, status: number): boolean {
  if (status !== 400 && status !== 409) return false;
  const message = at(bodyOf(error), 'error.message');
  return (
    typeof message === 'string' &&
    [/\brun ?commands\b/i, /\b(maximum|limit)\b/i, /\b(number|reached)\b/i].every((part) => part.test(message))
  );
}

function bodyOf(error: unknown): unknown {
  const body = at(error, 'response.bodyAsText');
  return typeof body === 'string' ? parse(body) : null;
}

function azureCode(error: unknown): string {
  const parsed = bodyOf(error);
  return codeIn(at(parsed, 'error.code')) || codeIn(at(error, 'details.error.code')) || codeIn(at(error, 'details.code'));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A code is a word; anything else is not repeated. */
function codeIn(value: unknown): string {
  return typeof value === 'string' && /^[\w.-]{1,60}$/.test(value) ? value : '';
}
