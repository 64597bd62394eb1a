import { readFileSync } from 'node:fs';
import { fillManifest } from '../../manifest/fill.ts';

export const APP_ID = '1b4e28ba-2fa1-4d3b-883f-0016d3cca427';

export interface Manifest {
  [field: string]: unknown;
  id: string;
  accentColor: string;
  validDomains: string[];
  bots: {
    [field: string]: unknown;
    botId: string;
    scopes: string[];
    commandLists: { scopes: string[]; commands: { title: string }[] }[];
  }[];
}

export const template: unknown = JSON.parse(readFileSync(new URL('../../manifest/manifest.json', import.meta.url), 'utf8'));

/** The manifest as it goes into a package; a fresh copy each time. */
export function filledManifest(): Manifest {
  return fillManifest(template, { MICROSOFT_APP_ID: APP_ID, SITE: 'https://contoso.example/greenlight', VERSION: '1.2.3' }) as Manifest;
}
