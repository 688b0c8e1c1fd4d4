import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { barriersOf } from './chromium-browser.js';
import type { Receivers } from './receivers.js';
import type { RunningPlatform } from './running-platform.js';

export const owner = { email: 'owner@scalpstorm.example', password: 'a storm in every teacup' };
export const wide = { width: 1280, height: 860 };
export const tablet = { width: 768, height: 1024 };
export const phone = { width: 390, height: 844 };
/** For whatever a loaded machine may take its time with. */
export const patienceMs = 100_000;
const againMs = 100;
const attemptsMax = 10;

interface Opening {
  readonly options?: BrowserContextOptions;
  /** In place of the platform's own. */
  readonly address?: string;
  readonly as?: Credentials;
  readonly path?: string;
  /** What the browser may complain about in this journey. */
  readonly tolerated?: RegExp;
  /** Before the first page is asked for. */
  readonly prepare?: (page: Page) => Promise<void>;
}
interface Credentials {
  readonly email: string;
  readonly password: string;
}
export interface BotWanted {
  readonly name: string;
  readonly quantity?: string;
  readonly buyPrice: object;
  readonly sellPrice: object;
}

/** One platform, one browser, and what every journey does. */
export class World {
  /** What the browser complained about, whoever caused it. */
  readonly complaints: string[] = [];
  private readonly sessions = new Map<string, Promise<{ readonly accessToken: string }>>();

  constructor(
    readonly platform: RunningPlatform,
    readonly receivers: Receivers,
    private readonly browser: Browser,
  ) {}

  /** A new window; with `as` somebody is logged in there. */
  async open({
    options = {},
    address = this.platform.address,
    as,
    path = '/',
    tolerated,
    prepare,
  }: Opening): Promise<Page> {
    const page = await (
      await this.browser.newContext({ viewport: wide, reducedMotion: 'reduce', ...options })
    ).newPage();
    page.setDefaultTimeout(patienceMs);
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      const text = message.text();
      // What is refused on purpose is told by the browser as well.
      if (message.type() !== 'error' || text.includes('status of 4') || tolerated?.test(text)) return;
      this.complaints.push(text);
    });
    if (as !== undefined) {
      const session = JSON.stringify(await this.session(as));
      await page.addInitScript(`sessionStorage.getItem('scalpstorm.session') ??
        sessionStorage.setItem('scalpstorm.session', ${JSON.stringify(session)})`);
    }
    await prepare?.(page);
    await page.goto(address + path);
    return page;
  }

  /** Of whom a request is made; logged in once. */
  private session({ email, password }: Credentials) {
    const known = this.sessions.get(email);
    if (known !== undefined) return known;
    const opened = this.request('POST', '/v1/auth/login', { body: { email, password } }) as Promise<{
      accessToken: string;
    }>;
    this.sessions.set(email, opened);
    return opened;
  }

  /** Behind the page's back: prepares a journey, and looks what really happened. */
  async ask<Reply>(method: string, path: string, body?: object): Promise<Reply> {
    const { accessToken } = await this.session(owner);
    return (await this.request(method, path, { body, token: accessToken })) as Reply;
  }

  private async request(
    method: string,
    path: string,
    asking: { body?: object | undefined; token?: string },
    attempt = 1,
  ): Promise<unknown> {
    const { body, token } = asking;
    const response = await fetch(this.platform.address + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status === 429 && attempt < attemptsMax) {
      // Journeys follow one another faster than any person halts and releases.
      await delay(Number(response.headers.get('retry-after') ?? 1) * 1_000);
      return this.request(method, path, asking, attempt + 1);
    }
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  /** A bot that was started; BTC-USDT on the demo account. */
  async runningBot({ name, quantity = '0.002', buyPrice, sellPrice }: BotWanted): Promise<string> {
    const { id } = await this.ask<{ id: string }>('POST', '/v1/bots', {
      ...{ name, strategy: 'scalping-cycle', account: 'demo', venue: 'sim', symbol: 'BTC-USDT', mode: 'demo' },
      parameters: { quantity, buyPrice, sellPrice },
    });
    await this.ask('POST', `/v1/bots/${id}/start`);
    return id;
  }

  /** Whatever a journey left, also one that failed: the next one begins with a platform that trades and has no bot. */
  async tidy(): Promise<void> {
    for (const context of this.browser.contexts()) await context.close();
    for (const scope of ['platform', 'mine']) await this.ask('POST', '/v1/release', { scope, confirm: scope });
    const { states } = await this.ask<{ states: readonly { readonly scope: string }[] }>('GET', '/v1/risk/state');
    for (const { scope } of states)
      await this.ask('POST', '/v1/risk/state', { scope, state: 'active', text: '', confirm: scope });
    const { data } = await this.ask<{ data: readonly { readonly id: string }[] }>('GET', '/v1/bots');
    await Promise.all(data.map(({ id }) => this.remove(id)));
  }

  private async remove(id: string): Promise<void> {
    await this.ask('POST', `/v1/bots/${id}/flatten`);
    await this.until(async () => {
      expect(await this.ask('GET', `/v1/bots/${id}`)).toMatchObject({ observed: 'stopped' });
    });
    await this.ask('DELETE', `/v1/bots/${id}`);
  }

  /** Tries until it holds, and then says why it does not. */
  async until(check: () => void | Promise<void>): Promise<void> {
    const end = Date.now() + patienceMs;
    for (;;) {
      try {
        return await check();
      } catch (error) {
        if (Date.now() > end) throw error;
        await delay(againMs);
      }
    }
  }
}

/** Presses a button of the open dialog, which has no barrier and closes then. */
export async function confirm(page: Page, name: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  expect(await barriersOf(page)).toEqual([]);
  await dialog.getByRole('button', { name }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** Types who it is where it is asked for. */
export async function logIn(page: Page, { email, password }: Credentials): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

/** Waits until a word stands on the screen by itself. */
export const word = (page: Page, text: string): Promise<void> =>
  page.locator('main').getByText(text, { exact: true }).first().waitFor();

/** Waits until the page has heard from the gateway and holds no place for what is still to come. */
export async function settled(page: Page): Promise<void> {
  await page.getByTestId('connection').getByText('Live').first().waitFor();
  await page.locator('.skeleton').first().waitFor({ state: 'detached' });
}
