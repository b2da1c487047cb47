import type { AuthMode } from '../access/modes.ts';
import { readModes } from './access.ts';
import type { EnvironmentReader } from './environment-reader.ts';
import { ofProcess, section } from './section.ts';

/** The configuration of the console. */
export interface ConsoleConfig {
  /** What the page offers: nothing, reading, or changes as well. Grants still decide what a caller may do. */
  mode: 'off' | 'read' | 'write';
  modes: readonly AuthMode[];
  /** Whether the gateway has subscriptions. */
  hasSubscriptions: boolean;
  /** The page as a client of the first token issuer; null if nobody signs in there. */
  oidc: { issuer: string; clientId: string; scope: string; audience: string | null } | null;
  /** Other origins that the page may call: those of the issuer, and that of streams. */
  origins: readonly string[];
}

export const readConsole = section((reader): ConsoleConfig => {
  const [issuer = null] = reader.list('GATEWAY_JWT_ISSUER');
  const others = [...reader.list('GATEWAY_CONSOLE_ORIGINS'), ...(issuer === null ? [] : [issuer])];
  const origins = others.flatMap((url) => URL.parse(url)?.origin ?? []).filter((origin) => /^https?:/.test(origin));
  if (origins.length < others.length) {
    reader.problem('GATEWAY_CONSOLE_ORIGINS and GATEWAY_JWT_ISSUER must be http or https URLs, separated by commas', null);
  }
  const modes = readModes(reader);
  return {
    mode: reader.oneOf('GATEWAY_CONSOLE', ['off', 'read', 'write'], 'read'),
    modes,
    oidc: readOidc(reader, issuer),
    // The gateway delivers without a caller at hand: with passthrough, only callers have credentials, so there are no subscriptions.
    hasSubscriptions: !modes.includes('passthrough') && reader.oneOf('GATEWAY_PUSH', ['off', 'continuous', 'until-idle'], 'off') !== 'off',
    origins: [...new Set(origins)],
  };
});

/** GATEWAY_CONSOLE_CLIENT_ID, and the scope and audience to ask the issuer for. */
function readOidc(reader: EnvironmentReader, issuer: string | null): ConsoleConfig['oidc'] {
  const clientId = reader.text('GATEWAY_CONSOLE_CLIENT_ID');
  const scope = reader.text('GATEWAY_CONSOLE_SCOPE') ?? 'openid';
  const audience = reader.text('GATEWAY_CONSOLE_AUDIENCE');
  if (clientId === null) return null;
  if (issuer === null) return reader.problem('GATEWAY_CONSOLE_CLIENT_ID needs GATEWAY_JWT_ISSUER', null);
  return { issuer, clientId, scope, audience };
}

/**
 * The section of the console in this process.
 *
 * @throws {GatewayError} InternalError; its cause names every variable that is wrong
 */
export const consoleConfig = ofProcess(readConsole);
