import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import type { Estate } from './estate.ts';

const SAMPLE = fileURLToPath(new URL('./sample.migration.yaml', import.meta.url));

/** The text of a migration file for an estate: the sample's own, with the subscriptions and rings of another one where they differ. */
export function migrationOf(estate: Pick<Estate, 'subscriptions' | 'machines'>): string {
  const text = readFileSync(SAMPLE, 'utf8');
  const sample = parse(text) as { subscriptions: { id: string }[]; rings: { name: string; tag: string }[] };
  const own = estate.subscriptions.map(({ id, name }) => ({ id: id.toLowerCase(), name }));
  const known = sample.subscriptions.map(({ id }) => id);
  if (own.length === known.length && own.every(({ id }) => known.includes(id))) return text;
  const tagged = [...new Set(estate.machines.flatMap(({ tags }) => (tags['ring'] ? [tags['ring']] : [])))].sort();
  const rings = tagged.length > 0 ? tagged.map((name) => ({ name, tag: `ring=${name}` })) : sample.rings;
  return stringify({ ...sample, name: 'A rehearsal on an estate of our own', subscriptions: own, rings });
}
