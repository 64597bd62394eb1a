import type { IncomingMessage } from 'node:http';
import { type Checked, passed, refused } from './refusal.ts';

const LARGEST_BODY = 256 * 1024;
const SLOWEST_BODY = 10_000;
const DEEPEST = 32;
const MOST_KEYS = 2_000;
const MOST_ITEMS = 4_000;
const PROTOTYPE_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** Refuses by the headers alone: anything but plain JSON of a sensible length. */
export function checkHeaders(headers: IncomingMessage['headers']): Checked<null> {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (headers['content-encoding'] !== undefined || type !== 'application/json') return refused(415, 'bad-encoding');
  return Number(headers['content-length'] ?? 0) > LARGEST_BODY ? refused(413, 'too-large') : passed(null);
}

/** Reads a body by counting what arrives, whatever the headers promised. */
export function readBody(request: IncomingMessage): Promise<Checked<Buffer>> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (result: Checked<Buffer>): void => {
      clearTimeout(slow);
      request.off('data', take);
      request.resume();
      resolve(result);
    };
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > LARGEST_BODY) finish(refused(413, 'too-large'));
      else chunks.push(chunk);
    };
    const slow = setTimeout(() => finish(refused(408, 'too-slow')), SLOWEST_BODY);
    request.on('data', take);
    request.once('end', () => finish(passed(Buffer.concat(chunks))));
    request.once('error', () => finish(refused(400, 'bad-json')));
    request.once('close', () => finish(refused(400, 'bad-json')));
  });
}

/** Parses an object that is neither deep nor wide and cannot reach a prototype. */
export function parseBody(body: Buffer): Checked<object> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return refused(400, 'bad-json');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !isModest(value)) return refused(400, 'bad-json');
  return passed(value);
}

function isModest(root: object): boolean {
  const open: { value: object; depth: number }[] = [{ value: root, depth: 1 }];
  let keys = 0;
  let items = 0;
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth } = next;
    if (depth > DEEPEST) return false;
    const names = Array.isArray(value) ? [] : Object.keys(value);
    keys += names.length;
    items += Array.isArray(value) ? value.length : 0;
    if (keys > MOST_KEYS || items > MOST_ITEMS || names.some((name) => PROTOTYPE_KEYS.has(name))) return false;
    for (const child of Object.values(value)) {
      if (typeof child === 'object' && child !== null) open.push({ value: child, depth: depth + 1 });
    }
  }
  return true;
}
