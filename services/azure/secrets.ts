import { sha256 } from '../../core/hash.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { ExpandedCall } from '../../core/plan.ts';
import { referredSecret } from '../../core/secret-reference.ts';

/** Reads a secret by its reference; null when there is none by that name. What it gives is held in memory only, and never logged. */
export type SecretReader = (ref: string) => Promise<string | null>;

/** Thrown when a secret is not what it was when the plan was signed, or is not there. Its message names it, never its value. */
export class SecretChanged extends Error {
  override readonly name = 'SecretChanged';
}

/** The call with every secret its body names put in. Throws {@link SecretChanged}, and what the reader throws. */
export async function withSecrets(call: ExpandedCall, readSecret: SecretReader): Promise<ExpandedCall> {
  if (call.body === null) return call;
  const refs = new Map<string, string>();
  for (const { ref, sha256: signed } of secretsIn(call.body)) {
    const value = await readSecret(ref);
    if (value === null) throw new SecretChanged(`the secret ${ref} is not there`);
    if (sha256(value) !== signed) throw new SecretChanged(`the secret ${ref} is not what it was when the plan was signed`);
    refs.set(ref, value);
  }
  const filled = mapText(call.body, (text) => {
    const secret = referredSecret(text);
    return secret === null ? text : (refs.get(secret.ref) as string);
  });
  return { ...call, body: filled as JsonObject };
}

/** What was sent, with the name of the secret wherever the signed body names one and what stands there is that very secret. */
export function withoutSecrets(sent: Json, signed: Json): Json {
  const secret = referredSecret(signed);
  if (secret !== null) return typeof sent === 'string' && sha256(sent) === secret.sha256 ? signed : sent;
  if (Array.isArray(signed) && Array.isArray(sent)) {
    return sent.map((value: Json, index) => withoutSecrets(value, (signed[index] as Json | undefined) ?? null));
  }
  if (!isObject(signed) || !isObject(sent)) return sent;
  return Object.fromEntries(Object.entries(sent).map(([key, value]) => [key, withoutSecrets(value, signed[key] ?? null)]));
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function secretsIn(value: Json) {
  const found: NonNullable<ReturnType<typeof referredSecret>>[] = [];
  mapText(value, (text) => {
    const secret = referredSecret(text);
    if (secret !== null) found.push(secret);
    return text;
  });
  return found;
}

function mapText(value: Json, map: (text: string) => string): Json {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item: Json) => mapText(item, map));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapText(item, map)]));
}
