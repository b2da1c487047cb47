import type { Pattern } from '../access/pattern.ts';
import { isWord } from './environment-reader.ts';
import { ofProcess, section } from './section.ts';

/** The configuration of the function that measures lag. */
export interface LagConfig {
  /** Names of consumer groups, or prefixes of names. */
  groups: readonly Pattern[];
}

export const readLag = section((reader): LagConfig => {
  const groups = reader.list('GATEWAY_LAG_GROUPS');
  if (groups.length === 0) reader.problem('set GATEWAY_LAG_GROUPS to names of groups, or to what they begin with, followed by *', null);
  const isSilent = ['warn', 'error'].some((level) => isWord(reader.text('GATEWAY_LOG_LEVEL'), level));
  if (isSilent || isWord(reader.text('GATEWAY_METRICS'), 'none')) {
    reader.problem('GATEWAY_LAG_GROUPS needs GATEWAY_METRICS=emf, and GATEWAY_LOG_LEVEL=info or debug: the metrics are in the log', null);
  }
  if (isWord(reader.text('GATEWAY_AUTH'), 'passthrough')) {
    reader.problem('GATEWAY_LAG_GROUPS needs credentials of the gateway itself, which GATEWAY_AUTH=passthrough leaves it without', null);
  }
  return { groups };
});

/**
 * The section of lag in this process.
 *
 * @throws {GatewayError} InternalError; its cause names every variable that is missing or wrong
 */
export const lagConfig = ofProcess(readLag);
