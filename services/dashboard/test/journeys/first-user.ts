import { expect } from '@jest/globals';
import { barriersOf } from '../chromium-browser.js';
import { drawnIn, watchCanvases } from '../drawn-chart.js';
import { confirm, owner, type World, word } from '../world.js';

/** From set-up over a bot that trades to a halt and its release. */
export async function firstUser(world: World): Promise<void> {
  const page = await world.open({ options: { colorScheme: 'dark' }, prepare: watchCanvases });
  await page.getByRole('heading', { name: 'Welcome' }).waitFor();
  expect(await barriersOf(page)).toEqual([]);
  await page.getByLabel('Set-up token').fill(world.platform.setupToken);
  await page.getByLabel('Your e-mail').fill(owner.email);
  await page.getByLabel('New password').fill('short');
  await page.getByRole('button', { name: 'Set up' }).click();
  await page.locator('input[name=password][aria-invalid=true]').waitFor();
  await page.getByLabel('New password').fill(owner.password);
  await page.getByRole('button', { name: 'Set up' }).click();
  await page.getByText('No bot yet').waitFor();
  expect(await barriersOf(page)).toEqual([]);

  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByLabel('E-mail').fill(owner.email);
  await page.getByLabel('Password').fill(owner.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();

  await page.getByRole('link', { name: 'New bot' }).click();
  await page.getByRole('button', { name: 'Create bot' }).click();
  await page.getByText('Give it a name.').waitFor();
  await page.getByLabel('Name', { exact: true }).fill('first-bot');
  await page.getByRole('textbox', { name: 'Quantity' }).fill('0.0001x');
  await page.getByText('A decimal number with a point').waitFor();
  await page.getByRole('textbox', { name: 'Quantity' }).fill('0.000000000001');
  for (const [leg, offset, unit, from] of [
    ['Buy price', '-1', 'ticks', 'mid'],
    ['Sell price', '2.5', 'bps', 'entry'],
  ] as const) {
    const group = page.getByRole('group', { name: leg });
    await group.getByLabel('Offset').first().check();
    await group.getByRole('textbox').fill(offset);
    await group.getByRole('combobox').nth(0).selectOption(unit);
    await group.getByRole('combobox').nth(1).selectOption(from);
  }
  await page.getByRole('button', { name: 'Create bot' }).click();
  // The venue's step is not known to the form: the refusal of the strategy service stands at the field.
  await page.locator('input[aria-invalid=true]').first().waitFor();
  await page.getByRole('textbox', { name: 'Quantity' }).fill('0.002');
  await page.getByRole('button', { name: 'Create bot' }).click();
  await page.getByRole('heading', { name: 'first-bot', level: 1 }).waitFor();

  await page.getByRole('button', { name: 'Start first-bot' }).click();
  await word(page, 'Running');
  await page.getByRole('tab', { name: 'Fills' }).click();
  const fills = page.getByRole('tabpanel');
  await fills.getByText('maker').or(fills.getByText('taker')).first().waitFor();
  await world.until(async () => {
    const { candles, bought, sold } = await drawnIn(page, /^BTC-USDT, candles of 1s, with \d+ fills? /);
    expect(candles).toBeGreaterThan(5);
    expect(bought).toBeGreaterThan(0);
    expect(sold).toBeGreaterThan(0);
  });
  expect(await barriersOf(page)).toEqual([]);
  await page.getByRole('tab', { name: 'Cycles' }).click();
  // The tab was opened before the bot had this many: it is told when one more is completed, and reads them by itself.
  await page
    .getByRole('tabpanel')
    .getByText(/^([2-9]|[1-9][\d,]+) cycles in all/)
    .waitFor();
  await page.getByRole('table', { name: 'Cycles of first-bot' }).getByRole('row').nth(2).waitFor();

  await page.getByRole('button', { name: 'Pause first-bot' }).click();
  await word(page, 'Paused');
  await page.getByRole('button', { name: 'Resume first-bot' }).click();
  await word(page, 'Running');
  await page.getByRole('button', { name: 'Stop first-bot' }).click();
  await confirm(page, 'Stop first-bot');
  await word(page, 'Stopped');
  await page.getByRole('button', { name: 'Start first-bot' }).click();
  await word(page, 'Running');
  await page.getByRole('button', { name: 'Flatten first-bot' }).click();
  await confirm(page, 'Flatten first-bot');
  await word(page, 'Stopped');
}
