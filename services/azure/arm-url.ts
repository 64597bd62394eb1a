/** The address of an ARM path: every segment encoded, so that a name can never become a path, a query or another host. */
export function armUrl(endpoint: string, path: string, query: Readonly<Record<string, string>>): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return `${new URL(endpoint).origin}${encoded}?${new URLSearchParams(query).toString()}`;
}
