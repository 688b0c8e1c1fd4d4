import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { comparePage, compareRuns, optimisationPage, reportOf, reportPage } from '@scalpstorm/backtest';
import type { Page } from 'playwright-core';
import { playedRun } from '../../../libs/backtest/test/played-run.js';
import { searched } from '../../../libs/backtest/test/searched.js';
import { barriersOf, colourBarriersOf, openBrowser, overflowOf } from './chromium-browser.js';
import { patienceMs, phone, wide } from './world.js';

const folder = mkdtempSync(join(tmpdir(), 'backtest-report-'));
const browser = await openBrowser();
if (typeof browser === 'string') process.stderr.write(`skipped lane: reports of backtests (Chromium): ${browser}\n`);
const lane = typeof browser === 'string' ? describe.skip : describe;

const digest = (text: string): string => createHash('sha256').update(text).digest('base64');
const hostile = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
const played = playedRun();
const warnings = [{ code: 'DATA_HAS_GAPS', text: `Two gaps ${hostile}.`, next: 'Fill them.' }];
const report = reportOf({ ...played, summary: { ...played.summary, strategy: hostile, warnings } });
const runs = [report, reportOf(playedRun(3_000)), reportOf(playedRun(4_000)), report];
const pages = {
  report: reportPage(report, digest),
  plots: reportPage(reportOf(playedRun(3_000, 'macd-trend')), digest),
  comparison: comparePage(compareRuns(runs.map((run, at) => ({ name: `run ${at + 1}`, report: run }))), digest),
  optimisation: optimisationPage(await searched(), digest),
} as const;

lane('reports of backtests in Chromium, from a file', () => {
  afterAll(async () => {
    if (typeof browser !== 'string') await browser.close();
    rmSync(folder, { recursive: true });
  });

  /** The page, and everything that it asked for or complained about. */
  async function opened(name: keyof typeof pages): Promise<{ page: Page; heard: string[] }> {
    if (typeof browser === 'string') throw new Error(browser);
    const file = join(folder, `${name}.html`);
    writeFileSync(file, pages[name]);
    const page = await browser.newPage({ viewport: wide, colorScheme: 'light' });
    page.setDefaultTimeout(patienceMs);
    const heard: string[] = [];
    const own = pathToFileURL(file).href;
    page.on('request', (request) => request.url() !== own && heard.push(`asked for ${request.url()}`));
    page.on('console', (message) => heard.push(`said ${message.text()}`));
    page.on('pageerror', (error) => heard.push(`failed: ${error.message}`));
    await page.goto(own);
    return { page, heard };
  }

  it.each(['report', 'plots', 'comparison', 'optimisation'] as const)(
    'shows the %s to everybody, light and dark, wide and narrow',
    async (name) => {
      const { page, heard } = await opened(name);
      const found = [...(await barriersOf(page))];
      await page.emulateMedia({ colorScheme: 'dark' });
      found.push(...(await colourBarriersOf(page)).map((barrier) => `in the dark: ${barrier}`));
      await page.setViewportSize(phone);
      found.push(...(await barriersOf(page)).map((barrier) => `on a phone: ${barrier}`));
      if ((await overflowOf(page)) > 0) found.push('it is wider than a phone');
      expect([...found, ...heard]).toEqual([]);
      await page.close();
    },
  );

  it.each(['report', 'comparison', 'optimisation'] as const)(
    'tells the values of the %s below the pointer',
    async (name) => {
      const { page, heard } = await opened(name);
      const plot = page.locator('#equity .plot');
      await plot.hover();
      const readout = page.locator('#equity .readout');
      await readout.filter({ hasText: /^2022-01-0\d \d\d:\d\d {2}· {2}/ }).waitFor();
      await page.mouse.move(1, 1);
      await readout.filter({ hasText: /^$/ }).waitFor({ state: 'attached' });
      expect(heard).toEqual([]);
      await page.close();
    },
  );

  it.each([
    [
      'report',
      'candles',
      /^2022-01-0\d \d\d:\d\d {2}· {2}close [\d.,]+ {2}· {2}Exponential moving average \(\d+\) [\d.,]+ /,
    ],
    [
      'plots',
      'pane-1',
      /^2022-01-0\d \d\d:\d\d {2}· {2}macd -?[\d.]+ {2}· {2}signal -?[\d.]+ {2}· {2}histogram -?[\d.]+$/,
    ],
  ] as const)('tells what the strategy looked at below the pointer: %s', async (name, chart, told) => {
    const { page, heard } = await opened(name);
    await page.locator(`#${chart} .plot`).hover();
    await page.locator(`#${chart} .readout`).filter({ hasText: told }).waitFor();
    expect(heard).toEqual([]);
    await page.close();
  });

  it('runs nothing that a name or a text brings with it', async () => {
    const { page, heard } = await opened('report');
    expect(await page.title()).toContain('<script>document.title=1</script>');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(hostile);
    expect(heard).toEqual([]);
    await page.close();
  });
});
