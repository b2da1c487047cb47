import type { Browser } from 'puppeteer-core';
import { startServer } from '../../../infra/serve/gateway-server.ts';
import { startBrowser } from './browser.ts';
import { type Opened, openConsole } from './console.ts';

/** The gateway at a port of its own, and a browser for its console. */
export interface ServedConsole {
  /** The gateway's address. */
  url: string;
  browser: Browser;
  /** Opens the console in a tab of its own. */
  open(): Promise<Opened>;
  stop(): Promise<void>;
}

/** Serves the gateway as it is configured, and starts a browser. */
export async function serveConsole(): Promise<ServedConsole> {
  const chromium = await startBrowser();
  const { browser } = chromium;
  try {
    const gateway = await startServer({ port: 0, host: '127.0.0.1' });
    return {
      url: gateway.url,
      browser,
      open: () => openConsole(browser, gateway.url),
      async stop() {
        await chromium.stop();
        await gateway.close(0);
      },
    };
  } catch (error) {
    await chromium.stop();
    throw error;
  }
}
