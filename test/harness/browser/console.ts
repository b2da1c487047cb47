import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { Browser, Page } from 'puppeteer-core';

/** The console in a tab of its own, and what a browser had to complain about. */
export interface Opened {
  page: Page;
  /** What the console, a failed script or the security policy said. Answers of the API that are errors are none of it. */
  complaints: string[];
  /** Closes the tab, and fails where there were complaints. */
  close(): Promise<void>;
  /** Goes to a view by its address. */
  show(address: string): Promise<void>;
  /** Waits until the page has a text in it. */
  shows(text: string): Promise<void>;
  /** The text of the first element that a selector finds, once there is one. */
  text(selector: string): Promise<string>;
  /** Clicks what has this text, once it is there. */
  click(text: string, role?: string): Promise<void>;
  /** Fills the field that has this label. */
  fill(label: string, value: string): Promise<void>;
  /** Chooses in the list that has this label. */
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
  /** What a person would see who waits in vain. */
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
    // Selectors are looked for when elements come or change: text that changes in an element that stays would not be seen.
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

/** Fails for what a person with a screen reader, a keyboard or weak eyes would stumble over. Of the themes, contrast alone differs. */
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

/** Keeps what a page looks like, where CONSOLE_SCREENSHOTS names a directory. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  const directory = process.env.CONSOLE_SCREENSHOTS;
  if (directory) await page.screenshot({ path: `${directory}/console-${name}.png` });
}
