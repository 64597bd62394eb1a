import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PackageRefused, packageApp } from './package-app.ts';

const USAGE = `usage: npm run package                            makes dist/greenlight-<version>.zip, the app package to upload to Teams
       npm run package -- --app-id GUID           for this bot instead of MICROSOFT_APP_ID
       npm run package -- --site https://address  your page about the app; Teams links to it, and to its /privacy and /terms
       npm run package -- --out FOLDER            into this folder instead of dist`;

const EXAMPLE_SITE = 'https://example.com/greenlight';

const inProject = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { 'app-id': text, site: text, out: text, help: { type: 'boolean' } } });
  if (values.help) return console.log(USAGE);
  const { version } = JSON.parse(readFileSync(inProject('package.json'), 'utf8')) as { readonly version: string };
  const path = await packageApp({
    appId: values['app-id'] ?? process.env['MICROSOFT_APP_ID'],
    site: values.site ?? EXAMPLE_SITE,
    version,
    from: inProject('manifest'),
    to: values.out ?? inProject('dist'),
  });
  if (values.site === undefined) {
    console.error(`The links to support, privacy and terms lead to ${EXAMPLE_SITE}; give --site to use pages of your own.`);
  }
  console.log(relative(process.cwd(), path));
}

main().catch((error: unknown) => {
  const lines = error instanceof PackageRefused ? error.lines : [readable(error)];
  console.error(['No package was made:', ...lines.map((line) => `  ${line}`)].join('\n'));
  process.exitCode = 1;
});

function readable(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message: string };
  if (code?.startsWith('ERR_PARSE_ARGS')) return `${message}\n${USAGE}`;
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') return 'The development packages are missing: run npm ci first.';
  return message;
}
