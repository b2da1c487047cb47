import type { AuthMode } from '../access/modes.ts';
import { readModes } from './access.ts';
import { ofProcess, section } from './section.ts';

/** The configuration of the console. */
export interface ConsoleConfig {
  /** What the page offers: nothing at all, to look, or to change things as well. What a caller may do, grants decide. */
  mode: 'off' | 'read' | 'write';
  modes: readonly AuthMode[];
  /** Whether the gateway has subscriptions. */
  hasSubscriptions: boolean;
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
    // Records are delivered without their callers: where only these have credentials, nobody can.
    hasSubscriptions: !modes.includes('passthrough') && reader.oneOf('GATEWAY_PUSH', ['off', 'continuous', 'until-idle'], 'off') !== 'off',
    origins: [...new Set(origins)],
  };
});

/**
 * The section of the console in this process.
 *
 * @throws {GatewayError} InternalError; its cause names every variable that is wrong
 */
export const consoleConfig = ofProcess(readConsole);
