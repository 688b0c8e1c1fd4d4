import { expect } from '@jest/globals';
import { barriersOf, overflowOf, themeBarriersOf } from '../chromium-browser.js';
import { confirm, owner, phone, settled, type World, wide } from '../world.js';

const at = '2026-11-21T22:04:05.000Z';
const external = (id: string, clientOrderId: string) => ({
  ...{ id, account: 'demo', venue: 'sim', symbol: 'BTC-USDT', venueOrderId: `90${id}`, clientOrderId, side: 'sell' },
  ...{ quantity: '0.01', filledQuantity: '0', price: '70000', working: true, seenAt: at },
  ...{ decision: null, decidedBy: null, decidedAt: null, outcome: '' },
});
const difference = {
  ...{ id: '1', kind: 'order', account: 'demo', subject: 'a0f3c9d2e1b4', ours: 'accepted', theirs: 'not found' },
  ...{ decision: 'closed as canceled', repaired: true, at, trigger: 'reconnect' },
};

/** What accounts may do, a comparison that changes nothing, one that does, and what was ever found. */
export async function reconciliation(world: World): Promise<void> {
  const page = await world.open({ as: owner, path: '/risk' });
  await page.getByRole('link', { name: 'Everything that was found, and orders placed elsewhere' }).click();
  await settled(page);
  const accounts = page.getByRole('list', { name: 'Accounts' });
  await accounts.getByRole('listitem').filter({ hasText: 'demo' }).getByText('Trades').waitFor();
  await page.getByRole('button', { name: 'Dry run' }).click();
  await page.getByText('A dry run: nothing was changed.').waitFor();
  await page.getByTestId('dry-run').getByText('Everything agrees').waitFor();
  expect(await themeBarriersOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Compare now' }).click();
  await page.getByTestId('dry-run').waitFor({ state: 'detached' });
  await page.getByText('Everything agrees').waitFor();
  expect(await barriersOf(page)).toEqual([]);

  const listing = { hasMore: false, nextCursor: null };
  await page.route('**/v1/reconciliation/differences?*', (route) =>
    route.fulfill({ json: { data: [difference], ...listing } }),
  );
  await page.reload();
  const found = page.getByRole('row').filter({ hasText: 'a0f3c9d2e1b4' });
  await found.getByText('closed as canceled').waitFor();
  await found.getByText('after a reconnect').waitFor();
  await page.setViewportSize(phone);
  expect(await overflowOf(page)).toBe(0);
  expect(await barriersOf(page)).toEqual([]);
  await page.setViewportSize(wide);
}

/** Orders that nobody placed here: each decision is asked for twice, said with who made it, and refused where it is too late. */
export async function ordersFromElsewhere(world: World): Promise<void> {
  const rows = [external('7', 'phone-app'), external('8', 'old-script')];
  const asked: unknown[] = [];
  const page = await world.open({
    as: owner,
    prepare: async (prepared) => {
      await prepared.route('**/v1/reconciliation/external-orders?*', (route) =>
        route.fulfill({ json: { data: rows, hasMore: false, nextCursor: null } }),
      );
      await prepared.route('**/v1/reconciliation/external-orders/*', (route) => {
        const decision: unknown = route.request().postDataJSON();
        asked.push(decision);
        const id = route.request().url().endsWith('/7') ? 0 : 1;
        if (id === 1) {
          const told = { pointer: '', code: 'EXTERNAL_ORDER_GONE', detail: 'It does not work at the venue any more.' };
          const errors = [{ ...told, allowed: '', next: 'Nothing is left to decide.' }];
          const title = 'The order is gone';
          return route.fulfill({ status: 409, json: { status: 409, code: told.code, title, detail: title, errors } });
        }
        const outcome = { decision: 'ignore', decidedBy: '', decidedAt: at, outcome: 'left alone' };
        const decided = { ...external('7', 'phone-app'), ...outcome };
        rows.splice(0, 1, decided as never);
        return route.fulfill({ json: decided });
      });
    },
    path: '/reconciliation',
  });
  await page.getByText('2 orders to decide on').waitFor();
  expect(await barriersOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Ignore the order phone-app' }).click();
  await page.getByRole('dialog').getByText('sell 0.01 BTC-USDT at 70,000').waitFor();
  await confirm(page, 'Ignore');
  await page.getByRole('row').filter({ hasText: 'phone-app' }).getByText('left alone').waitFor();
  await page.getByText('1 order to decide on').waitFor();
  // What is left alone can still be taken in; what was taken in by somebody else meanwhile is refused with the reason.
  expect(await page.getByRole('button', { name: 'Adopt the order phone-app' }).count()).toBe(1);
  await page.getByRole('button', { name: 'Cancel the order old-script' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Cancel the order' }).click();
  await dialog.getByText('It does not work at the venue any more.').waitFor();
  expect(await themeBarriersOf(page)).toEqual([]);
  expect(asked).toEqual([{ decision: 'ignore' }, { decision: 'cancel' }]);
  await page.setViewportSize(phone);
  expect(await overflowOf(page)).toBe(0);
}
