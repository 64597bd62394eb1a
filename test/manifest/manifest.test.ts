import { understand } from '../../core/question.ts';
import { manifestProblems } from '../../manifest/check-manifest.ts';
import { fillManifest } from '../../manifest/fill.ts';
import { GROUND_HEX } from '../../manifest/icons.ts';
import { phrases, questions } from '../../playbook/questions/index.ts';
import type { Manifest } from './filled-manifest.ts';
import { APP_ID, filledManifest } from './filled-manifest.ts';

const bot = (manifest: Manifest) => manifest.bots[0] as Manifest['bots'][number];
const commands = () => bot(filledManifest()).commandLists.flatMap((list) => list.commands);

describe('the manifest', () => {
  it('is what Teams takes', async () => {
    expect(await manifestProblems(filledManifest())).toEqual([]);
  });

  it('names the same registration as app and as bot', () => {
    const manifest = filledManifest();
    expect([manifest.id, bot(manifest).botId]).toEqual([APP_ID, APP_ID]);
  });

  it('asks for a channel and for nothing else', () => {
    const manifest = filledManifest();
    expect(bot(manifest).scopes).toEqual(['team']);
    expect(manifest['permissions']).toEqual(['identity']);
    expect(manifest.validDomains).toEqual([]);
    for (const field of ['authorization', 'webApplicationInfo', 'devicePermissions', 'staticTabs'])
      expect(manifest).not.toHaveProperty(field);
  });

  it('shows the outline icon on the ground of the colour icon', () => {
    expect(filledManifest().accentColor).toBe(GROUND_HEX);
  });

  it('leaves nothing to fill in', () => {
    expect(JSON.stringify(filledManifest())).not.toMatch(/\$\{|\}\}"/);
  });

  it('is not filled with a name nobody gave a value', () => {
    const values = { MICROSOFT_APP_ID: APP_ID, SITE: 'https://contoso.example', VERSION: '1.0.0' };
    expect(() => fillManifest({ a: ['${' + '{toString}}'] }, values)).toThrow('only MICROSOFT_APP_ID, SITE, VERSION can be filled in');
  });
});

describe('the commands offered', () => {
  const expected: Readonly<Record<string, unknown>> = {
    'where are we with phase 1': { intent: 'phase.status', args: { phase: 'prepare' } },
    'set passive mode on ring canary': { intent: 'action.request', args: { action: 'set-passive-mode', ring: 'canary' } },
    'whats waiting': { intent: 'signoff.list', args: {} },
    'run status': { intent: 'run.status', args: {} },
    stop: { intent: 'run.stop', args: {} },
    'post a digest now': { intent: 'digest.now', args: {} },
    help: { intent: 'help', args: {} },
    text: { intent: 'text', args: {} },
  };

  it('are these', () => {
    expect(commands().map(({ title }) => title)).toEqual(Object.keys(expected));
  });

  it.each(commands().map(({ title }) => title))('“%s” is understood, whatever the names of the rings', (title) => {
    for (const rings of [[], ['canary', 'pilot', 'broad'], ['ring-0', 'ring-1']]) {
      const vocabulary = { phrases, rings, subscriptions: new Map(), resourceGroups: new Map(), machines: new Map() };
      expect(understand(title, questions, vocabulary)).toEqual(expected[title]);
    }
  });
});

describe('a wrong manifest is refused', () => {
  it.each<[string, (manifest: Manifest) => void, string]>([
    ['an unknown field', (m) => Object.assign(m, { colour: 'green' }), '"additionalProperty":"colour"'],
    ['a bot id that is no GUID', (m) => Object.assign(bot(m), { botId: 'greenlight' }), '/bots/0/botId must match pattern'],
    ['a second bot', (m) => m.bots.push(bot(filledManifest())), '/bots must NOT have more than 1 items'],
    ['too long a name', (m) => Object.assign(m, { name: { short: 'G'.repeat(31) } }), '/name/short must NOT have more than 30 characters'],
    ['no icons', (m) => delete m['icons'], "must have required property 'icons'"],
    ['a channel feature in an older schema', (m) => older(m), '"additionalProperty":"supportsChannelFeatures"'],
    ['a version Teams does not take', (m) => Object.assign(m, { version: '1.0.0-preview.1' }), 'must be three numbers such as 1.2.3'],
    ['a bot that is in no channel', (m) => Object.assign(bot(m), { scopes: ['personal'] }), 'must have the scope "team"'],
    ['no support for shared channels', (m) => delete m['supportsChannelFeatures'], 'supportsChannelFeatures must be "tier1"'],
    ['a schema of another version', (m) => Object.assign(m, { manifestVersion: '1.24' }), '$schema must be'],
    ['a schema from elsewhere', (m) => Object.assign(m, { $schema: 'https://127.0.0.1:1/schema.json' }), '$schema must be'],
    ['a schema there is not', (m) => versioned(m, '1.999'), 'has no schema 1.999'],
    ['a version that is a path', (m) => versioned(m, '1.25/../v1.24'), 'manifestVersion must be'],
  ])('for %s', async (_what, spoil, because) => {
    const fetched = jest.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('a test has no network'));
    const manifest = filledManifest();
    spoil(manifest);
    const problems = await manifestProblems(manifest);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('manifest/manifest.json: ');
    expect(problems[0]).toContain(because);
    expect(fetched).not.toHaveBeenCalled();
    fetched.mockRestore();
  });

  it.each([[null], ['text'], [[]]])('for %j instead of an object', async (manifest) => {
    expect(await manifestProblems(manifest)).toEqual(['manifest/manifest.json: expected a JSON object.']);
  });
});

function older(manifest: Manifest): void {
  versioned(manifest, '1.24');
}

function versioned(manifest: Manifest, version: string): void {
  manifest['manifestVersion'] = version;
  manifest['$schema'] = `https://developer.microsoft.com/en-us/json-schemas/teams/v${version}/MicrosoftTeams.schema.json`;
}
