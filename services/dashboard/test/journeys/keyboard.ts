import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { owner, settled, type World } from '../world.js';

const columns =
  'getComputedStyle(document.querySelector("[data-testid=bots-grid]")).gridTemplateColumns.split(" ").length';

/** What holds the focus, in words. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(
    "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText ?? document.activeElement.tagName).trim()",
  );

/** Nothing but keys: the skip link, the order of the focus, a dialog that keeps and gives back the focus. */
export async function keyboardOnly(world: World): Promise<void> {
  const id = await world.runningBot({ name: 'pressed', buyPrice: { fixed: '40000' }, sellPrice: { fixed: '90000' } });
  const page = await world.open({ as: owner, path: `/bots/${id}` });
  await settled(page);
  const { keyboard } = page;
  await keyboard.press('Tab');
  expect(await focused(page)).toBe('Skip to content');
  const order: string[] = [];
  for (let step = 0; step < 4; step += 1) {
    await keyboard.press('Tab');
    order.push(await focused(page));
  }
  expect(order).toEqual(['Overview', 'Bots', 'Orders', 'Holdings']);
  await page.getByRole('button', { name: 'Skip to content' }).focus();
  await keyboard.press('Enter');
  expect(await page.evaluate('document.activeElement.id')).toBe('main');
  await keyboard.press('Tab');
  expect(await focused(page)).toBe('Pause pressed');
  await keyboard.press('Enter');
  await page.locator('main').getByText('Paused', { exact: true }).waitFor();

  const tab = page.getByRole('tab', { name: 'Orders' });
  await tab.focus();
  await keyboard.press('ArrowRight');
  expect(await focused(page)).toBe('Fills');

  const brake = page.getByRole('button', { name: 'HALT', exact: true });
  await brake.focus();
  await keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  const outside = 'document.activeElement !== document.body && document.activeElement.closest("dialog") === null';
  const visited = new Set<string>();
  for (let step = 0; step < 12; step += 1) {
    expect(await page.evaluate(outside)).toBe(false);
    visited.add(await focused(page));
    await keyboard.press('Tab');
  }
  expect([...visited]).toEqual(expect.arrayContaining(['Close', 'Cancel', 'Halt now']));
  await keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await focused(page)).toBe('HALT');
  await layouts(page, world);
}

/** Cards in one, two or three columns, or a table: chosen by keys, and there again when the screen is opened anew. */
async function layouts(page: Page, world: World): Promise<void> {
  const openAnew = async () => {
    await page.goto(`${world.platform.address}/bots`);
    await page.getByRole('link', { name: 'pressed' }).waitFor();
  };
  const choose = async (name: string) => {
    await page.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Space');
    await page
      .locator('button[aria-pressed=true]')
      .and(page.getByRole('button', { name, exact: true }))
      .waitFor();
  };
  await openAnew();
  for (const [name, amount] of [
    ['Cards in one column', 1],
    ['Cards in two columns', 2],
    ['Cards in three columns', 3],
  ] as const) {
    await choose(name);
    expect(await page.evaluate(columns)).toBe(amount);
    await openAnew();
    expect(await page.evaluate(columns)).toBe(amount);
  }
  await choose('Table');
  const table = page.getByRole('table', { name: 'Bots' });
  await table.waitFor();
  await openAnew();
  await table.waitFor();
  expect(await page.getByTestId('bots-grid').count()).toBe(0);
}
