import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { barriersOf, overflowOf, themeBarriersOf } from '../chromium-browser.js';
import { owner, phone, type World, wide } from '../world.js';

const dialogOf = (page: Page) => page.getByRole('dialog');

async function review(page: Page): Promise<void> {
  await dialogOf(page).getByRole('button', { name: 'Review' }).click();
  await dialogOf(page).getByRole('heading', { name: 'Place this order?' }).waitFor();
}

/** An order by hand: typed wrongly, put right, looked at, placed, judged, looked into, canceled. */
export async function placeOrder(world: World): Promise<void> {
  const page = await world.open({ as: owner, path: '/orders' });
  await page.getByRole('button', { name: 'Place order' }).click();
  const dialog = dialogOf(page);
  await dialog.getByRole('button', { name: 'Review' }).click();
  // Nothing was typed: the first field that misses something has the focus, and says what.
  await dialog.getByText('2 to correct above').waitFor();
  expect(await page.evaluate('document.activeElement.getAttribute("aria-invalid")')).toBe('true');
  expect(await barriersOf(page)).toEqual([]);
  await dialog.getByLabel('Market').selectOption('BTC-USDT');
  await dialog.getByLabel('Quantity').fill('0.002');
  await dialog.getByLabel('Limit price').fill('40000');
  await dialog.getByLabel('Others see').fill('0.005');
  await review(page);
  await dialog.getByText('Buys 0.002 BTC at 40,000 USDT or lower.').waitFor();
  expect(await themeBarriersOf(page)).toEqual([]);
  // What the gateway refuses stands at its field, and everything else is as it was typed.
  await dialog.getByRole('button', { name: 'Place order' }).click();
  await dialog.getByText('It is more than zero and less than the quantity.').waitFor();
  expect(await dialog.getByLabel('Limit price').inputValue()).toBe('40000');
  await dialog.getByLabel('Others see').fill('');
  await review(page);
  await page.setViewportSize(phone);
  expect(await overflowOf(page)).toBe(0);
  expect(await barriersOf(page)).toEqual([]);
  await page.setViewportSize(wide);
  await dialog.getByRole('button', { name: 'Place order' }).click();
  await dialog.getByText('approved, and on its way').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).first().click();

  const row = page.getByRole('row').filter({ hasText: 'by hand' }).filter({ hasText: '40,000' });
  await row.getByText('Accepted').waitFor();
  await row.getByRole('button', { name: /^Details/ }).click();
  const happened = dialog.getByRole('list', { name: 'What happened' });
  await happened.getByText('The venue accepted it').waitFor();
  expect(await barriersOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await row.getByRole('button', { name: /^Cancel/ }).click();
  await row.waitFor({ state: 'detached' });
}

/** What waits for a trigger says in words what it waits for; what the gate refuses says why, and what was typed is still there. */
export async function placeTriggered(world: World): Promise<void> {
  const page = await world.open({ as: owner, path: '/orders' });
  const dialog = dialogOf(page);
  await page.getByRole('button', { name: 'Place order' }).click();
  await dialog.getByLabel('Market').selectOption('BTC-USDT');
  await dialog.getByLabel('Type').selectOption('trailing');
  await dialog.getByLabel('Quantity').fill('0.002');
  await dialog.getByLabel('Comes back by').fill('5');
  await dialog.getByLabel('Looks at').selectOption('mid');
  await review(page);
  await dialog.getByText(/^Follows the middle of the book until it has risen by 5 %/).waitFor();
  await dialog.getByRole('button', { name: 'Place order' }).click();
  await dialog.getByText('approved; its trigger is watched here').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).first().click();
  const row = page.getByRole('row').filter({ hasText: 'trailing by 5 %' });
  await row.getByText('Watched here').waitFor();
  expect(await themeBarriersOf(page)).toEqual([]);
  await row.getByRole('button', { name: /^Cancel/ }).click();
  await row.waitFor({ state: 'detached' });

  await page.getByRole('button', { name: 'Place order' }).click();
  await dialog.getByLabel('Market').selectOption('BTC-USDT');
  await dialog.getByLabel('Type').selectOption('market');
  await dialog.getByLabel('Quantity').fill('900');
  await review(page);
  await dialog.getByRole('button', { name: 'Place order' }).click();
  await dialog.getByText('the risk gate refused it').waitFor();
  expect(await barriersOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Change it' }).click();
  expect(await dialog.getByLabel('Quantity').inputValue()).toBe('900');
}
