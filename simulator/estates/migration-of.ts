import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import type { Estate } from './estate.ts';
import { serverListOf } from './server-list-of.ts';

const SAMPLE = fileURLToPath(new URL('./sample.migration.yaml', import.meta.url));

/** The name of the server list, beside the migration file. */
export const SERVER_LIST = 'servers.csv';

/** The text of a migration file for an estate: the sample's own, with the subscriptions and rings of another one where they differ, and no server list. */
export function migrationOf(estate: Pick<Estate, 'subscriptions' | 'machines'>): string {
  const text = readFileSync(SAMPLE, 'utf8');
  const { serverList, ...sample } = parse(text) as {
    serverList: object;
    subscriptions: { id: string }[];
    rings: { name: string; tag: string }[];
  };
  const own = estate.subscriptions.map(({ id, name }) => ({ id: id.toLowerCase(), name }));
  const known = sample.subscriptions.map(({ id }) => id);
  const sameSubscriptions = own.length === known.length && own.every(({ id }) => known.includes(id));
  const list = serverListOf(estate) === null ? {} : { serverList };
  if (sameSubscriptions) return 'serverList' in list ? text : stringify(sample);
  const tagged = [...new Set(estate.machines.flatMap(({ tags }) => (tags['ring'] ? [tags['ring']] : [])))].sort();
  const rings = tagged.length > 0 ? tagged.map((name) => ({ name, tag: `ring=${name}` })) : sample.rings;
  return stringify({ ...sample, ...list, name: 'A rehearsal on an estate of our own', subscriptions: own, rings });
}
