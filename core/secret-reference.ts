/** Something secret that a call's body holds: the plan names it, and binds what it was when it was signed. */
export interface SecretReference {
  /** Where it is read, such as `mde-onboarding/<subscription id>/Windows`. */
  readonly ref: string;
  /** Of its UTF-8 bytes. */
  readonly sha256: string;
}

const SECRET = /^\{secret:([A-Za-z0-9-]+(?:\/[A-Za-z0-9-]+)*):([0-9a-f]{64})\}$/;

/** How a call's body names a secret. It is put in only on the way to the socket, and held in memory alone. */
export function secretReference({ ref, sha256 }: SecretReference): string {
  return `{secret:${ref}:${sha256}}`;
}

/** The secret that a value of a call's body names; null for any other value. */
export function referredSecret(value: unknown): SecretReference | null {
  const [, ref, sha256] = typeof value === 'string' ? (SECRET.exec(value) ?? []) : [];
  return ref === undefined || sha256 === undefined ? null : { ref, sha256 };
}
