import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { barriersOf } from '../chromium-browser.js';
import { confirm, owner, type World } from '../world.js';

interface BotRow {
  readonly observed: string;
  readonly held: string;
}

async function halt(page: Page, level: string, reason: string): Promise<void> {
  await page.getByRole('button', { name: /^HALT/ }).click();
  await page.getByLabel(level).check();
  await page.getByLabel('Why?').fill(reason);
}

const bannerOf = (page: Page) => page.getByRole('alert').filter({ hasText: 'halted.' });

async function release(page: Page): Promise<void> {
  await bannerOf(page).getByRole('button', { name: 'Release' }).click();
  await confirm(page, 'Release');
  await bannerOf(page).waitFor({ state: 'detached' });
}

/** Each level is pressed and its effect seen: nothing new · orders canceled · what is held is sold. */
export async function haltLevels(world: World): Promise<void> {
  // It buys at once and its exit rests far away: it holds something until somebody closes it.
  const far = { buyPrice: { offset: '2000', unit: 'ticks', from: 'mid' }, sellPrice: { fixed: '90000' } };
  const holder = await world.runningBot({ name: 'holder', ...far });
  const open = () => world.ask<{ data: readonly unknown[] }>('GET', `/v1/orders?status=open&bot=${holder}`);
  const bot = () => world.ask<BotRow>('GET', `/v1/bots/${holder}`);
  await world.until(async () => expect((await open()).data).toMatchObject([{ side: 'sell' }]));
  const page = await world.open({ as: owner, path: '/orders' });
  await page.getByText('limit to close').waitFor();

  await halt(page, 'Halt new positions', 'a first drill');
  expect(await page.getByTestId('halt-statement').textContent()).toContain('opens nothing new');
  await confirm(page, 'Halt now');
  await bannerOf(page).getByText('a first drill').waitFor();
  expect(await barriersOf(page)).toEqual([]);
  await world.runningBot({ name: 'buyer', ...far });
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('row').filter({ hasText: 'buyer' }).getByText('Denied').first().waitFor();
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.getByText('limit to close').waitFor();
  expect(await bot()).toMatchObject({ observed: 'running' });

  await halt(page, 'Halt and cancel orders', 'a second drill');
  await confirm(page, 'Halt now');
  await page.getByText('No order is open').waitFor();
  await world.until(async () => expect(await bot()).toMatchObject({ observed: 'stopped' }));
  expect(Number((await bot()).held)).toBeGreaterThan(0.001);

  // The bots stand still already; what they hold is sold all the same.
  await halt(page, 'Halt, cancel and flatten', 'a third drill');
  const press = page.getByRole('button', { name: 'Halt now' });
  expect(await press.isDisabled()).toBe(true);
  await page.getByLabel('Type HALT to confirm').fill('halt');
  await press.click();
  await press.waitFor({ state: 'detached' });
  // Were something left, the dialog would say so: see the journey of what a halt leaves. What is closed is proven by the venue.
  await page
    .getByRole('region', { name: 'Proof of flat' })
    .getByText(/^Flat, proven by the venue at/)
    .waitFor();
  expect(await barriersOf(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await world.until(async () => expect(Number((await bot()).held)).toBeLessThan(0.000_02));
  await release(page);
  expect(await world.ask('GET', '/v1/trading-state')).toMatchObject({ state: 'active' });
}

/** One bot is halted and the others are not: it is listed under what is held back, and released there. */
export async function haltOfOneBot(world: World): Promise<void> {
  const far = { buyPrice: { fixed: '40000' }, sellPrice: { fixed: '90000' } };
  await Promise.all(['braked', 'free'].map((name) => world.runningBot({ name, ...far })));
  const page = await world.open({ as: owner, path: '/risk' });
  await page.getByRole('button', { name: /^HALT/ }).click();
  await page.getByLabel('One bot').check();
  await page.getByLabel('Which bot?').selectOption('braked');
  await page.getByText('1 active bot · 1 open order').waitFor();
  expect(await page.getByTestId('halt-statement').textContent()).toContain('The bot braked opens nothing new');
  await confirm(page, 'Halt now');
  const held = page.getByRole('region', { name: /^Held back/ }).getByRole('row');
  await held.filter({ hasText: 'the bot braked' }).getByText('halted').waitFor();
  expect(await world.ask('GET', '/v1/trading-state')).toMatchObject({ state: 'active' });
  await page.getByRole('button', { name: 'Release the bot braked' }).click();
  await confirm(page, 'Release');
  await page.getByText('Nothing is held back').waitFor();
}

/** The platform is for administrators; a viewer sees it, and is told what the role does not reach. */
export async function haltOfThePlatform(world: World): Promise<void> {
  const viewer = { email: 'viewer@scalpstorm.example', password: 'only looking at the weather' };
  await world.ask('POST', '/v1/users', { ...viewer, role: 'viewer' });
  const page = await world.open({ as: owner, path: '/risk' });
  await halt(page, 'Halt new positions', 'a storm');
  await page.getByLabel('The whole platform').check();
  await page.getByText('Those of everybody else are met, too').waitFor();
  expect(await page.getByTestId('halt-statement').textContent()).toContain('Every bot of every user');
  expect(await page.getByRole('button', { name: 'Halt now' }).isDisabled()).toBe(true);
  await page.getByLabel('Type HALT to confirm').fill('HALT');
  await confirm(page, 'Halt now');
  await page.getByText('The whole platform is halted.').waitFor();

  const other = await world.open({ as: viewer });
  await other.getByText('The role risk or an administrator releases it.').waitFor();
  await other.getByText('View only').waitFor();
  expect(await bannerOf(other).getByRole('button').count()).toBe(0);
  expect(await other.getByRole('link', { name: 'New bot' }).count()).toBe(0);
  await other.getByRole('button', { name: /^HALT/ }).click();
  await other.getByRole('dialog').getByText('Your role may look, not act').waitFor();
  expect(await barriersOf(other)).toEqual([]);
  await other.goto(`${world.platform.address}/bots/new`);
  await other.getByText('Creating a bot needs the role trader.').waitFor();

  await bannerOf(page).getByRole('button', { name: 'Release' }).click();
  expect(await page.getByRole('dialog').getByRole('button', { name: 'Release' }).isDisabled()).toBe(true);
  await page.getByLabel('Type RELEASE to confirm').fill('RELEASE');
  await confirm(page, 'Release');
  await bannerOf(page).waitFor({ state: 'detached' });
  await bannerOf(other).waitFor({ state: 'detached' });
}
