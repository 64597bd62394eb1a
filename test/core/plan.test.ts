import fc from 'fast-check';
import type { Json } from '../../core/json.ts';
import { callNonce, callsOf, expandCall, planHash, scriptReference } from '../../core/plan.ts';
import { planOf } from '../support/facts.ts';

const plan = planOf(3);
const hash = planHash(plan);

/** Every path to a leaf of a JSON value. */
function leaves(value: Json, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (value === null || typeof value !== 'object') return [path];
  const keys = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value);
  return keys.flatMap((key) => leaves((value as Record<string | number, Json>)[key] as Json, [...path, key]));
}

function changed(value: Json, [key, ...rest]: readonly (string | number)[]): Json {
  if (key === undefined) return typeof value === 'number' ? value + 1 : `${JSON.stringify(value)}x`;
  if (Array.isArray(value)) return value.map((item: Json, index) => (index === key ? changed(item, rest) : item));
  return { ...(value as Record<string, Json>), [key]: changed((value as Record<string, Json>)[key] as Json, rest) };
}

describe('a plan', () => {
  it('has another hash when any field of it differs', () => {
    const paths = leaves(plan as unknown as Json);
    fc.assert(
      fc.property(fc.constantFrom(...paths), (path) => {
        expect(planHash(changed(plan as unknown as Json, path) as never)).not.toBe(hash);
      }),
      { numRuns: 300 },
    );
  });

  it('has the same hash after a trip through JSON', () => {
    expect(planHash(JSON.parse(JSON.stringify(plan)))).toBe(hash);
  });

  it('fills its calls from its own hash: the same plan always sends the same bytes', () => {
    const { target, call } = callsOf(plan)[0]!;
    const sent = expandCall(plan, hash, target.id, call);
    expect(sent.path).toBe(`/x/${hash.slice(0, 12)}/set`);
    expect(JSON.stringify(sent.body)).toContain(callNonce(hash, target.id, 'set'));
    expect(expandCall(plan, hash, target.id, call)).toEqual(sent);
  });

  it('gives every call of every target its own nonce', () => {
    const nonces = callsOf(plan).map(({ target, call }) => callNonce(hash, target.id, call.id));
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  it('leaves placeholders inside a script alone', () => {
    const { target, call } = callsOf(plan)[0]!;
    const sent = expandCall(plan, hash, target.id, { ...call, body: { source: { script: 'echo {nonce} {plan}' } } });
    expect(sent.body).toEqual({ source: { script: 'echo {nonce} {plan}' } });
  });

  it('sends the text of a script that a call names by its hash, and none that it does not hold', () => {
    const { target, call } = callsOf(plan)[0]!;
    const script = { id: 'look', text: 'echo {nonce}', sha256: 'a'.repeat(64) };
    const naming = (sha256: string) => ({ ...call, body: { source: { script: scriptReference(sha256) } } });
    const sent = expandCall({ scripts: [script] }, hash, target.id, naming(script.sha256));
    expect(sent.body).toEqual({ source: { script: 'echo {nonce}' } });
    expect(() => expandCall({ scripts: [script] }, hash, target.id, naming('b'.repeat(64)))).toThrow('does not hold the script');
  });
});
