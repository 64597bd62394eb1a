import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { JsonObject } from '../../../core/json.ts';
import { openBrowser } from '../../support/browser.ts';

const ROOT = new URL('../../../', import.meta.url);
const ORIGIN = 'http://cards.invalid';
const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css', html: 'text/html' };

/** The channel page's own way of drawing cards, nothing else of it. */
const HTML = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<link rel="stylesheet" href="/page/page.css"><link rel="stylesheet" href="/page/cards.css">
<style>html, body { display: block; height: auto; overflow: visible; margin: 0; padding: 0 } #card { box-sizing: border-box; margin: 0 }</style>
<script src="/adaptivecards.min.js"></script></head><body><div id="card" class="card full"></div>
<script type="module">
import { createCardRenderer } from '/page/cards.js';
const draw = createCardRenderer();
window.pressed = [];
window.show = (card, theme, features) => {
  document.documentElement.dataset.theme = theme;
  const act = (action) => window.pressed.push(action);
  document.getElementById('card').replaceChildren(draw(card, { theme, features, mentions: [], act }));
};
window.ready = true;
</script></body></html>`;

export interface CardPage {
  /** Draws a card as Teams would (`on`), or as a client that knows none of Teams' own elements (`off`). */
  show(card: JsonObject, look: { width: number; theme: 'light' | 'dark'; features: 'on' | 'off' }): Promise<void>;
  /** Elements that stick out of the card to the side, by their text. */
  overflowing(): Promise<readonly string[]>;
  /** Addresses of links on the card. */
  links(): Promise<readonly string[]>;
  text(): Promise<string>;
  buttons(): Promise<readonly string[]>;
  press(title: string): Promise<JsonObject | undefined>;
  screenshot(path: string): Promise<void>;
  close(): Promise<void>;
}

export async function openCardPage(): Promise<CardPage> {
  const browser = await openBrowser();
  const page = await browser.newPage();
  await page.route('**/*', async (route) => {
    const { origin, pathname } = new URL(route.request().url());
    if (origin !== ORIGIN) return route.abort();
    if (pathname === '/') return route.fulfill({ contentType: TYPES['html'] as string, body: HTML });
    const path = fileOf(pathname);
    if (!existsSync(path)) return route.fulfill({ status: 404, body: '' });
    return route.fulfill({ contentType: TYPES[path.split('.').at(-1) as string] ?? 'text/plain', body: readFileSync(path) });
  });
  await page.goto(`${ORIGIN}/`);
  await page.waitForFunction('window.ready === true');
  return cardPage(browser, page);
}

function fileOf(pathname: string): string {
  const file = pathname.startsWith('/page/') ? `simulator/teams${pathname}` : `node_modules/adaptivecards/dist${pathname}`;
  return fileURLToPath(new URL(file, ROOT));
}

function cardPage(browser: Browser, page: Page): CardPage {
  return {
    async show(card, { width, theme, features }) {
      await page.setViewportSize({ width, height: 800 });
      await page.evaluate(`window.show(${JSON.stringify(card)}, ${JSON.stringify(theme)}, ${JSON.stringify(features)})`);
    },
    overflowing: () => page.evaluate<string[]>(OVERFLOWING),
    links: () => page.evaluate<string[]>(`[...document.querySelectorAll('#card a')].map((a) => a.href)`),
    text: () => page.evaluate<string>(`document.getElementById('card').textContent`),
    buttons: () => page.evaluate<string[]>(`[...document.querySelectorAll('#card button')].map((b) => b.textContent)`),
    async press(title) {
      await page.evaluate(
        `window.pressed = []; [...document.querySelectorAll('#card button')].find((b) => b.textContent === ${JSON.stringify(title)}).click()`,
      );
      return page.evaluate<JsonObject | undefined>(`window.pressed[0]`);
    },
    async screenshot(path) {
      await page.locator('#card').screenshot({ path });
    },
    close: () => browser.close(),
  };
}

const OVERFLOWING = `(() => {
  const card = document.getElementById('card').getBoundingClientRect();
  const out = [];
  for (const element of document.querySelectorAll('#card *')) {
    const box = element.getBoundingClientRect();
    const wide = box.width > 0 && (box.right > card.right + 1 || box.left < card.left - 1);
    const inner = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0 && getComputedStyle(element).display !== 'inline';
    if (wide || inner) out.push(element.tagName + '.' + element.className + ': ' + element.textContent.slice(0, 60));
  }
  if (document.documentElement.scrollWidth > innerWidth) out.push('the page itself');
  return out;
})()`;
