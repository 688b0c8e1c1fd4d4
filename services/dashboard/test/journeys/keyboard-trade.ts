import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { owner, settled, type World } from '../world.js';

/** What holds the focus: its group, and its name as it is read out. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(`(() => {
    const at = document.activeElement;
    const own = at.getAttribute('aria-label') ?? at.labels?.[0]?.innerText ?? at.innerText ?? '';
    const group = at.closest('fieldset')?.querySelector('legend')?.innerText ?? '';
    return (group + ' ' + own).replace(/\\s+/g, ' ').trim();
  })()`);

const stepsMax = 80;

/** Only by Tab, as somebody without a mouse would; what is not reached does not exist for them. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let step = 0; step < stepsMax; step += 1) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    if (name.test(at)) return;
    passed.push(at);
  }
  throw new Error(`Tab never reached ${name}; it passed ${passed.join(' | ')}`);
}

async function type(page: Page, name: RegExp, text: string): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}

async function press(page: Page, name: RegExp, key: 'Enter' | 'Space' = 'Enter'): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press(key);
}

/** A bot is created and started, trading is halted and released, and no mouse is touched. */
export async function keyboardTrade(world: World): Promise<void> {
  const page = await world.open({ as: owner });
  await settled(page);
  await press(page, /^New bot$/);
  await page.getByRole('heading', { name: 'New bot' }).waitFor();
  await page.getByRole('button', { name: 'Create bot' }).waitFor();

  await type(page, /^Name/, 'by-keys');
  await type(page, /^Quantity/, '0.002');
  for (const [leg, price] of [
    ['Buy price', '40000'],
    ['Sell price', '90000'],
  ] as const) {
    // Arrows choose within a group of radio buttons, there and back.
    await tabTo(page, new RegExp(`^${leg} (Fixed|Offset)`));
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    if (!/Fixed/.test(await focused(page))) await page.keyboard.press('ArrowLeft');
    expect(await focused(page)).toBe(`${leg} Fixed price`);
    await type(page, new RegExp(`^${leg} `), price);
  }
  await press(page, /^Create bot$/);
  await page.getByRole('heading', { name: 'by-keys', level: 1 }).waitFor();

  await press(page, /^Start by-keys$/, 'Space');
  const main = page.locator('main');
  await main.getByText('Running', { exact: true }).waitFor();
  await main.getByText('40,000').first().waitFor();

  await press(page, /^HALT$/);
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await tabTo(page, /^How far\? /);
  await page.keyboard.press('ArrowDown');
  expect(await focused(page)).toMatch(/Halt and cancel orders/);
  await type(page, /^Why\?/, 'without a mouse');
  await press(page, /^Halt now$/);
  await dialog.waitFor({ state: 'detached' });
  expect(await focused(page)).toMatch(/^HALT/);
  await page.getByRole('alert').getByText('without a mouse').waitFor();
  await main.getByText('Stopped', { exact: true }).waitFor();

  await press(page, /^Release$/);
  await dialog.waitFor();
  await press(page, /^Release$/, 'Space');
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'HALT', exact: true }).waitFor();
  expect(await world.ask('GET', '/v1/trading-state')).toMatchObject({ state: 'active' });
}
