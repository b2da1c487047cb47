import type { AuthMode } from '../access/modes.ts';
import { readModes } from './access.ts';
import type { EnvironmentReader } from './environment-reader.ts';
import { ofProcess, section } from './section.ts';

/** The configuration of the console. */
export interface ConsoleConfig {
  /** What the page offers: nothing at all, to look, or to change things as well. What a caller may do, grants decide. */
  mode: 'off' | 'read' | 'write';
  modes: readonly AuthMode[];
  /** Whether the gateway has subscriptions. */
  hasSubscriptions: boolean;
  /** The page as a client of the first issuer of tokens; null where nobody signs in there. */
  oidc: { issuer: string; clientId: string; scope: string; audience: string | null } | null;
  /** Origins that the page may call besides its own: those of the issuer, and of what streams. */
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
    // Records are delivered without their callers: where only these have credentials, nobody can.
    hasSubscriptions: !modes.includes('passthrough') && reader.oneOf('GATEWAY_PUSH', ['off', 'continuous', 'until-idle'], 'off') !== 'off',
    origins: [...new Set(origins)],
  };
});

/** GATEWAY_CONSOLE_CLIENT_ID, with what is asked of the issuer. */
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
