import type { Json, JsonObject } from '../core/json.ts';

const HIDDEN = '[hidden]';
const LONGEST_TEXT = 2_000;
const DEEPEST = 8;

const SECRET_KEY = /^(.*[-_])?(password|passwd|pwd|secret|token|assertion|authorization|cookie|credential|connection_?string|api_?key)$/i;
const SECRET_CAMEL_KEY = /(Password|Secret|Token|Assertion|Authorization|ConnectionString|ApiKey)$/;

/** What a secret looks like wherever it stands. The kept part says what was hidden. */
const SECRET_TEXT: readonly (readonly [RegExp, string])[] = [
  [/eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, '[token]'],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${HIDDEN}`],
  [/([?&;\s"']|^)(sig|client_secret|client_assertion|access_token|refresh_token|code|password)=[^&\s"']+/gi, `$1$2=${HIDDEN}`],
  [/("(?:[\w-]*_)?(?:password|secret|token|assertion|authorization|clientSecret|accessToken)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi, `$1"${HIDDEN}"`],
  [/\b([a-z][\w+.-]*:\/\/[^\s:/@]+):[^\s@/]+@/gi, `$1:${HIDDEN}@`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[private key]'],
];

/** Text with tokens, passwords and signatures taken out, cut to a length a log can bear. */
export function redactText(text: string): string {
  const clean = SECRET_TEXT.reduce((so, [pattern, instead]) => so.replace(pattern, instead), text);
  return clean.length > LONGEST_TEXT ? `${clean.slice(0, LONGEST_TEXT)}… (${clean.length} characters)` : clean;
}

/** Data for the log: values under secret-looking keys are hidden, and so are secrets inside any text. */
export function redact(data: JsonObject): JsonObject {
  return redactValue(data, 0) as JsonObject;
}

function redactValue(value: unknown, depth: number): Json {
  if (typeof value === 'string') return redactText(value);
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'object') return value === undefined ? null : `[${typeof value}]`;
  if (depth >= DEEPEST) return '[deeper]';
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  if (value instanceof Error) return redactText(`${value.name}: ${value.message}`);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [redactText(key), isSecretKey(key) ? HIDDEN : redactValue(item, depth + 1)]),
  );
}

function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key) || SECRET_CAMEL_KEY.test(key);
}
