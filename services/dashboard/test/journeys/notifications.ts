import { expect } from '@jest/globals';
import { barriersOf } from '../chromium-browser.js';
import { confirm, owner, type World } from '../world.js';

interface Profile {
  readonly channels: readonly { readonly state: string }[];
  readonly preferences: { readonly muted: readonly object[]; readonly quietHours: object | null };
}

/** Every way to a user is set up, tested and taken away, and what goes there is chosen. */
export async function notifications(world: World): Promise<void> {
  const { receivers } = world;
  const profile = () => world.ask<Profile>('GET', '/v1/notifications');
  // The service starts when those that trade are ready.
  await world.until(async () =>
    expect((await profile()).channels.map(({ state }) => state)).toEqual(['up', 'up', 'up']),
  );
  const page = await world.open({ as: owner, path: '/notifications', options: { colorScheme: 'dark' } });
  const part = (name: string) => page.getByRole('region', { name });

  await part('Telegram').getByRole('button', { name: 'Link a chat' }).click();
  const dialog = page.getByRole('dialog');
  const code = await dialog.getByTestId('link-code').textContent();
  await dialog.getByText('Waiting for Telegram').waitFor();
  expect(await barriersOf(page)).toEqual([]);
  receivers.write(`/link ${code}`);
  await dialog.getByText('is linked').waitFor();
  await confirm(page, 'Done');
  await part('Telegram').getByRole('button', { name: 'Send a test to Telegram' }).click();
  await world.until(() => expect(receivers.told.join()).toContain('This is a test'));

  await part('E-mail').getByLabel('Address').fill('not an address');
  await part('E-mail').getByRole('button', { name: 'Send me a code' }).click();
  await part('E-mail').getByText('This is no e-mail address.').first().waitFor();
  await part('E-mail').getByLabel('Address').fill('owner@mail.example');
  await part('E-mail').getByRole('button', { name: 'Send me a code' }).click();
  await part('E-mail').getByLabel('Code').waitFor();
  const mailed = /^([A-Z0-9]{6,12})\s*$/m;
  await world.until(() => expect(receivers.mails.join('\n')).toMatch(mailed));
  await part('E-mail')
    .getByLabel('Code')
    .fill(mailed.exec(receivers.mails.join('\n'))?.[1] ?? '');
  await part('E-mail').getByRole('button', { name: 'Prove the address' }).click();
  await part('E-mail').getByRole('button', { name: 'Send a test' }).waitFor();

  await part('Webhook').getByLabel('URL').fill(receivers.hook);
  await part('Webhook').getByRole('button', { name: 'Set the webhook' }).click();
  const secret = (await dialog.locator('code').textContent()) ?? '';
  expect(secret).toMatch(/^whsec_/);
  await confirm(page, 'I have kept it');
  expect(await page.evaluate('document.documentElement.outerHTML')).not.toContain(secret);
  await part('Webhook').getByRole('button', { name: 'Send a test' }).click();
  await world.until(() => expect(receivers.posts.at(-1)?.signature).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/));

  const box = part('What goes where').getByLabel('Filled to Telegram');
  await box.uncheck();
  const pair = { kind: 'order-filled', channel: 'telegram' };
  await world.until(async () => expect((await profile()).preferences.muted).toContainEqual(pair));
  await part('When').getByLabel('Quiet hours').check();
  await part('When').getByRole('button', { name: 'Save times' }).click();
  await world.until(async () =>
    expect((await profile()).preferences.quietHours).toEqual({ from: '22:00', to: '07:00' }),
  );

  await part('Telegram')
    .getByRole('button', { name: /^Unlink/ })
    .click();
  await confirm(page, 'Unlink');
  await part('Telegram').getByText('No chat is linked').waitFor();
  for (const [name, button] of [
    ['E-mail', 'Remove the address'],
    ['Webhook', 'Remove the webhook'],
  ] as const) {
    await part(name).getByRole('button', { name: 'Remove' }).click();
    await confirm(page, button);
  }
  await part('Webhook').getByLabel('URL').waitFor();
}
