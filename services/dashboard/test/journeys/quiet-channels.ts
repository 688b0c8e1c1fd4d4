import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { barriersOf } from '../chromium-browser.js';
import { drawnIn, watchCanvases } from '../drawn-chart.js';
import { owner, settled, type World } from '../world.js';

/** A stream that goes on, with pongs and all, but for the channels that are held back. */
class HeldChannels {
  readonly held = new Set<string>();

  readonly prepare = (page: Page): Promise<void> =>
    page.routeWebSocket(/\/v1\/stream/, (socket) => {
      const gateway = socket.connectToServer();
      gateway.onMessage((message) => {
        if (!this.held.has(channelOf(String(message)))) socket.send(message);
      });
    });
}

const channelOf = (message: string): string => (JSON.parse(message) as { readonly ch?: string }).ch ?? '';

/** The market falls silent while the line lives: nothing is called live then, and each price says how old it is. */
export async function quietMarket(world: World): Promise<void> {
  await world.runningBot({ name: 'valued', buyPrice: { fixed: '40000' }, sellPrice: { fixed: '90000' } });
  const stream = new HeldChannels();
  const page = await world.open({ as: owner, prepare: stream.prepare });
  await settled(page);
  const markets = page.getByRole('region', { name: 'Markets' });
  const card = page.getByRole('article', { name: 'valued' }).getByTestId('live-price');
  await card.and(page.locator('[data-old=false]')).waitFor();

  stream.held.add('prices');
  const pill = page.getByTestId('connection');
  await pill.getByText(/^Prices \d+ s old$/).waitFor();
  expect(await pill.getByText('Live').count()).toBe(0);
  await page.getByTestId('stale').getByText('No new prices.').waitFor();
  await markets
    .getByText(/^\d+ s old$/)
    .first()
    .waitFor();
  expect(await markets.locator('[data-old=false]').count()).toBe(0);
  await card
    .and(page.locator('[data-old=true]'))
    .getByText(/^\d+ s old$/)
    .waitFor();
  // The line is well: what is no price is as new as ever.
  await page.locator('html[data-stale=false]').waitFor();
  expect(await barriersOf(page)).toEqual([]);

  stream.held.clear();
  await pill.getByText('Live').waitFor();
  await card.and(page.locator('[data-old=false]')).waitFor();
  await page.getByTestId('stale').waitFor({ state: 'detached' });
}

/** A list that cannot be read says why, and what to quote; it is there as soon as it can be read again. */
async function unread(page: Page): Promise<void> {
  const refusal = {
    ...{
      status: 503,
      code: 'SERVICE_UNAVAILABLE',
      title: 'The orders cannot be read now',
      request_id: 'req-of-a-journey',
    },
    errors: [{ pointer: '', code: 'SERVICE_UNAVAILABLE', detail: '', allowed: '', next: 'Read them in a moment.' }],
  };
  await page.route('**/v1/orders?*', (route) =>
    route.fulfill({ status: 503, contentType: 'application/problem+json', json: refusal }),
  );
  await page.getByRole('link', { name: 'Orders', exact: true }).click();
  await page.getByRole('button', { name: 'Done', exact: true }).click();
  const told = page.locator('main').getByRole('alert');
  await told.getByText('The orders cannot be read now').waitFor();
  await told.getByText('SERVICE_UNAVAILABLE · req-of-a-journey').waitFor();
  await told.getByText('Read them in a moment.').waitFor();
  expect(await barriersOf(page)).toEqual([]);
  await page.unroute('**/v1/orders?*');
  await told.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('table', { name: 'Orders' }).getByRole('row').nth(1).waitFor();
  expect(await told.count()).toBe(0);
}

/** The stream tells the newest fills of all bots; a chart marks those of its own bot that are older, too. */
export async function olderFills(world: World): Promise<void> {
  const buyPrice = { offset: '2000', unit: 'ticks', from: 'mid' };
  const bot = await world.runningBot({ name: 'charted', buyPrice, sellPrice: { fixed: '90000' } });
  const fills = () => world.ask<{ data: readonly object[] }>('GET', `/v1/bots/${bot}/fills`);
  await world.until(async () => expect((await fills()).data).not.toEqual([]));
  const stream = new HeldChannels();
  stream.held.add('fills');
  const prepare = async (page: Page) => {
    await watchCanvases(page);
    await stream.prepare(page);
  };
  const page = await world.open({ as: owner, path: `/bots/${bot}`, prepare });
  await world.until(async () => {
    const { bought } = await drawnIn(page, /^BTC-USDT, candles of 1s, with [1-9]\d* fills? and /);
    expect(bought).toBeGreaterThan(0);
  });
}

/** What has not been told yet is not shown as nothing: neither in the totals nor where one is about to halt. */
export async function notKnownYet(world: World): Promise<void> {
  await world.runningBot({ name: 'resting', buyPrice: { fixed: '40000' }, sellPrice: { fixed: '90000' } });
  const stream = new HeldChannels();
  for (const channel of ['bots', 'orders', 'accounts']) stream.held.add(channel);
  const page = await world.open({ as: owner, prepare: stream.prepare, tolerated: /status of 503/ });
  await page.getByTestId('connection').getByText('Live').waitFor();
  await page.getByRole('button', { name: 'HALT', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('not known yet which bots, orders and positions').waitFor();
  expect(await dialog.getByText('no active bot').count()).toBe(0);
  await page.keyboard.press('Escape');

  stream.held.delete('bots');
  await page.reload();
  const totals = page.getByRole('region', { name: 'demo totals' });
  await totals.getByText('not known yet').first().waitFor();
  expect(await totals.getByText('not known yet').count()).toBe(2);
  expect(await totals.getByText('None', { exact: true }).count()).toBe(0);

  stream.held.clear();
  await page.reload();
  await totals.getByText('resting or on their way').waitFor();
  expect(await totals.getByText('not known yet').count()).toBe(0);
  await unread(page);
}
