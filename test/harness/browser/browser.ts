import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser } from 'puppeteer-core';

/**
 * Starts headless Chromium: from its npm package, which is for Linux on x64, or the one in PUPPETEER_EXECUTABLE_PATH. Stopping it leaves
 * nothing behind.
 */
export async function startBrowser(): Promise<{ browser: Browser; stop(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'chromium-'));
  const remove = () => rm(directory, { recursive: true, force: true, maxRetries: 5 });
  try {
    // The package unpacks itself into the temporary directory; if it takes the machine for Lambda, with libraries that other machines may
    // lack. By default, it looks for its fonts only in /tmp.
    const fonts = join(directory, 'fonts.conf');
    await writeFile(fonts, `<fontconfig><dir>${directory}/fonts</dir><cachedir>${directory}/cache</cachedir></fontconfig>`);
    Object.assign(process.env, { TMPDIR: directory, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x', FONTCONFIG_FILE: fonts });
    const { default: Chromium } = await import('@sparticuz/chromium');
    const executablePath = process.env.PUPPETEER_EXECUTABLE_PATH || (await Chromium.executablePath());
    // A machine with more work than cores takes longer than the default of 30 s.
    const browser = await puppeteer.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu'],
      headless: 'shell',
      timeout: 120_000,
    });
    return {
      browser,
      async stop() {
        await browser.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
