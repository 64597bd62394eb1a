import { hash } from 'node:crypto';
import type { Evidence } from '../../core/evidence.ts';
import type { Instant } from '../../core/instant.ts';
import { partOf } from '../../core/part.ts';
import { storable, storableText } from './jsonb.ts';

/** A fact about a subject, as it is to be kept. */
export interface Entry {
  readonly part: number;
  readonly subject: string;
  readonly evidence: Evidence<unknown>;
  /** When somebody looked. */
  readonly seenAt: Instant;
}

export function entryOf(subject: string, evidence: Evidence<unknown>, seenAt: Instant): Entry {
  const id = storableText(subject);
  return { part: partOf(id), subject: id, evidence, seenAt };
}

/** A fact that was read before it was looked for has a time of its own, which no later look renews. */
export function follows({ evidence, seenAt }: Entry): boolean {
  return evidence.state === 'unread' || evidence.observedAt >= seenAt;
}

/** Everything a fact says, but not when it was said: two that are told the same are the same. */
function told(entry: Entry): string {
  const { evidence } = entry;
  if (evidence.state === 'unread') return JSON.stringify(['unread', evidence.reason, evidence.fix, evidence.source]);
  return JSON.stringify([follows(entry) ? null : evidence.observedAt, evidence.source, evidence.value]);
}

export function digestOf(entry: Entry): string {
  return hash('sha256', told(entry), 'base64');
}

/** One digest for all entries of a part, in whatever order they come. */
export function digestOfPart(entries: readonly Entry[]): string {
  const sorted = entries.toSorted((a, b) => (a.subject < b.subject ? -1 : 1));
  return hash('sha256', sorted.map((entry) => `${JSON.stringify(entry.subject)}${told(entry)}`).join('\n'), 'base64');
}

/** The entry as a row of a JSON parameter. */
export function rowOf(entry: Entry): Record<string, unknown> {
  const { part, subject, evidence, seenAt } = entry;
  const row = { part, subject, state: evidence.state, digest: digestOf(entry), follows: follows(entry), seenAt };
  if (evidence.state === 'unread') return { ...row, ...storable(evidence) };
  const { value, observedAt, source } = evidence;
  return { ...row, value: JSON.stringify(storable(value)), observedAt, source: storableText(source) };
}
