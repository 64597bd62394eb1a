/** A person's only identity: Entra object id and tenant id, both lower-case GUIDs. Names and mail addresses are for show. */
export interface PersonKey {
  readonly objectId: string;
  readonly tenantId: string;
}

/** A person as the channel's roster shows them. */
export interface Person extends PersonKey {
  /** For show only. */
  readonly name: string;
  /** Teams' own id of the member (`29:…`), needed to mention them; null when the roster did not say. */
  readonly memberId: string | null;
  readonly isGuest: boolean;
  /** The user principal name, for show and for the ledger only; left out when the roster did not give one. */
  readonly upn?: string;
}

/** Somebody the migration file names. */
export interface NamedPerson extends PersonKey {
  /** For show only. */
  readonly name: string;
}

/** Somebody the migration file names as one who may sign. */
export interface Approver extends NamedPerson {
  readonly role: string;
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A GUID in lower case, or null for anything else (blank, arrays, other text). */
export function guid(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const lower = value.toLowerCase();
  return GUID.test(lower) && lower !== '00000000-0000-0000-0000-000000000000' ? lower : null;
}

export function samePerson(a: PersonKey, b: PersonKey): boolean {
  return a.objectId === b.objectId && a.tenantId === b.tenantId;
}

/** One text for one person, for keys and for the ledger. */
export function personId(person: PersonKey): string {
  return `${person.tenantId}/${person.objectId}`;
}
