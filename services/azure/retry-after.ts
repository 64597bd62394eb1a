interface Headers {
  get(name: string): string | undefined;
}

/** What `Retry-After` (or Azure's ms variants) asks for, in seconds; null when the answer does not say. A date is measured against the answer's own `Date`. */
export function retryAfterSeconds(headers: Headers | undefined): number | null {
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const ms = Number(headers?.get(name) ?? Number.NaN);
    if (Number.isFinite(ms) && ms >= 0) return ms / 1000;
  }
  const text = headers?.get('retry-after');
  if (text === undefined || text.trim() === '') return null;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const until = Date.parse(text) - Date.parse(headers?.get('date') ?? '');
  return Number.isFinite(until) ? Math.max(0, until / 1000) : null;
}
