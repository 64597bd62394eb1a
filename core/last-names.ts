const MOST_NAMED = 3;

/** The first few machines of some ids, by the last part of each, and how many more there are. */
export function lastNames(ids: readonly string[]): string {
  const names = ids.slice(0, MOST_NAMED).map((id) => id.slice(id.lastIndexOf('/') + 1));
  const more = ids.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
