import type { Unread } from '../../core/evidence.ts';
import { unread } from '../../core/evidence.ts';
import type { Instant } from '../../core/instant.ts';

/** Evidence about a subject whose row did not have the expected shape. */
export function malformed(what: string, subject: string, source: string, since: Instant): Unread {
  const name = subject.split('/').at(-1) ?? subject;
  return unread(
    `Azure’s answer about ${what} of ${name} did not have the expected shape`,
    'Ask again; if it stays, a newer Greenlight may be needed for this version of Azure.',
    source,
    since,
  );
}
