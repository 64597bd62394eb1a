import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Collection, Evidence, Unread } from '../core/evidence.ts';
import { read, unread } from '../core/evidence.ts';
import type { ServerList } from '../core/facts/server-list.ts';
import type { Instant } from '../core/instant.ts';
import type { Migration } from '../core/migration.ts';
import type { Clock, Collectors, Log } from '../core/ports.ts';
import { ORGANISATION } from '../core/snapshot.ts';
import type { ListMistake } from './server-list-rows.ts';
import { parseServerList } from './server-list-rows.ts';

/** Bytes. Far above any real list. */
const LARGEST = 5 * 1_048_576;
const MOST_SHOWN = 3;

export interface ServerListOptions {
  /** Asked for anew at every reading: another version of the migration file may name another list. */
  readonly source: () => Migration['serverList'];
  readonly clock: Clock;
  readonly log: Log;
}

/** Reads the list of the servers that ought to exist, as the migration file names it. A list that cannot be read whole is unread. */
export function createServerListCollector({ source, clock, log }: ServerListOptions): Collectors['server-list'] {
  return async () => {
    const at = clock.now();
    const from = source();
    if (from === null) return collected(read({ loaded: false }, 'the migration file', at), at);
    const name = basename(from.file); // what is posted says nothing of this machine's folders
    const found = await readList(from.file);
    if (found.kind === 'ok') {
      const { servers, sha256 } = found;
      return collected(read({ loaded: true, asOf: from.asOf, attestedBy: from.attestedBy, servers, sha256 }, name, at), at);
    }
    for (const { line, expected } of found.mistakes) log.warn('reading the server list', { file: from.file, line, expected });
    return collected(unread(`the server list ${name} ${found.because}`, found.fix, name, at), at);
  };
}

type Found =
  | { readonly kind: 'ok'; readonly servers: Extract<ServerList, { loaded: true }>['servers']; readonly sha256: string }
  | { readonly kind: 'failed'; readonly because: string; readonly fix: string; readonly mistakes: readonly ListMistake[] };

async function readList(file: string): Promise<Found> {
  const read = await readText(file);
  if (read.kind !== 'ok') return read;
  const parsed = parseServerList(read.text);
  if (parsed.kind === 'ok') return { kind: 'ok', servers: parsed.servers, sha256: read.sha256 };
  const { mistakes } = parsed;
  const shown = mistakes.slice(0, MOST_SHOWN).map(({ line, expected }) => `line ${line}: expected ${expected}`);
  const more = mistakes.length > MOST_SHOWN ? `; and ${mistakes.length - MOST_SHOWN} more` : '';
  return { ...failed(`cannot be used: ${shown.join('; ')}${more}`, 'Mend the file; it is read again by itself.'), mistakes };
}

async function readText(file: string): Promise<{ readonly kind: 'ok'; readonly text: string; readonly sha256: string } | FailedRead> {
  try {
    const { size } = await stat(file).then((found) => (found.isFile() ? found : Promise.reject(noFile())));
    const bytes = size > LARGEST ? null : await readFile(file);
    if (bytes === null || bytes.length > LARGEST) return failed('is larger than 5 MB', 'Name a file with one line a server.');
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes); // leaves a byte order mark out
    return { kind: 'ok', text, sha256: createHash('sha256').update(bytes).digest('hex') };
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return failed('is not text in UTF-8', 'Save it as “CSV UTF-8”.');
    if (code === 'ENOENT') return failed('is not there', 'Put it where the migration file says, or take serverList out of that.');
    return failed(`cannot be read (${code})`, 'Let the user Greenlight runs as read it.');
  }
}

type FailedRead = Extract<Found, { kind: 'failed' }>;

function failed(because: string, fix: string): FailedRead {
  return { kind: 'failed', because, fix, mistakes: [] };
}

function noFile(): NodeJS.ErrnoException {
  return Object.assign(new Error('it is no file'), { code: 'no file' });
}

function collected(evidence: Evidence<ServerList>, at: Instant): Collection<'server-list'> {
  const failure: Unread | null = evidence.state === 'unread' ? evidence : null;
  return { kind: 'server-list', source: evidence.source, collectedAt: at, subjects: { [ORGANISATION]: evidence }, failure };
}
