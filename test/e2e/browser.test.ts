import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../support/browser.ts';
import { openChannel, type } from './support/browser.ts';
import { Rehearsal } from './support/rehearsal.ts';

jest.setTimeout(240_000);

const rehearsal = new Rehearsal();
let browser: Browser;

beforeAll(async () => {
  await rehearsal.start();
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await rehearsal.stop();
});

const cards = (tab: Page) => tab.getByTestId('card');
const lastCard = (tab: Page, text: string | RegExp) => cards(tab).filter({ hasText: text }).last();
const id = (word: string) => rehearsal.person(word).id;

describe('the channel page in a real browser', () => {
  it('walk 1: shows the three checklists, and a step’s details for the one who pressed', async () => {
    const tab = await openChannel(browser, rehearsal.ready.page, id('tomas'), 'light');
    await type(tab, '@Greenlight where are we with phase 1?');
    await lastCard(tab, 'Phase 1 · Prepare').waitFor();
    await type(tab, '@Greenlight phase 2');
    await lastCard(tab, 'Phase 2 · Onboard').waitFor();
    await type(tab, '@Greenlight phase 3');
    await lastCard(tab, 'Phase 3 · Cut over').waitFor();
    await lastCard(tab, 'Phase 1 · Prepare').getByRole('button', { name: 'Details' }).first().click();
    await lastCard(tab, 'Step of Phase 1').waitFor();
    await tab.close();
  });

  it('walks 2 and 3: asks, looks, signs twice, runs, and shows the proof', async () => {
    const requester = await openChannel(browser, rehearsal.ready.page, id('lukas'), 'dark');
    await type(requester, '@Greenlight set passive mode on ring canary');
    await lastCard(requester, /Sign-off.*GL-0001/).waitFor();
    expect(
      await lastCard(requester, /Sign-off.*GL-0001/)
        .getByRole('button', { name: 'Approve' })
        .count(),
    ).toBe(0);

    const onlooker = await openChannel(browser, rehearsal.ready.page, id('tomas'), 'light');
    await lastCard(onlooker, /Sign-off.*GL-0001/)
      .getByRole('button', { name: 'Open my view' })
      .click();
    await lastCard(onlooker, /not one of the approvers/).waitFor();
    expect(
      await lastCard(onlooker, /Sign-off.*GL-0001/)
        .getByRole('button', { name: /Approve|Reject/ })
        .count(),
    ).toBe(0);

    for (const [word, after] of [
      ['ingrid', '1 of 2'],
      ['jonas', 'Approved by'],
    ] as const) {
      const approver = await openChannel(browser, rehearsal.ready.page, id(word), 'light');
      const card = lastCard(approver, /Sign-off.*GL-0001/);
      await card
        .getByRole('button', { name: 'Approve' })
        .or(card.getByRole('button', { name: 'Open my view' }))
        .first()
        .waitFor();
      if ((await card.getByRole('button', { name: 'Approve' }).count()) === 0)
        await card.getByRole('button', { name: 'Open my view' }).click();
      await card.getByRole('button', { name: 'Approve' }).click();
      await lastCard(approver, after).waitFor();
      await approver.close();
    }

    await rehearsal.clock({ advanceSeconds: 125 });
    await lastCard(onlooker, 'Run of GL-0001').getByRole('button', { name: 'Stop' }).waitFor();
    await rehearsal.clock({ rate: 20 });
    await lastCard(onlooker, /GL-0001.*is complete/).waitFor({ timeout: 90_000 });
    await rehearsal.clock({ rate: 1 });
    expect(await lastCard(onlooker, 'Run of GL-0001').getByRole('button', { name: 'Stop' }).count()).toBe(0);
    await requester.close();
    await onlooker.close();
  });

  it('walk 4: posts one digest when the clock passes its time', async () => {
    const tab = await openChannel(browser, rehearsal.ready.page, id('tomas'), 'light');
    await tab.getByRole('button', { name: 'Next 08:00' }).click();
    // Sunday's 08:00 is no digest; Monday's is.
    await rehearsal.clock({ advanceSeconds: 48 * 3_600 });
    await lastCard(tab, /Readiness digest|Digest/).waitFor({ timeout: 60_000 });
    await tab.close();
  });

  it.each(['light', 'dark'] as const)('has nothing that sticks out at 320 px (%s)', async (theme) => {
    const tab = await openChannel(browser, rehearsal.ready.page, id('ingrid'), theme, 320);
    await cards(tab).last().waitFor();
    const { inner, outer } = await tab.evaluate<{ inner: number; outer: number }>(
      '({ inner: document.documentElement.scrollWidth, outer: innerWidth })',
    );
    expect(inner).toBeLessThanOrEqual(outer);
    await tab.close();
  });
});
