import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A machine that is too slow for it would else count as one without. */
const startMsMax = 120_000;

/** A real Chromium, or why there is none here. */
export async function openBrowser(): Promise<Browser | string> {
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    const { chromium: playwright } = await import('playwright-core');
    // A graphics processor that is imitated takes half of all that a journey costs; nothing here needs one to be drawn.
    chromium.setGraphicsMode = false;
    // One process for everything ends with the first window that is closed.
    const args = [...chromium.args.filter((arg) => arg !== '--single-process'), '--disable-gpu'];
    return await playwright.launch({ args, executablePath: await unpacked(), timeout: startMsMax });
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? 'it did not start';
  }
}

const unpack = "await (await import('@sparticuz/chromium')).default.executablePath()";

/**
 * Chromium is unpacked below the folder for temporary files, which Jest lets no suite change for itself: a process of its own keeps it
 * within the clone, where no other user's is in the way. Nobody sees it half unpacked.
 */
async function unpacked(): Promise<string> {
  const folder = `${root}.runtime/chromium`;
  if (!existsSync(folder)) {
    mkdirSync(`${root}.runtime`, { recursive: true });
    const own = mkdtempSync(`${folder}-`);
    const options = { cwd: root, env: { ...process.env, TMPDIR: own }, timeout: startMsMax };
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', unpack], options);
    try {
      renameSync(own, folder);
    } catch {
      // Another suite was first.
      rmSync(own, { recursive: true, force: true });
    }
  }
  return `${folder}/chromium`;
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Nobody reads what passed, and to describe it takes a good part of the time. */
const resultTypes = ['violations', 'incomplete'];
const everyRule = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What is wrong for people who listen, see little or use the keyboard; empty when nothing is. */
export function barriersOf(page: Page): Promise<readonly string[]> {
  return violationsOf(page, { runOnly: everyRule, resultTypes });
}

/** Of colours, light and dark; the page is left light. */
export async function themeBarriersOf(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-theme=${colorScheme}]`).waitFor();
    found.push(...(await colourBarriersOf(page)).map((barrier) => `${colorScheme}: ${barrier}`));
  }
  return found;
}

/** The part of it that depends on colours: all that can differ between light and dark on the same page. */
export function colourBarriersOf(page: Page): Promise<readonly string[]> {
  const values = ['color-contrast', 'link-in-text-block'];
  return violationsOf(page, { runOnly: { type: 'rule', values }, resultTypes });
}

/** Of letters in the colour of what they stand on axe cannot tell whether they are meant to be seen; here all are. */
const judged = `({ violations, incomplete }) => [
  ...violations,
  ...incomplete
    .map(({ id, nodes }) => ({ id, nodes: nodes.filter(({ any }) => any[0]?.data?.messageKey === 'equalRatio') }))
    .filter(({ nodes }) => nodes.length > 0),
]`;

async function violationsOf(page: Page, options: object): Promise<readonly string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe);
  // What the header covers by chance of scrolling is not judged by its half.
  await page.evaluate('scrollTo(0, 0)');
  const found = (await page.evaluate(`axe.run(${JSON.stringify(options)}).then(${judged})`)) as readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
  return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`);
}

/** How many pixels the page is wider than the screen. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
