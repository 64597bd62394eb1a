import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The browser that is installed here; where none is, the sentence that helps. */
export function openBrowser(): Promise<Browser> {
  const path = process.env['CHROMIUM_PATH'] ?? INSTALLED.find((candidate) => existsSync(candidate));
  if (!path) throw new Error('No Chromium is installed. On Debian: apt-get install chromium. Elsewhere name it in CHROMIUM_PATH.');
  return chromium.launch({ executablePath: path, args: FLAGS });
}
