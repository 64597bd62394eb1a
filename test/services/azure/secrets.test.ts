import { sha256 } from '../../../core/hash.ts';
import type { ExpandedCall } from '../../../core/plan.ts';
import { secretReference } from '../../../core/secret-reference.ts';
import { createSecretReader } from '../../../services/azure/secret-reader.ts';
import { SecretChanged, withoutSecrets, withSecrets } from '../../../services/azure/secrets.ts';

const SECRET = 'cGFja2FnZQ==';
const reference = secretReference({ ref: 'setting/falcon', sha256: sha256(SECRET) });
const call = (value: string): ExpandedCall => ({
  id: 'one',
  describes: 'x',
  method: 'PUT',
  path: '/x',
  query: {},
  body: { properties: { protectedSettings: { script: value }, list: [value, 'plain'] } },
  settles: 'resource',
  timeoutSeconds: 60,
});
const reader = (value: string | null) => async () => value;

describe('a secret that a call names', () => {
  it('is put in wherever it is named, and taken out again to be held against what was signed', async () => {
    const filled = await withSecrets(call(reference), reader(SECRET));
    expect(filled.body).toEqual({ properties: { protectedSettings: { script: SECRET }, list: [SECRET, 'plain'] } });
    expect(withoutSecrets(filled.body!, call(reference).body!)).toEqual(call(reference).body);
  });

  it.each([
    ['is another one by now', 'other', 'is not what it was when the plan was signed'],
    ['is not there', null, 'is not there'],
  ])('stops the call when it %s, and no message holds its value', async (_words, value, words) => {
    const failing = withSecrets(call(reference), reader(value));
    await expect(failing).rejects.toThrow(SecretChanged);
    await expect(failing).rejects.toThrow(words);
    await expect(failing).rejects.not.toThrow(/other/);
  });

  it('is no other text in its place', () => {
    const sent = { properties: { protectedSettings: { script: 'something else' }, list: [SECRET, 'plain'] } };
    expect(withoutSecrets(sent, call(reference).body!)).not.toEqual(call(reference).body);
  });

  it('is not found by a name in text, in a key, or in what only looks like one', async () => {
    const calls = ['{secret:setting/falcon}', `x${reference}`, '{secret:../x:00}'].map(call);
    for (const one of calls) expect((await withSecrets(one, reader(SECRET))).body).toEqual(one.body);
  });
});

describe('a secret is read', () => {
  const get = async (path: string) => ({ properties: { onboardingPackageWindows: path, onboardingPackageLinux: null } });
  const read = createSecretReader({ get }, { GREENLIGHT_SECRET_FALCON_TOKEN: 't0ken', PATH: '/bin' });

  it.each([
    ['setting/falcon-token', 't0ken'],
    ['setting/nothing', null],
    ['path', null],
    ['toString/x', null],
    ['mde-onboarding/s1/Windows', '/subscriptions/s1/providers/Microsoft.Security/mdeOnboardings/Windows'],
    ['mde-onboarding/s1/Linux', null],
    ['mde-onboarding/s1/other', null],
  ])('%s from where its name says, and from nowhere else', async (ref, value) => {
    expect(await read(ref)).toBe(value);
  });
});
