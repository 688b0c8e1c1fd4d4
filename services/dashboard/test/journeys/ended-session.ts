import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { barriersOf } from '../chromium-browser.js';
import { logIn, owner, settled, type World } from '../world.js';

interface Sessions {
  readonly data: readonly { readonly id: string; readonly current: boolean }[];
}

/** Whatever the user has open elsewhere, as somebody would who ends all others. */
async function endOthers(world: World): Promise<void> {
  const { data } = await world.ask<Sessions>('GET', '/v1/sessions');
  for (const { id, current } of data) if (!current) await world.ask('DELETE', `/v1/sessions/${id}`);
}

/** The log-in lies over the page, knows who is expected, has no barrier, and no key leads past it. */
async function laidOver(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Log in again' });
  await dialog.waitFor();
  expect(await dialog.getByLabel('E-mail').inputValue()).toBe(owner.email);
  expect(await page.evaluate('document.activeElement.name')).toBe('password');
  expect(await barriersOf(page)).toEqual([]);
  const outside = 'document.activeElement !== document.body && document.activeElement.closest("dialog") === null';
  for (let step = 0; step < 8; step += 1) {
    expect(await page.evaluate(outside)).toBe(false);
    await page.keyboard.press('Tab');
  }
  for (let press = 0; press < 3; press += 1) await page.keyboard.press('Escape');
  await page.locator('dialog:modal').waitFor();
}

/** A session ends under a form that is half filled: it is there when the same user is in again, and is nobody else's. */
export async function endedSession(world: World): Promise<void> {
  const next = { email: 'next@scalpstorm.example', password: 'somebody else at this desk' };
  await world.ask('POST', '/v1/users', { ...next, role: 'trader' });
  const page = await world.open({ path: '/bots/new' });
  await logIn(page, owner);
  const name = page.getByLabel('Name', { exact: true });
  const quantity = page.getByRole('textbox', { name: 'Quantity' });
  await name.fill('half-filled');
  await quantity.fill('0.0042');
  await settled(page);

  await endOthers(world);
  await laidOver(page);
  await logIn(page, { ...owner, password: 'not the one that I have' });
  await page.getByRole('dialog').getByRole('alert').waitFor();
  await logIn(page, owner);
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect([await name.inputValue(), await quantity.inputValue()]).toEqual(['half-filled', '0.0042']);
  // Where one was typing, and the stream goes on.
  expect(await page.evaluate('document.activeElement.value')).toBe('0.0042');
  await settled(page);
  await page.getByTestId('stale').waitFor({ state: 'detached' });

  await endOthers(world);
  await page.getByRole('dialog', { name: 'Log in again' }).waitFor();
  await logIn(page, next);
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.locator('main').getByText('You have no account to trade with').waitFor();
  expect(await name.count()).toBe(0);
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('heading', { name: 'Log in', exact: true }).waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
}
