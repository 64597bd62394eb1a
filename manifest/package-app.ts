import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { guid } from '../core/person.ts';
import { iconProblems } from './check-icons.ts';
import { manifestProblems } from './check-manifest.ts';
import { fillManifest } from './fill.ts';
import { icons } from './icons.ts';
import { writeZip } from './zip.ts';

export interface PackageRequest {
  /** App id of the bot registration; undefined or blank when nobody gave one. */
  readonly appId: string | undefined;
  /** Address of the page about the app. */
  readonly site: string;
  readonly version: string;
  /** Folder with manifest.json, color.png and outline.png. */
  readonly from: string;
  /** Folder for the package; made when there is none. */
  readonly to: string;
}

/** A package that cannot be made until somebody mends something; every line is one thing to mend. */
export class PackageRefused extends Error {
  readonly lines: readonly string[];
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

const WHERE = 'It is in the Azure portal: Azure Bot > your bot > Configuration > Microsoft App ID.';

/** Writes the Teams app package, a zip of three files, and returns its path. Throws `PackageRefused` with all that is wrong. */
export async function packageApp({ appId, site, version, from, to }: PackageRequest): Promise<string> {
  const values = { MICROSOFT_APP_ID: checkedAppId(appId), SITE: checkedSite(site), VERSION: version };
  const manifest = fillManifest(readTemplate(join(from, 'manifest.json')), values);
  const pictures = icons.map((icon) => ({ icon, data: readIcon(join(from, icon.file)) }));
  const problems = [...(await manifestProblems(manifest)), ...pictures.flatMap(({ icon, data }) => iconProblems(icon, data))];
  if (problems.length > 0) throw new PackageRefused(problems);
  const zip = writeZip([
    { name: 'manifest.json', data: Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`) },
    ...pictures.map(({ icon, data }) => ({ name: icon.file, data })),
  ]);
  mkdirSync(to, { recursive: true });
  const path = join(to, `greenlight-${version}.zip`);
  writeFileSync(path, zip);
  return path;
}

function readTemplate(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new PackageRefused([`manifest/manifest.json cannot be read: ${(error as Error).message}`]);
  }
}

/** No bytes for a file that is not there: as an icon that is as wrong as any other. */
function readIcon(path: string): Buffer {
  return existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
}

function checkedAppId(given: string | undefined): string {
  const text = given?.trim() ?? '';
  if (text === '') {
    throw new PackageRefused([`The app id of the bot is missing: set MICROSOFT_APP_ID in .env, or give --app-id GUID. ${WHERE}`]);
  }
  const id = guid(text);
  if (id === null) throw new PackageRefused([`The app id must be a GUID; it is ${JSON.stringify(text.slice(0, 100))}. ${WHERE}`]);
  return id;
}

function checkedSite(given: string): string {
  const url = URL.parse(given);
  if (url?.protocol === 'https:' && url.username === '' && url.search === '' && url.hash === '') return url.href.replace(/\/+$/, '');
  throw new PackageRefused([
    `--site must be an https address without query such as https://intranet.example.com/greenlight; it is ${JSON.stringify(given)}.`,
  ]);
}
