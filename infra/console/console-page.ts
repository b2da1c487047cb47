import { consoleDocument } from '../../lib/console/document.ts';
import type { PageSettings } from '../../lib/console/page-settings.ts';

/**
 * The gateway's console document for another address: paths begin with `base`, and there is no login, because every request is signed.
 *
 * @throws {Error} for a document that is not the console's
 */
export function consolePageFor(html: string, base: string): { html: string; etag: string } {
  const settings: unknown = JSON.parse(unescaped(/<meta name="console" content="([^"]*)"/.exec(html)?.[1] ?? 'null'));
  const [script, style] = ['js', 'css'].map((ending) => new RegExp(`/console/(console-\\w+\\.${ending})"`).exec(html)?.[1]);
  if (!isSettings(settings) || script === undefined || style === undefined) throw new Error('it did not answer with its console');
  return consoleDocument({ ...settings, base, auth: [], oidc: null }, script, style);
}

const unescaped = (text: string): string => text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

const isSettings = (value: unknown): value is PageSettings => typeof value === 'object' && value !== null && 'mode' in value;
