import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../../support/browser.ts';
import {
  ANA,
  asBot,
  CHANNEL,
  cardMessage,
  EVE,
  type FakeBot,
  type Json,
  type Outside,
  openBot,
  openTeams,
  START,
  simpleCard,
  until,
} from './outside.ts';

const CARD = 'application/vnd.microsoft.card.adaptive';
const channel = `v3/conversations/${encodeURIComponent(CHANNEL)}`;
const approve = { type: 'Action.Execute', title: 'Approve', verb: 'approve', style: 'positive', data: { ref: 'SO-1' } };
describe('the channel page', () => {
  let browser: Browser;
  let outside: Outside;
  let bot: FakeBot;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await openBrowser();
    bot = await openBot();
    outside = await openTeams();
    outside.teams.setBot(bot.url);
    await until(() => bot.received.length === 2);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await outside.close();
    await bot.close();
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    bot.received.length = 0;
  });
  afterEach(async () => {
    await page.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  const visit = async (hash: string): Promise<void> => {
    await page.goto(`${outside.url}#${hash}`);
    await page.getByTestId('me').getByText(/\w/).first().waitFor();
  };
  const post = async (activity: Json): Promise<string> =>
    (await asBot(outside, 'POST', `${channel}/activities`, activity)).body['id'] as string;
  const mriOf = async (id: string): Promise<string> => (await asBot(outside, 'GET', `${channel}/members/${id}`)).body['id'] as string;

  test('offers the bot after @ and sends with Enter as the person chosen', async () => {
    await visit(`as=${EVE.id}`);
    await page.getByTestId('compose-text').pressSequentially('@gre');
    await page.getByTestId('name').filter({ hasText: 'Greenlight' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.type('are we ready?');
    await page.keyboard.press('Enter');
    await page.getByTestId('mention').filter({ hasText: 'Greenlight' }).waitFor();
    await until(() => bot.received.length === 1);
    expect(bot.received[0]?.activity).toMatchObject({ text: '<at>Greenlight</at> are we ready?', from: { aadObjectId: EVE.id } });
  });

  test('shows what people and the bot write as text, never as markup', async () => {
    const attack = '<img src=x onerror="document.title=\'broken\'"> [a](javascript:alert(1)) <script>1</script>';
    await post({ type: 'message', text: `**bold** ${attack}` });
    await post(cardMessage(simpleCard(`hostile ${attack}`)));
    await visit(`as=${ANA.id}`);
    await page.getByTestId('card').filter({ hasText: 'hostile' }).waitFor();
    expect(await page.locator('.messages img, .messages script, .messages a').count()).toBe(0);
    expect(await page.locator('.messages strong').first().textContent()).toBe('bold');
    expect(await page.title()).not.toBe('broken');
  });

  test('replaces a card with the person’s own view and shows the bot’s errors and messages', async () => {
    const userIds = [await mriOf(ANA.id)];
    bot.onInvoke = () => ({ statusCode: 200, type: CARD, value: simpleCard('do you approve?', { actions: [approve] }) });
    const id = await post(cardMessage(simpleCard('somebody is asked', { refresh: { action: approve, userIds } })));
    await visit(`as=${ANA.id}`);
    const message = page.getByTestId(`message-${id}`);
    await message.getByText('do you approve?').waitFor();

    bot.onInvoke = () => ({
      statusCode: 400,
      type: 'application/vnd.microsoft.error',
      value: { code: 'x', message: 'You asked for it yourself.' },
    });
    await message.getByRole('button', { name: 'Approve' }).click();
    await message.getByTestId('card-note').getByText('You asked for it yourself.').waitFor();

    bot.onInvoke = () => ({ statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'Noted, thank you.' });
    await message.getByRole('button', { name: 'Approve' }).click();
    await page.getByTestId('toast').getByText('Noted, thank you.').waitFor();

    await visit(`as=${EVE.id}`);
    await message.getByText('somebody is asked').waitFor();
    expect(await message.getByRole('button', { name: 'Approve' }).count()).toBe(0);
  });

  test('sends what was typed into a card', async () => {
    const id = await post(
      cardMessage(simpleCard('why?', { actions: [approve], body: [{ type: 'Input.Text', id: 'comment', label: 'Comment' }] })),
    );
    await visit(`as=${ANA.id}`);
    const message = page.getByTestId(`message-${id}`);
    await message.getByLabel('Comment').fill('looks fine');
    await message.getByRole('button', { name: 'Approve' }).click();
    await until(() => bot.received.length === 1);
    expect(bot.received[0]?.activity['value']).toMatchObject({ action: { verb: 'approve', data: { ref: 'SO-1', comment: 'looks fine' } } });
  });

  test('follows edits without a reload and marks them', async () => {
    const id = await post(cardMessage(simpleCard('61 %')));
    await visit(`as=${ANA.id}`);
    const message = page.getByTestId(`message-${id}`);
    await message.getByText('61 %').waitFor();
    await asBot(outside, 'PUT', `${channel}/activities/${id}`, cardMessage(simpleCard('100 %')));
    await message.getByText('100 %').waitFor();
    await message.getByText('Edited').waitFor();
  });

  test('draws what only Teams knows, or its fallback when that is switched off', async () => {
    const fallback = { type: 'TextBlock', text: 'Gate closed (plain)' };
    const id = await post(cardMessage(simpleCard('x', { body: [{ type: 'Badge', text: 'Gate closed', fallback }] })));
    await visit(`as=${ANA.id}`);
    const message = page.getByTestId(`message-${id}`);
    await message.getByTestId('badge').getByText('Gate closed').waitFor();
    await page.getByTestId('features').uncheck();
    await message.getByText('Gate closed (plain)').waitFor();
    expect(await message.getByTestId('badge').count()).toBe(0);
  });

  test('moves the clock and shows where it stands', async () => {
    await visit(`as=${ANA.id}`);
    await page.getByText('+8 h').click();
    await page.getByTestId('clock').getByText('15:30').waitFor();
    expect(outside.clock.now()).toBe(START + 8 * 3_600_000);
    await page.getByText('Next 08:00').click();
    await page.getByTestId('clock').getByText('Tue, 24 Nov 2026').waitFor();
  });

  test('fits a screen 320 px wide in both themes', async () => {
    await post({ type: 'message', text: 'a-name-that-does-not-end.'.repeat(12) });
    await page.setViewportSize({ width: 320, height: 640 });
    for (const theme of ['light', 'dark']) {
      await visit(`as=${ANA.id}&theme=${theme}`);
      await page.getByTestId('card').first().waitFor();
      expect(await page.locator('html').getAttribute('data-theme')).toBe(theme);
      const [beyond] = await page
        .locator('.main *')
        .evaluateAll((all) => [all.filter((one) => one.getBoundingClientRect().right > 321).length]);
      expect(beyond).toBe(0);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    }
  });
});
