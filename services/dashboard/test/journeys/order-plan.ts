import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { barriersOf, overflowOf, themeBarriersOf } from '../chromium-browser.js';
import { owner, phone, type World, wide } from '../world.js';

const dialogOf = (page: Page) => page.getByRole('dialog');

async function review(page: Page): Promise<void> {
  await dialogOf(page).getByRole('button', { name: 'Review' }).click();
  await dialogOf(page).getByRole('heading', { name: 'Place this plan?' }).waitFor();
}

/** No colour and no width keeps anybody out. */
async function fits(page: Page): Promise<void> {
  expect(await themeBarriersOf(page)).toEqual([]);
  await page.setViewportSize(phone);
  expect(await overflowOf(page)).toBe(0);
  expect(await barriersOf(page)).toEqual([]);
  await page.setViewportSize(wide);
}

/** A bracket: typed wrongly, refused at its field, put right, looked at, found from its order, canceled with its stop. */
export async function planBracket(world: World): Promise<void> {
  const page = await world.open({ as: owner, path: '/orders' });
  const dialog = dialogOf(page);
  await page.getByRole('button', { name: 'Place order' }).click();
  await dialog.getByLabel('Market').selectOption('BTC-USDT');
  await dialog.getByLabel('Type').selectOption('bracket');
  await dialog.getByRole('button', { name: 'Review' }).click();
  await dialog.getByText('3 to correct above').waitFor();
  await fits(page);
  await dialog.getByLabel('Quantity').fill('0.002');
  await dialog.getByLabel('Limit price').fill('40000');
  await dialog.getByLabel('Stop price').fill('41000');
  await dialog.getByLabel('Target price').fill('50000');
  await review(page);
  // What execution refuses stands at its field, and everything else is as it was typed.
  await dialog.getByRole('button', { name: 'Place plan' }).click();
  await dialog.getByText('Move the stop away from it.').waitFor();
  expect(await dialog.getByLabel('Target price').inputValue()).toBe('50000');
  await dialog.getByLabel('Stop price').fill('38000');
  await review(page);
  await dialog.getByText('Buys 0.002 BTC at 40,000 USDT or lower.').waitFor();
  await fits(page);
  await dialog.getByRole('button', { name: 'Place plan' }).click();
  await dialog.getByText('Bracket: buy 0.002 BTC-USDT').waitFor();
  expect(await barriersOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Close' }).first().click();

  // Its order leads to it.
  const order = page.getByRole('row').filter({ hasText: 'by hand' }).filter({ hasText: '40,000' });
  await order.getByRole('button', { name: /^Details/ }).click();
  await dialog.getByRole('link', { name: /^plan_/ }).click();
  await dialog.getByRole('heading', { name: 'Order plan' }).waitFor();
  await dialog.getByText('Entry 0.002: works').waitFor();
  await fits(page);
  await dialog.getByRole('button', { name: 'Close' }).click();
  const row = page.getByRole('row').filter({ hasText: 'Bracket' });
  await fits(page);
  await row.getByRole('button', { name: /^Cancel/ }).click();
  await dialog.getByText(/Its protective stop goes too/).waitFor();
  await fits(page);
  await dialog.getByRole('button', { name: 'Cancel it with its stop' }).click();
  await dialog.waitFor({ state: 'detached' });
  await row.getByText('Canceled', { exact: true }).waitFor();
}

/** Slices that work come to their end; nothing of them protects, and the question does not say so. */
export async function planSlices(world: World): Promise<void> {
  const page = await world.open({ as: owner, path: '/orders?show=plans' });
  const dialog = dialogOf(page);
  await page.getByRole('button', { name: 'Place order' }).click();
  await dialog.getByLabel('Market').selectOption('BTC-USDT');
  await dialog.getByLabel('Type').selectOption('twap');
  await dialog.getByLabel('Quantity').fill('0.004');
  await dialog.getByLabel('Slices').fill('1');
  await dialog.getByLabel('One every').fill('3600');
  await dialog.getByRole('button', { name: 'Review' }).click();
  await dialog.getByText('A whole number from 2 to 500').waitFor();
  await dialog.getByLabel('Slices').fill('2');
  await review(page);
  await dialog.getByText('The last one begins after 1 hour.').waitFor();
  await dialog.getByRole('button', { name: 'Place plan' }).click();
  await dialog.getByRole('link', { name: 'Look at it' }).click();
  await dialog.getByRole('heading', { name: 'Order plan' }).waitFor();
  await dialog.getByText(/^Slice 0.002: over, 0.002 filled/).waitFor();
  await dialog.getByRole('button', { name: 'Cancel the plan' }).click();
  await dialog.getByRole('heading', { name: 'Cancel this plan?' }).waitFor();
  expect(await dialog.getByText('protective stop').count()).toBe(0);
  await dialog.getByRole('button', { name: 'Cancel the plan' }).click();
  await dialog.getByText('Canceled', { exact: true }).waitFor();
}
