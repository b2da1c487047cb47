import { gunzipSync } from 'node:zlib';
import type { AuthMode } from '../access/modes.ts';
import { routeWithoutKafka } from '../admission/route-without-kafka.ts';
import { type ConsoleConfig, consoleConfig } from '../config/console.ts';
import { streamsConfig } from '../config/streams.ts';
import { consoleDocument, contentSecurityPolicy } from '../console/document.ts';
import { script, style } from '../console/files.ts';
import type { GatewayResponse } from '../http/response.ts';
import { consoleFileNotFound, consoleOff } from '../messages/console.ts';

const SECURE = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cross-origin-opener-policy': 'same-origin' };

/** The console's page. Browsers revalidate it at each visit. */
export const consolePage = routeWithoutKafka('GET /console', {
  offers: ['text/html'],
  answer({ baseUrl, headers }) {
    const config = configOrOff();
    const { mode, modes, hasSubscriptions, oidc } = config;
    const base = /^(?:https?:\/\/[^/]*)?(.*)$/s.exec(baseUrl)?.[1] ?? '';
    const streams = streamAddress(modes);
    const { html, etag } = consoleDocument({ base, auth: modes, mode, hasSubscriptions, oidc, streams }, script.name, style.name);
    const all = {
      ...SECURE,
      etag,
      'cache-control': 'no-cache',
      'content-security-policy': contentSecurityPolicy([...config.origins, ...(streams === null ? [] : [new URL(streams).origin])]),
    };
    const isKnown = (headers['if-none-match'] ?? '').split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
    return isKnown
      ? { status: 304, mediaType: 'text/html; charset=utf-8', headers: all, body: '' }
      : { mediaType: 'text/html; charset=utf-8', headers: all, body: html };
  },
});

/** A file of the console: its name contains a hash of its content, so it never changes. */
export const consoleFile = routeWithoutKafka('GET /console/{file}', {
  offers: ['text/javascript', 'text/css'],
  answer({ path: { file: name }, headers }): GatewayResponse {
    configOrOff();
    const file = [script, style].find((one) => one.name === name);
    if (file === undefined) throw consoleFileNotFound(name);
    const accepted = (headers['accept-encoding'] ?? '').toLowerCase();
    const encoding = (['br', 'gzip'] as const).find((one) =>
      new RegExp(`\\b${one}\\b(?!\\s*;\\s*q=0(?:\\.0*)?(?:\\s|,|$))`).test(accepted),
    );
    return {
      mediaType: file.mediaType,
      headers: {
        ...SECURE,
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'accept-encoding',
        ...(encoding !== undefined && { 'content-encoding': encoding }),
      },
      body: encoding === undefined ? gunzipSync(Buffer.from(file.gzip, 'base64')).toString('base64') : file[encoding],
      isBase64: true,
    };
  },
});

/** @throws {GatewayError} RouteNotFound when the console is off */
function configOrOff(): ConsoleConfig & { mode: 'read' | 'write' } {
  const config = consoleConfig();
  const { mode } = config;
  if (mode === 'off') throw consoleOff();
  return { ...config, mode };
}

/**
 * The base URL of streams, if it is not the page's own; null with IAM: browsers cannot sign, and the proxy that signs for them serves no
 * other address.
 */
function streamAddress(modes: readonly AuthMode[]): string | null {
  const { url } = streamsConfig();
  return url !== null && !modes.includes('iam') && /^https?:$/.test(URL.parse(url)?.protocol ?? '') ? url : null;
}
