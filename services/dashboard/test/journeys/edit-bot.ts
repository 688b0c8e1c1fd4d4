import { expect } from '@jest/globals';
import { barriersOf, overflowOf } from '../chromium-browser.js';
import { owner, phone, settled, type World } from '../world.js';

interface Orders {
  readonly data: readonly { readonly price: string }[];
}

/** A running bot gets another price, and its order at the venue moves there. */
export async function editBot(world: World): Promise<void> {
  const id = await world.runningBot({ name: 'moved', buyPrice: { fixed: '40000' }, sellPrice: { fixed: '90000' } });
  const prices = async () =>
    (await world.ask<Orders>('GET', `/v1/orders?status=open&bot=${id}`)).data.map(({ price }) => Number(price));
  await world.until(async () => expect(await prices()).toEqual([40_000]));
  const page = await world.open({ as: owner, path: `/bots/${id}` });
  await page.getByRole('link', { name: 'Edit' }).click();
  const save = page.getByRole('button', { name: 'Save' });
  await page.getByText('Nothing is changed.').waitFor();
  expect(await save.isDisabled()).toBe(true);
  await page.getByText('Your fee, maker / taker').waitFor();

  await page.getByRole('textbox', { name: 'Quantity' }).fill('0.000000000001');
  await save.click();
  const quantity = page.getByRole('textbox', { name: 'Quantity' });
  await page.locator('input[aria-invalid=true]').waitFor();
  expect(await quantity.getAttribute('aria-invalid')).toBe('true');
  const note = page.locator(`[id="${await quantity.getAttribute('aria-describedby')}"]`);
  expect(await note.textContent()).toMatch(/^✕ \S/);
  expect(await barriersOf(page)).toEqual([]);
  await quantity.fill('0.002');

  await page.getByRole('group', { name: 'Buy price' }).getByRole('textbox').fill('41000');
  await page.getByText('Changed: Buy price.').waitFor();
  await save.click();
  await page.getByRole('heading', { name: 'moved', level: 1, exact: true }).waitFor();
  await page.getByRole('row').filter({ hasText: '41,000.00' }).filter({ hasText: 'Accepted' }).waitFor();
  await page.getByRole('row').filter({ hasText: '40,000.00' }).filter({ hasText: 'the bot was edited' }).waitFor();
  await world.until(async () => expect(await prices()).toEqual([41_000]));
  await page.getByRole('link', { name: 'Edit' }).click();
  expect(await page.getByRole('group', { name: 'Buy price' }).getByRole('textbox').inputValue()).toBe('41000');
  await onAPhone(world, id);
}

/** The bot with each of its lists and both forms, with their faults, fit into 390 pixels. */
async function onAPhone(world: World, id: string): Promise<void> {
  const page = await world.open({ as: owner, path: `/bots/${id}`, options: { viewport: phone, colorScheme: 'dark' } });
  await settled(page);
  for (const tab of ['Orders', 'Fills', 'Cycles', 'Activity', 'Parameters']) {
    await page.getByRole('tab', { name: tab }).click();
    await settled(page);
    expect({ tab, overflow: await overflowOf(page) }).toEqual({ tab, overflow: 0 });
  }
  expect(await barriersOf(page)).toEqual([]);
  for (const [path, press] of [
    ['/bots/new', 'Create bot'],
    [`/bots/${id}/edit`, 'Save'],
  ] as const) {
    await page.goto(world.platform.address + path);
    await page.getByRole('textbox', { name: 'Quantity' }).fill('much too much');
    await page.getByRole('button', { name: press }).click();
    await page.locator('input[aria-invalid=true]').first().waitFor();
    expect({ path, overflow: await overflowOf(page) }).toEqual({ path, overflow: 0 });
    expect(await barriersOf(page)).toEqual([]);
  }
}

/** Two edit one bot: what the other one did is shown, and nothing of it is overwritten unseen. */
export async function editMeanwhile(world: World): Promise<void> {
  const id = await world.runningBot({ name: 'shared', buyPrice: { fixed: '40000' }, sellPrice: { fixed: '90000' } });
  const edit = (body: object) => world.ask('PATCH', `/v1/bots/${id}`, body);
  const parameters = async () => (await world.ask<{ parameters: object }>('GET', `/v1/bots/${id}`)).parameters;
  // This page hears of no bot over the stream: it learns of the other edit from the refusal alone.
  const page = await world.open({
    as: owner,
    path: `/bots/${id}/edit`,
    prepare: (opened) =>
      opened.routeWebSocket(/\/v1\/stream/, (socket) => {
        const gateway = socket.connectToServer();
        gateway.onMessage((message) => {
          if (!String(message).includes('"ch":"bots"')) socket.send(message);
        });
      }),
  });
  const quantity = page.getByRole('textbox', { name: 'Quantity' });
  const buyPrice = page.getByRole('group', { name: 'Buy price' }).getByRole('textbox');
  const save = page.getByRole('button', { name: 'Save' });
  await quantity.fill('0.004');
  await edit({ parameters: { quantity: '0.003', buyPrice: { fixed: '41000' } } });
  await save.click();
  const conflict = page.getByRole('alert', { name: 'Changed meanwhile' });
  await conflict.getByText('you typed 0.004').waitFor();
  await conflict.getByText('41000').waitFor();
  expect(await save.isDisabled()).toBe(true);
  expect(await parameters()).toMatchObject({ quantity: '0.003' });
  expect(await barriersOf(page)).toEqual([]);

  await conflict.getByRole('button', { name: 'Take theirs in, keep what I typed' }).click();
  expect([await quantity.inputValue(), await buyPrice.inputValue()]).toEqual(['0.004', '41000']);
  await edit({ parameters: { quantity: '0.005' } });
  await save.click();
  await conflict.getByRole('button', { name: 'Load it anew, without mine' }).click();
  await page.getByText('Nothing is changed.').waitFor();
  expect(await quantity.inputValue()).toBe('0.005');

  await quantity.fill('0.006');
  await save.click();
  await page.getByRole('heading', { name: 'shared', level: 1, exact: true }).waitFor();
  expect(await parameters()).toMatchObject({ quantity: '0.006', buyPrice: { fixed: '41000' } });
}
