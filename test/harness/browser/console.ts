import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { Browser, Page } from 'puppeteer-core';

/** The console in its own tab, and the browser's complaints. */
export interface Opened {
  page: Page;
  /** Messages of the console, failed scripts and the security policy. Error responses of the API do not count. */
  complaints: string[];
  /** Closes the tab, and fails if there were complaints. */
  close(): Promise<void>;
  /** Goes to a view by its address. */
  show(address: string): Promise<void>;
  /** Waits until the page contains a text. */
  shows(text: string): Promise<void>;
  /** Waits for an element by its selector, and returns its text. */
  text(selector: string): Promise<string>;
  /** Waits for an element with this text, and clicks it. */
  click(text: string, role?: string): Promise<void>;
  /** Fills the field with this label. */
  fill(label: string, value: string): Promise<void>;
  /** Chooses an option of the list with this label. */
  choose(label: string, value: string): Promise<void>;
}

/** Opens the console. */
export async function openConsole(browser: Browser, url: string): Promise<Opened> {
  const page = await browser.newPage();
  await page.setViewport({ width: 1200, height: 800 });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (!message.text().startsWith('Failed to load resource')) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.setDefaultTimeout(60_000);
  const show = async (address: string): Promise<void> => {
    await page.goto(`${url}/console${address}`);
    await page.waitForSelector('h1');
  };
  /** On a timeout, shows what a user would see. */
  const orTell = async (wanted: string, work: Promise<unknown>): Promise<void> => {
    try {
      await work;
    } catch (cause) {
      throw new Error(`The page has no ${wanted}, but: ${await page.$eval('body', ({ innerText }) => innerText)}`, { cause });
    }
  };
  await show('');
  return {
    page,
    complaints,
    close: async () => {
      await page.close();
      assert.deepEqual(complaints, []);
    },
    show,
    // A selector is only evaluated again when elements appear or change: it would miss new text in an existing element.
    shows: (text) => orTell(`text "${text}"`, page.waitForFunction(`document.body.textContent.includes(${JSON.stringify(text)})`)),
    text: async (selector) => {
      const element = await page.waitForSelector(selector);
      return (await element?.evaluate(({ textContent }) => textContent)) ?? '';
    },
    click: (text, role = 'link') => orTell(`${role} "${text}"`, page.locator(`::-p-aria([name="${text}"][role="${role}"])`).click()),
    fill: (label, value) => orTell(`field "${label}"`, page.locator(`::-p-aria([name="${label}"])`).fill(value)),
    choose: async (label, value) => {
      const list = await page.waitForSelector(`::-p-aria([name="${label}"][role="combobox"])`);
      await list?.select(value);
    },
  };
}

/** Fails for anything that users of a screen reader or keyboard, or with weak eyes, would stumble over. Themes only differ in contrast. */
export async function checkAccessibility(page: Page): Promise<void> {
  await page.evaluate(`window.axe ?? (() => { ${axe.source} })()`);
  for (const [theme, rules] of [
    ['light', '{}'],
    ['dark', '{ runOnly: ["color-contrast"] }'],
  ] as const) {
    await page.emulateMediaFeatures([
      { name: 'prefers-color-scheme', value: theme },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ]);
    const violations = await page.evaluate(
      `axe.run(${rules}).then(({ violations }) => violations.map(({ id, nodes }) => id + nodes[0].html.slice(0, 300) + nodes[0].failureSummary))`,
    );
    assert.deepEqual(violations, [], theme);
  }
}

/** Saves a screenshot of a page if CONSOLE_SCREENSHOTS names a directory. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const directory = process.env.CONSOLE_SCREENSHOTS;
  if (directory) await page.screenshot({ path: `${directory}/console-${name}.png` });
}
