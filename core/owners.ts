import type { Owners } from './migration.ts';
import type { NamedPerson } from './person.ts';

type Tags = Readonly<Record<string, string>>;

/** Who answers for a machine: the tag's value as the migration file spells it, with its people; or the value nobody is named for. */
export type OwnersOf =
  | { readonly value: string; readonly people: readonly NamedPerson[] }
  /** Null when the machine carries no owner tag, or the file names none. */
  | { readonly unresolved: string | null };

/** What the machine's owner tag says, as it stands there; null without one, for a blank one, and when the file names no owners. Tag names ignore case. */
export function ownerValueOf(owners: Owners | null, tags: Tags): string | null {
  if (owners === null) return null;
  const found = Object.entries(tags).find(([name]) => name.toLowerCase() === owners.tag.toLowerCase())?.[1];
  return found === undefined || found.trim() === '' ? null : found;
}

/** The owners of a machine with these tags. Names and values of tags ignore case; a value without people is unresolved. */
export function ownersOf(owners: Owners | null, tags: Tags): OwnersOf {
  const said = ownerValueOf(owners, tags);
  const listed = Object.entries(owners?.people ?? {}).find(([value]) => value.toLowerCase() === said?.toLowerCase());
  if (listed === undefined || listed[1].length === 0) return { unresolved: said };
  return { value: listed[0], people: listed[1] };
}
