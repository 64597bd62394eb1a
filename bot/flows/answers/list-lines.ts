import { count, names } from '../../../cards/words.ts';
import type { Listing, Unclear } from '../../../core/listed.ts';
import { evidenceFor, ORGANISATION } from '../../../core/snapshot.ts';
import type { Overview } from '../readiness/overview.ts';

const MOST_NAMED = 3;
const SHOWN_OF_HASH = 12;

/** Who is counted, and what the server list and Azure know that the other does not. */
export function listLines(overview: Overview): readonly string[] {
  const { listing } = overview;
  const list = evidenceFor({ ...overview, evidence: overview.list ? { 'server-list': overview.list } : {} }, 'server-list', ORGANISATION);
  if (list.state === 'unread') return [`Only servers that Azure already sees are counted, because ${list.reason}. ${list.fix}`];
  if (listing === null) return ['No server list is loaded: only servers that Azure already sees are counted.'];
  return [
    countedLine(listing),
    ...missingLines(listing),
    ...unlistedLines(listing),
    ...listing.unclear.slice(0, MOST_NAMED).map(unclearLine),
  ];
}

function countedLine({ servers, day, attestedBy, sha256 }: Listing): string {
  const which = `the list of ${day}, for which ${attestedBy} vouches (sha256 ${sha256.slice(0, SHOWN_OF_HASH)})`;
  return `Counted are the ${count(servers, 'server')} of ${which}, and what else Azure shows`;
}

function missingLines({ missing }: Listing): readonly string[] {
  if (missing.length === 0) return [];
  const named = names(
    missing.map(({ name }) => name),
    MOST_NAMED,
  );
  return [
    `${count(missing.length, 'server')} of the list ${missing.length === 1 ? 'is' : 'are'} not in Azure, so nothing is known inside: ${named}`,
  ];
}

function unlistedLines({ unlisted }: Listing): readonly string[] {
  if (unlisted.length === 0) return [];
  return [
    `${count(unlisted.length, 'machine')} in Azure ${unlisted.length === 1 ? 'is' : 'are'} on nobody’s list: ${names(unlisted, MOST_NAMED)}`,
  ];
}

function unclearLine({ servers, machines }: Unclear): string {
  const listed = servers.length === 1 ? `the list’s ${servers[0]}` : `the list’s ${names(servers, MOST_NAMED)}`;
  return `Who is who is not clear: ${listed} and ${count(machines.length, 'machine')} in Azure, ${names(machines, MOST_NAMED)}; an fqdn in the list would tell`;
}
