import type { CrossIssue } from './migration-raw.ts';
import { entriesAt, keysAt, personOf, textOf, valueAt } from './migration-raw.ts';

interface Uniqueness {
  /** `*` stands for every key or entry. */
  readonly list: readonly string[];
  /** What may stand there once; null leaves the entry out. */
  readonly key: (entry: unknown, file: unknown) => string | null;
  readonly message: string;
}

const field = (name: string) => (entry: unknown) => textOf(valueAt(entry, [name]));

const unique: readonly Uniqueness[] = [
  { list: ['subscriptions'], key: field('id'), message: 'each subscription once' },
  { list: ['subscriptions'], key: field('name'), message: 'a different name for each subscription' },
  { list: ['rings'], key: field('name'), message: 'a different name for each ring' },
  { list: ['rings'], key: field('tag'), message: 'a different tag for each ring' },
  { list: ['approvers'], key: personOf, message: 'each approver once' },
  { list: ['people', 'requesters'], key: personOf, message: 'each requester once' },
  { list: ['people', 'attesters', '*'], key: personOf, message: 'each attester of a step once' },
  { list: ['people', 'scheduleOwners'], key: personOf, message: 'each schedule owner once' },
  { list: ['people', 'alternates', 'people'], key: personOf, message: 'each alternate once' },
  { list: ['people', 'owners', 'people', '*'], key: personOf, message: 'each owner once' },
  { list: ['windows'], key: field('name'), message: 'a different name for each window' },
  { list: ['windows', '*', 'days'], key: textOf, message: 'each day once' },
  { list: ['windows', '*', 'rings'], key: textOf, message: 'each ring once' },
  { list: ['digest', 'days'], key: textOf, message: 'each day once' },
];

/** What the file says twice and may say once. */
export function repeatIssues(file: unknown): readonly CrossIssue[] {
  return unique.flatMap(({ list, key, message }) =>
    pathsOf(file, list).flatMap((path) => {
      const keys = entriesAt(file, path).map((entry) => key(entry, file));
      return keys.flatMap((value, index) => (value !== null && keys.indexOf(value) < index ? [{ path: [...path, index], message }] : []));
    }),
  );
}

function pathsOf(file: unknown, pattern: readonly string[]): readonly (readonly string[])[] {
  const star = pattern.indexOf('*');
  if (star < 0) return [pattern];
  const before = pattern.slice(0, star);
  const keys = [...keysAt(file, before), ...entriesAt(file, before).map((_, index) => String(index))];
  return keys.flatMap((key) => pathsOf(file, [...before, key, ...pattern.slice(star + 1)]));
}
