/** Reads an address that is written plainly: no user, query, fragment, backslash, blank or percent sign; null for anything else. */
export function parseUrl(raw: unknown): URL | null {
  if (typeof raw !== 'string' || !/^https?:\/\/[A-Za-z0-9.:[\]-]+(\/[A-Za-z0-9._~/-]*)?$/.test(raw)) return null;
  const url = URL.parse(raw);
  return url && url.username === '' && url.password === '' ? url : null;
}

export function isLoopback(url: URL): boolean {
  return url.hostname === '127.0.0.1' || url.hostname === 'localhost' || url.hostname === '[::1]';
}
