import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { extname } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' https: data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Serves the page's own files and the card renderer; `false` if the path names none of them. */
export async function serveStatic(path: string, res: ServerResponse): Promise<boolean> {
  const file = locate(path);
  if (!file) return false;
  const content = await readFile(file).catch(() => undefined);
  if (!content) return false;
  res.statusCode = 200;
  res.setHeader('content-type', TYPES[extname(path)] ?? TYPES['.html'] ?? '');
  res.setHeader('cache-control', 'no-cache');
  res.setHeader('x-content-type-options', 'nosniff');
  res.setHeader('content-security-policy', POLICY);
  res.end(content);
  return true;
}

function locate(path: string): URL | string | undefined {
  if (path === '/') return new URL('./page/index.html', import.meta.url);
  if (path === '/_page/adaptivecards.min.js') return createRequire(import.meta.url).resolve('adaptivecards/dist/adaptivecards.min.js');
  const name = /^\/_page\/([a-z-]+\.(?:js|css))$/.exec(path)?.[1];
  return name ? new URL(`./page/${name}`, import.meta.url) : undefined;
}
