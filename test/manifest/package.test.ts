import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { icons } from '../../manifest/icons.ts';
import type { PackageRequest } from '../../manifest/package-app.ts';
import { packageApp } from '../../manifest/package-app.ts';
import { encodePng } from '../../manifest/png.ts';
import { APP_ID } from './filled-manifest.ts';
import { readZip } from './read-zip.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { version: string };
let folder: string;
let request: PackageRequest;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-package-'));
  const from = join(folder, 'manifest');
  for (const name of ['manifest.json', 'color.png', 'outline.png']) cpSync(join(project, 'manifest', name), join(from, name));
  request = { appId: APP_ID, site: 'https://contoso.example/greenlight/', version: '1.2.3', from, to: join(folder, 'dist') };
});

afterEach(() => rmSync(folder, { recursive: true }));

const manifestIn = (path: string) => {
  const text =
    readZip(readFileSync(path))
      .find(({ name }) => name === 'manifest.json')
      ?.data.toString('utf8') ?? '';
  return JSON.parse(text) as Record<string, unknown>;
};

describe('the app package', () => {
  it('holds exactly three files, at its root', async () => {
    const path = await packageApp(request);
    expect(path).toBe(join(folder, 'dist', 'greenlight-1.2.3.zip'));
    expect(readZip(readFileSync(path)).map(({ name }) => name)).toEqual(['manifest.json', 'color.png', 'outline.png']);
  });

  it('holds the icons as they are kept', async () => {
    const entries = readZip(readFileSync(await packageApp(request)));
    for (const { file } of icons) {
      expect(entries.find(({ name }) => name === file)?.data).toEqual(readFileSync(join(project, 'manifest', file)));
    }
  });

  it('is filled in with the registration, the version and the site', async () => {
    expect(manifestIn(await packageApp({ ...request, appId: ` ${APP_ID.toUpperCase()} ` }))).toMatchObject({
      id: APP_ID,
      version: '1.2.3',
      bots: [{ botId: APP_ID }],
      developer: {
        websiteUrl: 'https://contoso.example/greenlight',
        privacyUrl: 'https://contoso.example/greenlight/privacy',
        termsOfUseUrl: 'https://contoso.example/greenlight/terms',
      },
    });
  });

  it('is the same bytes whenever it is made', async () => {
    const first = readFileSync(await packageApp(request));
    expect(readFileSync(await packageApp(request))).toEqual(first);
  });

  it.each([[undefined], [''], ['  ']])('is not made without an app id (%j), and says where to find it', async (appId) => {
    await expect(packageApp({ ...request, appId })).rejects.toThrow(
      'set MICROSOFT_APP_ID in .env, or give --app-id GUID. It is in the Azure portal: Azure Bot > your bot > Configuration',
    );
    expect(existsSync(request.to)).toBe(false);
  });

  it.each(['greenlight', `${APP_ID}0`, '00000000-0000-0000-0000-000000000000', `${APP_ID}","x":"`])(
    'is not made for “%s”',
    async (appId) => {
      await expect(packageApp({ ...request, appId })).rejects.toThrow('The app id must be a GUID');
    },
  );

  it.each([
    'http://contoso.example',
    'contoso.example',
    'https://user@contoso.example',
    'https://contoso.example/?a=b',
    'javascript:alert(1)',
  ])('is not made with links to “%s”', async (site) => {
    await expect(packageApp({ ...request, site })).rejects.toThrow('--site must be an https address');
  });

  it('is not made while anything is wrong, and all of it is said at once', async () => {
    writeFileSync(join(request.from, 'outline.png'), encodePng((icons[0] as (typeof icons)[number]).draw()));
    rmSync(join(request.from, 'color.png'));
    await expect(packageApp({ ...request, version: '1.2' })).rejects.toMatchObject({
      lines: [
        expect.stringContaining('version "1.2" must be three numbers'),
        expect.stringContaining('manifest/color.png: the file is missing or empty'),
        expect.stringContaining('manifest/outline.png: it is 192x192 pixels and must be 32x32'),
      ],
    });
    expect(existsSync(request.to)).toBe(false);
  });

  it('is not made from a manifest that is not JSON', async () => {
    writeFileSync(join(request.from, 'manifest.json'), '{ "id": ');
    await expect(packageApp(request)).rejects.toThrow('manifest/manifest.json cannot be read');
  });
});

describe('npm run package', () => {
  const run = (args: readonly string[], env: Record<string, string> = {}) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      // In an empty folder, so that nobody's .env takes part.
      const options = { cwd: folder, env: { PATH: process.env['PATH'], ...env } };
      const child = execFile(process.execPath, [join(project, 'manifest', 'pack.ts'), ...args], options, (_error, out, err) =>
        resolve({ code: child.exitCode ?? -1, out, err }),
      );
    });

  it('prints one line with the path', async () => {
    const { code, out } = await run(['--out', 'made'], { MICROSOFT_APP_ID: APP_ID });
    expect([code, out]).toEqual([0, `${join('made', `greenlight-${version}.zip`)}\n`]);
    expect(manifestIn(join(folder, out.trim()))).toMatchObject({ id: APP_ID, version });
  });

  it('takes --app-id before the setting', async () => {
    const other = '2c5ea4c0-4067-4fe5-8e2d-2a9a0c8a5b6e';
    await run(['--out', 'made', '--app-id', other], { MICROSOFT_APP_ID: APP_ID });
    expect(manifestIn(join(folder, 'made', `greenlight-${version}.zip`))).toMatchObject({ id: other, bots: [{ botId: other }] });
  });

  it('reads the app id from .env', async () => {
    writeFileSync(join(folder, '.env'), `MICROSOFT_APP_ID=${APP_ID}\n`);
    expect((await run(['--out', 'made'])).code).toBe(0);
    expect(manifestIn(join(folder, 'made', `greenlight-${version}.zip`))).toMatchObject({ id: APP_ID });
  });

  it('ends with 1 and the reason when it cannot', async () => {
    const { code, out, err } = await run(['--out', 'made']);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('No package was made:\n  The app id of the bot is missing');
  });

  it('shows how it is used for an option there is not', async () => {
    const { code, err } = await run(['--appid', APP_ID]);
    expect(code).toBe(1);
    expect(err).toContain('usage: npm run package');
  });
});
