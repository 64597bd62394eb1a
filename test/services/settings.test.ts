import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { envExample } from '../../services/env-example.ts';
import { hasSettings, parseSettings } from '../../services/settings.ts';
import { overrideNames, settingNames, settingsTable } from '../../services/settings-table.ts';
import { readText } from './azure/pretend-arm.ts';

const production = {
  MICROSOFT_APP_ID: '1B4E28BA-2FA1-4D3B-883F-0016D3CCA427',
  MICROSOFT_APP_TENANT_ID: '72f988bf-86f1-41af-91ab-2d7cd011db47',
  MICROSOFT_APP_PASSWORD: 'correct-horse-battery',
  READER_CLIENT_ID: '2c5ea4c0-4067-4fe5-8e2d-2a9a0c8a5b6e',
  WRITER_CLIENT_ID: '3d6fb5d1-5178-40f6-9f3e-3bab1d9b6c7f',
  MIGRATION_FILE: './migration.yaml',
};
const caFile = join(mkdtempSync(join(tmpdir(), 'greenlight-settings-')), 'ca.pem');
writeFileSync(caFile, 'pem');
const rehearsal = {
  ...production,
  READER_CLIENT_SECRET: 'reader-secret',
  WRITER_CLIENT_SECRET: 'writer-secret',
  AZURE_ENDPOINT: 'https://localhost:4000',
  AZURE_AUTHORITY: 'https://localhost:4000',
  TEAMS_SERVICE_URL: 'http://127.0.0.1:4001',
  TEAMS_OPENID_METADATA: 'http://127.0.0.1:4001/openid',
  TEAMS_LOGIN: 'https://[::1]:4000',
  CA_FILE: caFile,
  CLOCK_URL: 'http://127.0.0.1:4001/_clock',
};

const errorsOf = (env: Record<string, string>) => {
  const parsed = parseSettings(env);
  return parsed.ok ? [] : parsed.errors;
};

test('without overrides it is production, with defaults filled in', () => {
  expect(parseSettings(production)).toEqual({
    ok: true,
    settings: {
      mode: 'production',
      bot: {
        appId: '1b4e28ba-2fa1-4d3b-883f-0016d3cca427',
        tenantId: production.MICROSOFT_APP_TENANT_ID,
        password: 'correct-horse-battery',
      },
      reader: { tenantId: production.MICROSOFT_APP_TENANT_ID, clientId: production.READER_CLIENT_ID, clientSecret: null },
      writer: { tenantId: production.MICROSOFT_APP_TENANT_ID, clientId: production.WRITER_CLIENT_ID, clientSecret: null },
      defenderHost: null,
      migrationFile: './migration.yaml',
      databaseUrl: null,
      dataDir: './data',
      witnessFile: null,
      host: '127.0.0.1',
      port: 3978,
      metricsPort: null,
      logLevel: 'info',
      rehearsal: null,
    },
  });
});

test('with every override on this machine it is a rehearsal', () => {
  const parsed = parseSettings(rehearsal);
  expect(parsed).toMatchObject({
    ok: true,
    settings: { mode: 'rehearsal', rehearsal: { azureEndpoint: 'https://localhost:4000', caFile } },
  });
});

test('names every missing setting at once, with what it is and where to find it', () => {
  const errors = errorsOf({});
  const needed = settingNames.filter((name) => settingsTable[name].need === 'always');
  expect(errors.map((error) => error.split(' ')[0])).toEqual(needed);
  expect(errors[0]).toBe(
    'MICROSOFT_APP_ID is missing. Application (client) id of the bot. Where: Entra admin centre > App registrations > the app > Overview.',
  );
});

test.each(overrideNames)('production refuses to start with %s', (name) => {
  const errors = errorsOf({ ...production, [name]: (rehearsal as Record<string, string>)[name] ?? '' });
  expect(errors.join('\n')).toContain(`${name}: only a rehearsal sets this`);
});

test.each(
  overrideNames
    .filter((name) => name !== 'CA_FILE')
    .flatMap((name) =>
      [
        'https://evil.example',
        'https://localhost.evil.example',
        'https://127.0.0.1.evil.example',
        'https://user:pw@localhost',
        'ftp://localhost',
        'https://0.0.0.0',
        'https://management.azure.com',
      ].map((url) => [name, url] as const),
    ),
)('%s never points to %s', (name, url) => {
  expect(errorsOf({ ...rehearsal, [name]: url }).join('\n')).toContain(`${name}: expected an address on this machine`);
});

