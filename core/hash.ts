import { createHash } from 'node:crypto';
import { canonical } from './canonical.ts';
import type { Json } from './json.ts';

/** SHA-256 of UTF-8 text, 64 lower-case hex digits. A pure function: the one thing core takes from outside. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** SHA-256 of a value's canonical JSON under a domain tag, so that a hash made for one purpose is worthless for another. */
export function taggedHash(domain: string, value: Json): string {
  return sha256(`${domain}\n${canonical(value)}`);
}
