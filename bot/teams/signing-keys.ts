import { performance } from 'node:perf_hooks';
import { type CryptoKey, importJWK, type JWK } from 'jose';
import type { Log } from '../../core/ports.ts';
import { errorText } from './error-text.ts';
import { parseUrl } from './urls.ts';

/** The Bot Connector's public keys. `unavailable` means nobody can be authenticated now; it is not a verdict on the token. */
export interface SigningKeys {
  find(kid: string): Promise<CryptoKey | 'unknown' | 'unavailable'>;
  ready(): boolean;
  /** Fetches the keys and keeps them fresh. */
  start(): void;
  stop(): void;
}

const FETCH_TIMEOUT = 5_000;
const FETCHES_PER_MINUTE = 2;
const MINUTE = 60_000;
const FRESH_FOR = 24 * 60 * MINUTE;
// A key that could not be confirmed for this long is not trusted any more.
const USABLE_FOR = 72 * 60 * MINUTE;
const LARGEST_DOCUMENT = 1_000_000;
const MOST_UNKNOWN = 500;
// More than this many strangers do not wait together for one fetch.
const MOST_WAITING = 20;
const RETRY_EVERY = 30_000;
// Whoever asks is answered in time, also while the key server hangs; the fetch goes on.
const PATIENCE = 1_500;

interface Cached {
  readonly keys: ReadonlyMap<string, CryptoKey>;
  readonly at: number;
}

// Intervals are real time on a clock that never jumps, also in a rehearsal whose own clock does.
export function createSigningKeys(options: { metadataUrl: string; log: Log; elapsed?: () => number }): SigningKeys {
  const { metadataUrl, log } = options;
  const elapsed = options.elapsed ?? (() => performance.now());
  const unknown = new Map<string, number>();
  let attempts: number[] = [];
  let cached: Cached | null = null;
  let running: Promise<void> | null = null;
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;

  const usable = (): Cached | null => (cached && elapsed() - cached.at < USABLE_FOR ? cached : null);

  async function load(): Promise<void> {
    try {
      cached = { keys: await fetchKeys(metadataUrl), at: elapsed() };
      unknown.clear();
    } catch (error) {
      log.warn('The signing keys of the Bot Connector could not be read; it is tried again.', { error: errorText(error) });
    }
  }

  // One fetch at a time and two a minute, whatever strangers send.
  function refresh(): Promise<void> {
    if (running !== null) return running;
    attempts = attempts.filter((at) => elapsed() - at < MINUTE);
    if (attempts.length >= FETCHES_PER_MINUTE) return Promise.resolve();
    attempts.push(elapsed());
    running = load().finally(() => {
      running = null;
    });
    return running;
  }

  function remember(kid: string): void {
    if (unknown.size >= MOST_UNKNOWN) unknown.clear();
    unknown.set(kid, elapsed());
  }

  return {
    find: async (kid) => {
      const known = usable()?.keys.get(kid);
      if (known) return known;
      const missedAt = unknown.get(kid);
      if (usable() && missedAt !== undefined && elapsed() - missedAt < MINUTE) return 'unknown';
      if (usable() && waiting >= MOST_WAITING) return 'unavailable';
      waiting += 1;
      const isOver = await within(PATIENCE, refresh());
      waiting -= 1;
      const found = usable()?.keys.get(kid);
      if (found) return found;
      if (!usable() || !isOver) return 'unavailable';
      remember(kid);
      return 'unknown';
    },
    ready: () => usable() !== null,
    start: () => {
      if (timer) return;
      void refresh();
      timer = setInterval(() => {
        if (!cached || elapsed() - cached.at > FRESH_FOR) void refresh();
      }, RETRY_EVERY);
      timer.unref();
    },
    stop: () => {
      clearInterval(timer);
      timer = undefined;
    },
  };
}

/** True when the work ended within so many ms. */
async function within(ms: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  return Promise.race([work.then(() => true), late]).finally(() => clearTimeout(timer));
}

async function fetchKeys(metadataUrl: string): Promise<Map<string, CryptoKey>> {
  const metadata = await fetchJson(metadataUrl);
  const address = keyAddress(metadataUrl, (metadata as { jwks_uri?: unknown } | null)?.jwks_uri);
  const { keys } = (await fetchJson(address)) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error('The key document has no keys.');
  const found = new Map<string, CryptoKey>();
  for (const jwk of keys as (JWK & { endorsements?: unknown })[]) {
    const key = await usableKey(jwk);
    if (key && typeof jwk.kid === 'string') found.set(jwk.kid, key);
  }
  if (found.size === 0) throw new Error('The key document has no key that is endorsed for Teams.');
  return found;
}

// The keys come from the same site as the document that announces them.
function keyAddress(metadataUrl: string, raw: unknown): string {
  const [base, url] = [parseUrl(metadataUrl), parseUrl(raw)];
  if (!base || !url) throw new Error('The metadata names no usable key address.');
  if (url.origin !== base.origin) throw new Error('The metadata names a key address on another site.');
  return url.href;
}

async function fetchJson(url: string): Promise<unknown> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(FETCH_TIMEOUT) });
  if (!response.ok) throw new Error(`The key server answered ${response.status}.`);
  const text = await response.text();
  if (text.length > LARGEST_DOCUMENT) throw new Error('The key document is too large.');
  return JSON.parse(text);
}

// Without the endorsement a key may sign for other channels, not for Teams.
async function usableKey(jwk: JWK & { endorsements?: unknown }): Promise<CryptoKey | null> {
  if (typeof jwk !== 'object' || jwk === null || jwk.kty !== 'RSA' || typeof jwk.n !== 'string' || typeof jwk.e !== 'string') return null;
  if (!Array.isArray(jwk.endorsements) || !jwk.endorsements.includes('msteams')) return null;
  const key = await importJWK({ kty: 'RSA', n: jwk.n, e: jwk.e }, 'RS256').catch(() => null);
  return key && !(key instanceof Uint8Array) ? key : null;
}