test('a rehearsal needs all overrides, both secrets, this machine and a CA that is there', () => {
  const { CLOCK_URL: _clock, ...without } = rehearsal;
  expect(errorsOf(without).join('\n')).toContain('together with CLOCK_URL');
  expect(errorsOf({ ...rehearsal, READER_CLIENT_SECRET: '' })).toEqual([
    'READER_CLIENT_SECRET is missing: a rehearsal has no managed identities.',
  ]);
  expect(errorsOf({ ...rehearsal, HOST: '0.0.0.0' })).toEqual(['HOST: a rehearsal listens on this machine only (127.0.0.1).']);
  expect(errorsOf({ ...rehearsal, CA_FILE: `${caFile}.gone` })).toEqual(['CA_FILE: there is no such file.']);
});

test.each(['production', 'Production '])('a process that is meant to be production (NODE_ENV=%s) is no rehearsal', (value) => {
  expect(errorsOf({ ...rehearsal, NODE_ENV: value })).toEqual([
    expect.stringMatching(/^NODE_ENV is production, where no rehearsal runs\. Remove AZURE_ENDPOINT/),
  ]);
  expect(errorsOf({ ...rehearsal, NODE_ENV: 'development' })).toEqual([]);
  expect(errorsOf({ ...production, NODE_ENV: value })).toEqual([]);
});

test('no two identities may be the same', () => {
  expect(errorsOf({ ...production, WRITER_CLIENT_ID: production.READER_CLIENT_ID.toUpperCase() })).toEqual([
    'WRITER_CLIENT_ID must not be the same as READER_CLIENT_ID: each identity may do its own part and nothing else. Make a separate one.',
  ]);
  expect(errorsOf({ ...production, READER_CLIENT_ID: production.MICROSOFT_APP_ID })).toHaveLength(1);
});

test.each([
  ['MICROSOFT_APP_ID', 'my-bot', 'a GUID'],
  ['MICROSOFT_APP_ID', '00000000-0000-0000-0000-000000000000', 'a GUID'],
  ['PORT', 'http', 'a port number'],
  ['PORT', '70000', 'a port from 0 to 65535'],
  ['LOG_LEVEL', 'loud', 'one of debug'],
  ['DEFENDER_API_HOST', 'api.security.example', 'one of api.security.microsoft.com'],
  ['DATABASE_URL', 'mysql://x', 'postgres://'],
])('%s=%s is refused: expected %s', (name, value, words) => {
  expect(errorsOf({ ...production, [name]: value }).join('\n')).toContain(words);
});

test('a secret is never repeated in an error', () => {
  const env = { ...production, MICROSOFT_APP_PASSWORD: 'hunter2', WRITER_CLIENT_SECRET: 'swordf', DATABASE_URL: 'mysql://u:sesame@db' };
  const text = errorsOf(env).join('\n');
  expect(text).toContain('MICROSOFT_APP_PASSWORD: expected at least 8 characters');
  expect(text).not.toMatch(/hunter2|swordf|sesame/);
});

test('blank settings count as left out', () => {
  expect(hasSettings({ MICROSOFT_APP_ID: '  ', MIGRATION_FILE: 'x.yaml', PATH: '/bin' })).toBe(false);
  expect(hasSettings({ READER_CLIENT_ID: 'x' })).toBe(true);
});

describe('.env.example', () => {
  const file = readText(new URL('../../.env.example', import.meta.url).pathname);

  test('is what the table says', () => {
    expect(file).toBe(envExample());
  });

  test('has every setting once, and none filled in', () => {
    const lines = file.split('\n').filter((line) => /^(# )?[A-Z_]+=/.test(line));
    expect(lines.map((line) => line.replace(/^# /, '').split('=')[0])).toEqual(settingNames);
    expect(lines.filter((line) => !line.startsWith('#') && !line.endsWith('='))).toEqual([]);
  });

  test('has no example for a secret', () => {
    for (const name of settingNames.filter((name) => settingsTable[name].secret)) expect(settingsTable[name].example).toBe('');
  });
});
