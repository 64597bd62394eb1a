import type { Browser, Page } from 'playwright-core';

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
