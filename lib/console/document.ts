import { createHash } from 'node:crypto';
import type { PageSettings } from './page-settings.ts';

const escapeAttribute = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** The HTML document: it links the page's script and style and carries its settings. */
export function consoleDocument(settings: PageSettings, scriptName: string, styleName: string): { html: string; etag: string } {
  const base = escapeAttribute(settings.base);
  const html = [
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>Kafka console</title><meta name="console" content="${escapeAttribute(JSON.stringify(settings))}">`,
    `<link rel="icon" href="data:,"><link rel="stylesheet" href="${base}/console/${styleName}">`,
    `<script type="module" src="${base}/console/${scriptName}"></script></head>`,
    '<body><div id="root"><noscript><p>The console needs JavaScript. The API is described at /docs.</p></noscript></div></body></html>',
  ].join('');
  return { html, etag: `"${createHash('sha256').update(html).digest('base64url').slice(0, 22)}"` };
}

/** The page's Content-Security-Policy: what the browser may load, run and call. */
export const contentSecurityPolicy = (origins: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    ["connect-src 'self'", ...origins].join(' '),
    "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
