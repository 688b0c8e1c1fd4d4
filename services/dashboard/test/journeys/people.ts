import { expect } from '@jest/globals';
import { barriersOf } from '../chromium-browser.js';
import { confirm, logIn, owner, phone, settled, type World } from '../world.js';

const trader = { email: 'trader@scalpstorm.example', password: 'the first one that was told' };
const nextPassword = 'another one, by oneself';

/** An administrator lets somebody in, gives another role, shuts them out, and lets them in again. */
export async function users(world: World): Promise<void> {
  const page = await world.open({ as: owner });
  await page.getByRole('link', { name: 'Users' }).click();
  await page.getByRole('button', { name: 'New user' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.getByText('Whom do you let in?').waitFor();
  await dialog.getByLabel('E-mail').fill(trader.email);
  await dialog.getByLabel('First password').fill('short');
  await dialog.getByLabel('Role', { exact: true }).selectOption('trader');
  await dialog.getByRole('button', { name: 'Create' }).click();
  // The rule is the gateway's, and stands at the field.
  await dialog.locator('input[type=password][aria-invalid=true]').waitFor();
  await dialog.getByLabel('First password').fill(trader.password);
  await confirm(page, 'Create');
  const row = page.getByRole('list', { name: 'Users' }).getByRole('listitem').filter({ hasText: trader.email });
  await row.waitFor();
  expect(await page.getByLabel(`Role of ${owner.email}`).isDisabled()).toBe(true);
  expect(await page.getByRole('button', { name: `Shut ${owner.email} out` }).isDisabled()).toBe(true);
  expect(await barriersOf(page)).toEqual([]);

  const other = await world.open({});
  await logIn(other, trader);
  await other.getByRole('link', { name: 'New bot' }).waitFor();
  expect(await other.getByRole('link', { name: 'Users' }).count()).toBe(0);
  await other.goto(`${world.platform.address}/users`);
  await other.getByText('Seeing and changing users needs the role administrator.').waitFor();

  await page.getByLabel(`Role of ${trader.email}`).selectOption('risk');
  await page.getByText(`${trader.email} is risk now`).waitFor();
  await other.reload();
  await other.getByText('View and halt').waitFor();
  await other.getByRole('button', { name: 'HALT', exact: true }).click();
  expect(await other.getByLabel('The whole platform').isChecked()).toBe(true);
  await other.keyboard.press('Escape');

  await page.getByRole('button', { name: `Shut ${trader.email} out` }).click();
  await confirm(page, 'Shut out');
  // By itself: the stream ends with the session, and the page says so by showing the way in.
  await other.getByRole('heading', { name: 'Log in' }).waitFor();
  await logIn(other, trader);
  await other.getByRole('dialog').getByRole('alert').waitFor();
  await page.getByRole('button', { name: `Let ${trader.email} in` }).click();
  await page.getByText(`${trader.email} may come in again`).waitFor();
  await row.getByRole('button', { name: `Shut ${trader.email} out` }).waitFor();
}

/** One's own sessions are seen and ended; a new password leaves only this window logged in. */
export async function ownSessions(world: World): Promise<void> {
  const here = await world.open({ path: '/me', options: { viewport: phone } });
  await logIn(here, trader);
  await here.getByText('This window').waitFor();
  const there = await world.open({});
  await logIn(there, trader);
  await settled(there);
  await here.reload();
  await here.getByText('Another window').first().waitFor();
  expect(await barriersOf(here)).toEqual([]);
  await here.getByRole('button', { name: 'End all others' }).click();
  await confirm(here, 'End all others');
  await here.getByText('Another window').first().waitFor({ state: 'detached' });
  await there.getByRole('heading', { name: 'Log in' }).waitFor();
  await logIn(there, trader);
  await settled(there);

  const change = async (current: string) => {
    await here.getByLabel('Password you have').fill(current);
    await here.getByLabel('New password', { exact: true }).fill(nextPassword);
    await here.getByLabel('New password again').fill(nextPassword);
    await here.getByRole('button', { name: 'Change the password' }).click();
  };
  await change('not the one that I have');
  await here.locator('input[type=password][aria-invalid=true]').waitFor();
  await change(trader.password);
  await here.getByText('Your password is changed').waitFor();
  expect(await here.getByLabel('Password you have').inputValue()).toBe('');
  await there.getByRole('heading', { name: 'Log in' }).waitFor();
  await logIn(there, trader);
  await there.getByRole('dialog').getByRole('alert').waitFor();
  await logIn(there, { ...trader, password: nextPassword });
  await settled(there);
  // This window goes on with the session that came with the new password.
  await settled(here);
  await here.getByText('This window').waitFor();
}
