import { createHash } from 'node:crypto';
import { z } from 'zod';
import { refused } from './graph-error.ts';
import type { GraphRequest } from './request.ts';

const schema = z.object({
  /** Hash of what it belongs to. */
  bound: z.string(),
  /** Rows before the next page. */
  at: z.number().int().min(0),
  /** Decides the order of rows that have none. */
  seed: z.number().int(),
  top: z.number().int().min(1),
  /** Tells two answers to the same query apart. */
  answer: z.string(),
});
export type SkipToken = z.infer<typeof schema>;

/** What a token belongs to: the query, its scope and who asked. */
export function boundOf({ query, subscriptions, managementGroups, filter }: GraphRequest, clientId: string): string {
  return createHash('sha256')
    .update(JSON.stringify([query, subscriptions, managementGroups, filter, clientId]))
    .digest('base64url');
}

export function writeToken(value: SkipToken): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Throws GraphError for a token nobody gave or that belongs to something else. */
export function readToken(text: string, bound: string): SkipToken {
  const parsed = schema.safeParse(decoded(text));
  if (!parsed.success) throw refused('InvalidSkipToken', 'The skip token is not valid.');
  if (parsed.data.bound !== bound) throw refused('InvalidSkipToken', 'The skip token belongs to another query or another scope.');
  return parsed.data;
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return null;
  }
}
