import { expect } from '@jest/globals';
import { confirm, owner, type World } from '../world.js';

/** A venue account is added, tested, given another key and removed; its secret is nowhere on the page again. */
export async function venueAccount(world: World): Promise<void> {
  const { apiKey, secret } = world.platform.venue;
  const page = await world.open({ as: owner, path: '/accounts' });
  await page.getByRole('button', { name: 'Add an account' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Test and add' }).click();
  await dialog.getByText('Give it a name.').waitFor();
  await dialog.getByLabel('Name').fill('Main at the simulator');
  expect(await dialog.getByLabel('Venue and mode').locator('option:checked').textContent()).toMatch(/^Binance/);
  await dialog.getByLabel('Venue and mode').selectOption('sim (demo)');
  await dialog.getByText('knows only the keys').waitFor();
  await dialog.getByLabel('API key').fill(apiKey);
  expect(await dialog.getByLabel('Secret').getAttribute('type')).toBe('password');
  await dialog.getByLabel('Secret').fill('not the secret of this key');
  await dialog.getByRole('button', { name: 'Test and add' }).click();
  // The venue was asked and refused it; nothing was added.
  await dialog.getByRole('alert').waitFor();
  await dialog.getByLabel('Secret').fill(secret);
  await confirm(page, 'Test and add');

  const card = page.getByRole('listitem').filter({ hasText: 'Main at the simulator' }).first();
  await card.getByText('May trade').waitFor();
  await card.getByText(`…${apiKey.slice(-4)}`).waitFor();
  await card.getByRole('button', { name: 'Test the key' }).click();
  await page.getByText('Main at the simulator: the key was tested').waitFor();
  await card.getByRole('button', { name: 'Replace the key' }).click();
  expect(await dialog.getByLabel('API key').inputValue()).toBe('');
  expect(await dialog.getByLabel('Secret').inputValue()).toBe('');
  await dialog.getByLabel('API key').fill(apiKey);
  await dialog.getByLabel('Secret').fill(secret);
  await confirm(page, 'Test and replace');
  await page.getByText('Main at the simulator has a new key').waitFor();
  const kept = await page.evaluate(
    'document.documentElement.outerHTML + JSON.stringify({ ...sessionStorage, ...localStorage })',
  );
  expect(kept).not.toContain(secret);
  await card.getByRole('button', { name: 'Remove' }).click();
  await confirm(page, 'Remove Main at the simulator');
  await page.getByText('You have brought no account').waitFor();
}

/** A key is shown once, works, and stops working when it is revoked. */
export async function apiKey(world: World): Promise<void> {
  const page = await world.open({ as: owner, path: '/accounts' });
  await page.getByRole('button', { name: 'New key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.getByText('Give it a name.').waitFor();
  await dialog.getByLabel('Name').fill('reporting');
  await dialog.getByLabel('What it may do').selectOption('Read and trade');
  const addresses = dialog.getByLabel('Addresses it may come from');
  await addresses.fill('127.0.0.0/8, nonsense');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.getByText('Not an address or network').waitFor();
  await addresses.fill('127.0.0.0/8, ::1');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.getByText('shown this once').waitFor();
  const key = (await dialog.locator('code').textContent()) ?? '';
  const ask = async () => {
    const headers = { authorization: `Bearer ${key}` };
    return (await fetch(`${world.platform.address}/v1/bots`, { headers })).status;
  };
  expect(await ask()).toBe(200);
  await confirm(page, 'I have kept it');
  await page.getByText(/may read and trade .* from 127\.0\.0\.0\/8, ::1/).waitFor();
  expect(await page.evaluate('document.documentElement.outerHTML')).not.toContain(key);
  await page.getByRole('button', { name: 'Revoke reporting' }).click();
  await confirm(page, 'Revoke');
  await page.getByText('No key yet').waitFor();
  expect(await ask()).toBe(401);
}
