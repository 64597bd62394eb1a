import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../../core/hash.ts';
import { type Around, parseMigration } from '../../services/migration-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'greenlight-actions-'));
const REMOVAL = 'param([string]$Token, [string]$Nonce)\nexit 0\n';
writeFileSync(join(folder, 'remove-falcon.ps1'), REMOVAL);
writeFileSync(join(folder, 'huge.ps1'), 'x'.repeat(70_000));

const HEAD = `id: corp
name: Corp
timeZone: Europe/Copenhagen
channel: { tenantId: 11111111-1111-4111-8111-111111111111, teamId: "19:t@thread.tacv2", channelId: "19:c@thread.tacv2" }
subscriptions: [{ id: aaaaaaaa-1111-4111-8111-aaaaaaaaaaaa, name: corp-prod }]
rings: [{ name: canary, tag: ring=canary }]
approvers:
  - { id: 1a7c0b52-6e1f-4c38-9f0d-5b2e8a94c001, name: Ada, role: security }
  - { id: 2b8d1c63-7f20-4d49-a01e-6c3f9ba5d002, name: Bob, role: operations }
`;
const script = (over = '') =>
  `{ vendor: CrowdStrike, os: windows, file: remove-falcon.ps1, sha256: ${sha256(REMOVAL)}, doneExitCodes: [3010], secrets: { Token: falcon-token }${over} }`;
const actions = (inner: string) => `${HEAD}actions:\n${inner}`;
const removal = (...scripts: readonly string[]) =>
  actions(`  remove-third-party:\n    scripts:\n${scripts.map((one) => `      - ${one}\n`).join('')}`);
const environment = { GREENLIGHT_SECRET_FALCON_TOKEN: 't0ken' };
const parsed = (text: string, around: Around = {}) => parseMigration(text, 'migration.yaml', { folder, environment, ...around });
const options = (text: string, around?: Around) => {
  const result = parsed(text, around);
  if (result.kind !== 'ok') throw new Error(JSON.stringify(result.errors));
  return result.migration.options;
};
const refusal = (text: string, around?: Around) => {
  const result = parsed(text, around);
  return result.kind === 'ok' ? [] : result.errors.map(({ path, expected }) => `${path}: ${expected}`);
};

describe('what a migration file says about actions', () => {
  it('may be nothing: then nothing is written that is opt-in, and no removal script is known', () => {
    expect(options(HEAD)).toEqual({
      installDefenderFeature: { image: null, withoutExclusions: null },
      installUpdates: {
        classifications: ['Critical', 'Security', 'UpdateRollUp', 'Definition', 'Updates'],
        reboot: 'IfRequired',
        hours: 2,
      },
      createExclusionPolicy: { write: false },
      assignDefenderInitiative: expect.objectContaining({ identity: null, exclude: [], excludePublishers: [], excludeImages: [] }),
      removeThirdParty: { scripts: [], unprotectedMinutes: 60 },
    });
  });

  it('binds a removal script by the bytes of its file, and a secret by its hash alone', () => {
    const [only] = options(removal(script())).removeThirdParty.scripts;
    expect(only).toEqual({
      vendor: 'CrowdStrike',
      os: 'windows',
      minutes: 20,
      script: {
        id: 'remove-crowdstrike-windows',
        text: REMOVAL,
        sha256: sha256(REMOVAL),
        exits: { 3010: { done: true, words: 'the vendor’s script says it is done' } },
      },
      secrets: { Token: { ref: 'setting/falcon-token', sha256: sha256('t0ken') } },
    });
    expect(JSON.stringify(options(removal(script())))).not.toContain('t0ken');
  });

  it.each<[string, string, RegExp]>([
    ['a file that is not there', removal(script().replace('remove-falcon', 'nothing')), /scripts\.0\.file: a file that can be read/],
    ['a file that is too big', removal(script().replace('remove-falcon', 'huge')), /scripts\.0\.file: a file that can be read/],
    [
      'another file than it says',
      removal(script().replace(sha256(REMOVAL), 'b'.repeat(64))),
      /scripts\.0\.sha256: the SHA-256 of the file, which is/,
    ],
    [
      'two scripts for one product',
      removal(script(), script().replace('CrowdStrike', 'crowdstrike')),
      /scripts\.1\.vendor: each vendor once/,
    ],
    ['a parameter that is none', removal(script().replace('Token:', '"$(x)":')), /secrets\.\$\(x\)/],
    [
      'an image that ends a string',
      actions(`  install-defender-feature: { image: { path: "D:\\\\a'; x\\\\i.wim", index: 1, sha256: ${'a'.repeat(64)} } }\n`),
      /\.wim file on a share or a drive/,
    ],
    ['an action it does not have', actions('  remove-everything: {}\n'), /actions\.remove-everything: one of the keys/],
    ['a key an action does not have', actions('  install-updates: { force: true }\n'), /actions\.install-updates\.force: one of the keys/],
    [
      'an identity that is none',
      actions('  assign-defender-initiative: { identity: { id: /x, location: westeurope } }\n'),
      /user-assigned identity/,
    ],
  ])('refuses %s', (_words, text, expected) => {
    expect(refusal(text).join('\n')).toMatch(expected);
  });

  it('refuses a secret that is not set, and names the variable and no value', () => {
    expect(refusal(removal(script()), { environment: {} })).toEqual([
      'actions.remove-third-party.scripts.0.secrets.Token: a secret that is set: GREENLIGHT_SECRET_FALCON_TOKEN in the environment',
    ]);
  });

  it('leaves a removal script that changed since out of a version that was accepted before, and goes on', () => {
    const changed = removal(script().replace(sha256(REMOVAL), 'b'.repeat(64)));
    expect(options(changed, { kept: true }).removeThirdParty.scripts).toEqual([]);
    expect(options(removal(script()), { kept: true, environment: {} }).removeThirdParty.scripts).toEqual([]);
  });

  it('takes paths on shares and drives for an image', () => {
    for (const path of ['\\\\\\\\files\\\\images$\\\\sources\\\\install.wim', 'D:\\\\sources\\\\install.wim']) {
      const text = actions(`  install-defender-feature: { image: { path: "${path}", index: 4, sha256: ${'A'.repeat(64)} } }\n`);
      expect(options(text).installDefenderFeature.image).toEqual({ path: path.replaceAll('\\\\', '\\'), index: 4, sha256: 'a'.repeat(64) });
    }
  });
});
