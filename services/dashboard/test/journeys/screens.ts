import { expect } from '@jest/globals';
import { barriersOf, colourBarriersOf, overflowOf } from '../chromium-browser.js';
import { owner, phone, settled, tablet, type World, wide } from '../world.js';

const lists = ['/bots', '/bots?layout=column', '/orders?show=final', '/orders?show=fills', '/holdings', '/activity'];
const paths = ['/', ...lists, '/risk', '/accounts', '/notifications', '/me', '/users', '/bots/new', '/no-such-page'];

/** Every screen, light and dark, wide and as narrow as a phone. */
export async function screens(world: World): Promise<void> {
  const page = await world.open({ options: { colorScheme: 'light' }, as: owner });
  const found: string[] = [];
  for (const path of paths) {
    await page.goto(world.platform.address + path);
    await settled(page);
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
