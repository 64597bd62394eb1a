import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

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
  const path = process.env['CHROMIUM'] ?? CHROMIUM.find((candidate) => existsSync(candidate));
  if (!path) throw new Error('No Chromium is installed. On Debian: apt-get install chromium. Elsewhere name it in CHROMIUM.');
  return chromium.launch({ executablePath: path, args: FLAGS });
}

/** The channel page as one person sees it. */
export async function openChannel(browser: Browser, page: string, as: string, theme: 'light' | 'dark', width = 1_000): Promise<Page> {
  const tab = await browser.newPage({ viewport: { width, height: 900 } });
  await tab.goto(`${page}#as=${as}&theme=${theme}`);
  await tab.getByTestId('compose-text').waitFor();
  return tab;
}

/** Types in the channel and sends, as a person would. */
export async function type(tab: Page, text: string): Promise<void> {
  const box = tab.getByTestId('compose-text');
  await box.fill(text);
  await tab.getByTestId('compose-text-send').click();
}
