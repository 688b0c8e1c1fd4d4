import { expect } from '@jest/globals';
import { barriersOf } from '../chromium-browser.js';
import { CuttableLine } from '../cuttable-line.js';
import { owner, settled, type World } from '../world.js';

const quiet = "getComputedStyle(document.querySelector('.live')).color";

const holdingsLoaded =
  "performance.getEntriesByType('resource').some(({ name, responseEnd }) => responseEnd > 0 && /holdings-.*js/.test(name))";

/** The line is cut under an open page: old data is told and shown as old, and it comes back by itself. */
export async function cutLine(world: World): Promise<void> {
  const line = new CuttableLine(world.platform.address);
  const address = await line.open();
  const page = await world.open({ as: owner, address, tolerated: /WebSocket|ERR_|Failed to load/ });
  await settled(page);
  await page.locator('html[data-stale=false]').waitFor();
  // Another screen is opened while the line is cut, so its program must be here by then.
  await world.until(async () => expect(await page.evaluate(holdingsLoaded)).toBe(true));
  line.cut();
  const banner = page.getByTestId('stale');
  await banner.getByText('The connection is lost.').waitFor();
  await page.getByTestId('connection').getByText('Reconnecting').waitFor();
  await page.locator('html[data-stale=true]').waitFor();
  // Its age grows, and figures lose their colour.
  await banner.getByText(/^([4-9]|\d\d) s$|min/).waitFor();
  const grey = await page.evaluate(quiet);
  expect(await barriersOf(page)).toEqual([]);
  await page.getByRole('link', { name: 'Holdings' }).click();
  await page.getByRole('heading', { name: 'Holdings' }).waitFor();
  await page.getByRole('link', { name: 'Overview' }).click();

  line.mend();
  await banner.waitFor({ state: 'detached' });
  await page.locator('html[data-stale=false]').waitFor();
  expect(await page.evaluate(quiet)).not.toBe(grey);
  await page.getByTestId('connection').getByText('Live').waitFor();
  const price = page.getByRole('region', { name: 'Markets' }).locator('.live').first();
  const before = await price.textContent();
  await world.until(async () => expect(await price.textContent()).not.toBe(before));
  await line.close();
}
