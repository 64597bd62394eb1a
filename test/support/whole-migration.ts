import { readFileSync } from 'node:fs';
import type { Migration } from '../../core/migration.ts';
import { parseMigration } from '../../services/migration-file.ts';

/** The file of the documentation, which uses every key. */
export const wholeFile: string = exampleOf(readFileSync(new URL('../../docs/migration-file.md', import.meta.url), 'utf8'));

export function migrationOf(text: string): Migration {
  const parsed = parseMigration(text, 'migration.yaml');
  if (parsed.kind === 'errors') throw new Error(JSON.stringify(parsed.errors, null, 2));
  return parsed.migration;
}

function exampleOf(page: string): string {
  const [, example] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  if (example === undefined) throw new Error('the page has no example');
  return example;
}
