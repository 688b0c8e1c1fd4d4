import { expect } from '@jest/globals';
import { barriersOf, colourBarriersOf, overflowOf } from '../chromium-browser.js';
import { owner, phone, settled, tablet, type World, wide } from '../world.js';

const bots = ['/bots', '/bots?layout=column', '/bots/new'];
const lists = ['/orders', '/orders?show=final', '/orders?show=fills', '/orders?show=plans', '/holdings', '/activity'];
const settings = ['/risk', '/reconciliation', '/accounts', '/notifications', '/me', '/users', '/no-such-page'];
/** One waits for a price that never comes; the other buys at once, and its exit waits. */
const running = [
  { name: 'screened-waits', buyPrice: { fixed: '40000' }, sellPrice: { fixed: '90000' } },
  { name: 'screened-holds', buyPrice: { offset: '2000', unit: 'ticks', from: 'mid' }, sellPrice: { fixed: '90000' } },
];

const shownBots = new Set(['/', '/bots', '/bots?layout=column', '/orders']);

/** Every screen, light and dark, wide and as narrow as a phone, with bots that run and one that holds something. */
export async function screens(world: World): Promise<void> {
  const [, holds] = await Promise.all(running.map((bot) => world.runningBot(bot)));
  const held = async () => Number((await world.ask<{ held: string }>('GET', `/v1/bots/${holds}`)).held);
  await world.until(async () => expect(await held()).toBeGreaterThan(0.001));
  const page = await world.open({ options: { colorScheme: 'light' }, as: owner });
  const found: string[] = [];
  for (const path of ['/', ...bots, `/bots/${holds}`, ...lists, ...settings]) {
    await page.goto(world.platform.address + path);
    await settled(page);
    if (shownBots.has(path)) for (const { name } of running) await page.getByRole('link', { name }).first().waitFor();
    found.push(...(await barriersOf(page)).map((barrier) => `${path} ${barrier}`));
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('html[data-theme=dark]').waitFor();
    found.push(...(await colourBarriersOf(page)).map((barrier) => `${path} in the dark: ${barrier}`));
    await page.setViewportSize(tablet);
    if ((await overflowOf(page)) > 0) found.push(`${path} is wider than a tablet`);
    await page.setViewportSize(phone);
    found.push(...(await barriersOf(page)).map((barrier) => `${path} on a phone: ${barrier}`));
    if ((await overflowOf(page)) > 0) found.push(`${path} is wider than a phone`);
    if (!(await page.getByRole('button', { name: 'HALT', exact: true }).isVisible()))
      found.push(`${path} hides the brake`);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize(wide);
    await page.locator('html[data-theme=light]').waitFor();
  }
  expect(found).toEqual([]);
}
