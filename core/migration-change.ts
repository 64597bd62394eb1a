/** One thing that differs between two versions of a migration. */
export interface MigrationChange {
  readonly what: 'people' | 'quorum' | 'scope' | 'window' | 'waves' | 'actions' | 'digest' | 'channel' | 'name';
  /** All of it in words, such as `quorum for reversible changes: 2 → 1`. */
  readonly words: string;
  /** Empty for what was added. */
  readonly from: string;
  /** Empty for what was removed. */
  readonly to: string;
}

/** An entry of a list, as it is compared and shown. */
export interface Entry {
  /** The same entry in both versions has the same key. */
  readonly key: string;
  readonly title: string;
  /** What `detail` is, such as `role`; may be empty. */
  readonly noun: string;
  readonly detail: string;
}

/** A row when two values, in words, are not the same. */
export function valueBetween(what: MigrationChange['what'], label: string, from: string, to: string): readonly MigrationChange[] {
  return from === to ? [] : [{ what, words: `${label}: ${from} → ${to}`, from, to }];
}

/** A row for each entry that was removed, added or changed. Two entries that look the same and are not are told apart by their keys. */
export function entriesBetween<T>(
  what: MigrationChange['what'],
  label: string,
  old: readonly T[],
  next: readonly T[],
  entryOf: (item: T) => Entry,
): readonly MigrationChange[] {
  const [before, after] = [byKey(old.map(entryOf)), byKey(next.map(entryOf))];
  const removed = [...before.values()].filter(({ key }) => !after.has(key));
  const added = [...after.values()].filter(({ key }) => !before.has(key));
  const looks = new Set(removed.map(shown).filter((look) => added.some((entry) => shown(entry) === look)));
  const told = (entry: Entry) => (looks.has(shown(entry)) ? `${shown(entry)}, ${entry.key}` : shown(entry));
  return [
    ...removed.map((entry) => ({ what, words: `${label} removed: ${told(entry)}`, from: told(entry), to: '' })),
    ...added.map((entry) => ({ what, words: `${label} added: ${told(entry)}`, from: '', to: told(entry) })),
    ...[...after.values()].flatMap((entry) => changed(what, label, before.get(entry.key), entry)),
  ];
}

function changed(what: MigrationChange['what'], label: string, old: Entry | undefined, next: Entry): readonly MigrationChange[] {
  if (old === undefined) return [];
  if (old.title !== next.title) return valueBetween(what, label, shown(old), shown(next));
  const noun = next.noun === '' ? '' : `${next.noun} `;
  if (old.detail === next.detail) return [];
  const words = `${label} ${next.title}: ${noun}${old.detail} → ${next.detail}`;
  return [{ what, words, from: old.detail, to: next.detail }];
}

function shown({ title, detail }: Entry): string {
  return detail === '' ? title : `${title} (${detail})`;
}

function byKey(entries: readonly Entry[]): ReadonlyMap<string, Entry> {
  return new Map(entries.map((entry) => [entry.key, entry]));
}
