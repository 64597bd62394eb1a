const REMOVED = '(removed)';
const SECRET =
  /^(client_?secret|client_assertion|assertion|access_?token|refresh_?token|id_?token|token|authorization|password|runaspassword|protectedsettings.*|onboardingpackage.*|defenderforendpointonboardingscript|offboardingscript|secret|sas|connectionstring)$/i;

// The signature of a shared access link, anything that looks like a signed token, and credentials in a query.
const SECRET_TEXT: readonly [RegExp, string][] = [
  [/\b(sig=)[^&\s"'#]+/gi, `$1${REMOVED}`],
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, REMOVED],
  [/\b((?:client_secret|access_token|id_token|refresh_token)=)[^&\s"'#]+/gi, `$1${REMOVED}`],
];

/** A text without what would open something. */
export function withoutSecretText(text: string): string {
  return SECRET_TEXT.reduce((clean, [pattern, instead]) => clean.replace(pattern, instead), text);
}

/** A copy of parsed JSON without secrets, by the names of the fields and by what the texts look like. */
export function withoutSecrets(value: unknown, name = ''): unknown {
  if (SECRET.test(name) && value !== null) return REMOVED;
  if (typeof value === 'string') return withoutSecretText(value);
  if (name.toLowerCase() === 'protectedparameters' && Array.isArray(value)) {
    return value.map((parameter: unknown) =>
      typeof parameter === 'object' && parameter !== null ? { ...parameter, value: REMOVED } : REMOVED,
    );
  }
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item, key)]));
}
