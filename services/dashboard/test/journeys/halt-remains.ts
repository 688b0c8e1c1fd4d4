import { expect } from '@jest/globals';
import { barriersOf, themeBarriersOf } from '../chromium-browser.js';
import { confirm, owner, phone, type World, wide } from '../world.js';

/** Whether what a halt did is where the eyes and the keyboard are: between the head of the dialog and its buttons. */
const seen = `(() => {
  const told = document.querySelector('[data-testid=halt-done]');
  const dialog = told.closest('dialog');
  const { top, bottom } = told.querySelector('p').getBoundingClientRect();
  const head = dialog.querySelector('h2').getBoundingClientRect().bottom;
  const foot = document.querySelector('[data-testid=halt-statement]').getBoundingClientRect().top;
  return { focused: document.activeElement.contains(told) && dialog.contains(document.activeElement), whole: top > head && bottom < foot };
})()`;

/** The gateway's answer is one that leaves things, as when a service hangs; everything after it is the platform's own. */
export async function haltThatLeaves(world: World): Promise<void> {
  const bot = await world.runningBot({ name: 'deaf', buyPrice: { fixed: '40000' }, sellPrice: { fixed: '90000' } });
  const page = await world.open({ as: owner, tolerated: /status of 503/ });
  const late = { code: 'SERVICE_UNAVAILABLE', text: 'It did not answer in time.', next: 'Repeat the halt.' };
  await world.ask('POST', '/v1/halt', { text: 'a drill', scope: 'mine' });
  const keys: (string | undefined)[] = [];
  const remaining = {
    ...{ bots: 1, orders: 0, positions: 1, complete: true },
    items: [
      { kind: 'position', id: 'elsewhere:sim:DOGE-USDT', bot: null, ...late },
      { kind: 'bot', id: bot, bot, ...late },
    ],
  };
  // The gate does not answer first: what was done is told, and that nobody knows whether the halt stands.
  await page.route('**/v1/halt', (route) => {
    keys.push(route.request().headers()['idempotency-key']);
    const problem = { status: 503, code: 'SERVICE_UNAVAILABLE', title: 'The risk gate did not answer', errors: [] };
    const bots = [{ bot, verb: 'stop', code: null, text: '' }];
    return route.fulfill({ status: 503, json: { ...problem, bots, ordersCanceled: 3, remaining } });
  });
  await page.getByRole('button', { name: /^HALT/ }).click();
  await page.getByLabel('Halt and cancel orders').check();
  const dialog = page.getByRole('dialog');
  for (const [index, press] of ['Halt now', 'Repeat the halt'].entries()) {
    await dialog.getByRole('button', { name: press }).click();
    await world.until(() => expect(keys).toHaveLength(index + 1));
    await dialog
      .getByText('Done: 1 bot told to stop, 3 orders canceled; whether the halt stands is not known.')
      .waitFor();
  }
  await dialog.getByText('Left: 1 position and 1 bot.').waitFor();
  // On a phone, too, it is seen without looking for it, and heard by who listens.
  await page.setViewportSize(phone);
  await dialog.getByRole('button', { name: 'Repeat the halt' }).click();
  await world.until(async () => {
    expect(keys).toHaveLength(3);
    expect(await page.evaluate(seen)).toEqual({ focused: true, whole: true });
  });
  await page.setViewportSize(wide);
  expect(await barriersOf(page)).toEqual([]);
  await page.unroute('**/v1/halt');

  await page.route('**/v1/halt', (route) => {
    keys.push(route.request().headers()['idempotency-key']);
    return route.fulfill({
      json: {
        ...{ state: 'halted', text: 'a drill', since: new Date().toISOString(), level: 'cancel', scope: 'mine' },
        ...{ bots: [], ordersCanceled: 0 },
        remaining,
      },
    });
  });
  await dialog.getByRole('button', { name: 'Repeat the halt' }).click();
  const items = dialog.getByRole('list', { name: 'What stays' }).getByRole('listitem');
  await dialog.getByRole('heading', { name: 'Halted, and this stays' }).waitFor();
  // One halt, however often it is pressed before its outcome is known.
  expect(keys).toEqual([keys[0], keys[0], keys[0], keys[0]]);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  await items.filter({ hasText: 'Bot deaf' }).getByText('It did not answer in time.').waitFor();
  expect(await items.count()).toBe(2);
  expect(await barriersOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Close' }).first().click();

  await page.unroute('**/v1/halt');
  await page.reload();
  const banner = page.getByRole('alert').filter({ hasText: 'halted.' });
  await banner.getByText('1 position and 1 bot').waitFor();
  // What is seen to have happened since is taken off.
  await world.ask('POST', `/v1/bots/${bot}/stop`);
  await banner.getByText('there stays: 1 position.').waitFor();
  await banner.getByRole('button', { name: 'What stays' }).click();
  await items.filter({ hasText: 'DOGE-USDT' }).waitFor();
  expect(await items.count()).toBe(1);
  expect(await themeBarriersOf(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Repeat the halt' }).click();
  await dialog.getByText('Nothing stays of what it was asked for.').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).first().click();
  expect(await banner.getByRole('button', { name: 'What stays' }).count()).toBe(0);
  await banner.getByRole('button', { name: 'Release' }).click();
  expect(await themeBarriersOf(page)).toEqual([]);
  await confirm(page, 'Release');
}
