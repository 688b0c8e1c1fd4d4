import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { barriersOf, overflowOf, themeBarriersOf } from '../chromium-browser.js';
import { confirm, owner, phone, type World, wide } from '../world.js';

const section = (page: Page) => page.getByRole('region', { name: /^Held back/ });
const state = '**/v1/risk/state';

const rowOf = (scope: string) => ({
  ...{ scope, state: 'halted', text: 'a drill', since: new Date().toISOString(), by: '', operator: false },
});
const free = { state: 'active', text: '', since: null };

/** Every state of the list of what is held back, and that a release takes its row off at once. */
export async function heldBack(world: World): Promise<void> {
  const bot = await world.runningBot({ name: 'braked', buyPrice: { fixed: '40000' }, sellPrice: { fixed: '90000' } });
  await world.ask('POST', '/v1/risk/state', { scope: `bot:${bot}`, state: 'reducing', text: 'too many losses' });
  await world.ask('POST', '/v1/risk/state', { scope: 'venue:sim', state: 'reducing', text: 'it answers slowly' });
  const page = await world.open({ as: owner, path: '/risk', tolerated: /status of 503/ });
  const rows = section(page).getByRole('row');
  await rows.filter({ hasText: 'the bot braked' }).getByText('too many losses (you)').waitFor();
  await rows.filter({ hasText: 'the venue sim' }).getByText('only reduces').waitFor();
  expect(await barriersOf(page)).toEqual([]);

  await page.getByRole('button', { name: 'Release the bot braked' }).click();
  expect(await themeBarriersOf(page)).toEqual([]);
  await confirm(page, 'Release');
  await rows.filter({ hasText: 'the bot braked' }).waitFor({ state: 'detached' });

  // What is everybody's wants the word typed.
  await page.getByRole('button', { name: 'Release the venue sim' }).click();
  expect(await page.getByRole('dialog').getByRole('button', { name: 'Release' }).isDisabled()).toBe(true);
  await page.getByLabel('Type RELEASE to confirm').fill('release');
  await confirm(page, 'Release');
  await section(page).getByText('Nothing is held back').waitFor();

  const states = Array.from({ length: 14 }, (_, index) => rowOf(`account:book-${index}`));
  const away = { status: 503, json: { status: 503, code: 'SERVICE_UNAVAILABLE', title: 'The gate is away' } };
  let answer: object = away;
  await page.route(state, (route) => route.fulfill(answer));
  await page.reload();
  await section(page).getByText('The gate is away').waitFor();
  await section(page).getByRole('button', { name: 'Try again' }).waitFor();
  expect(await barriersOf(page)).toEqual([]);
  // It comes back by itself.
  answer = { json: { binding: free, platform: free, states } };
  await section(page).getByRole('button', { name: 'Show 4 more' }).click();
  await rows.filter({ hasText: 'the account book-13' }).waitFor();
  await page.setViewportSize(phone);
  expect(await overflowOf(page)).toBe(0);
  expect(await barriersOf(page)).toEqual([]);
  await page.setViewportSize(wide);
  await page.unroute(state);
}
