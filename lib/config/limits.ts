import { ofProcess, section } from './section.ts';
import { readTable } from './table.ts';

/** The limits per client, and what to do with requests that cannot be counted. */
export interface LimitsConfig {
  /** As text: `lib/limits` parses it, because only zips of deployments with limits have the parser. */
  rules: string;
  /** The name of the DynamoDB table. */
  table: string;
  onFailure: 'allow' | 'deny';
}

/** Null without limits. */
export const readLimits = section((reader): LimitsConfig | null => {
  const rules = reader.text('GATEWAY_LIMITS');
  const onFailure = reader.oneOf('GATEWAY_LIMITS_ON_FAILURE', ['allow', 'deny'], 'allow');
  return rules === null ? null : { rules, table: readTable(reader, 'GATEWAY_LIMITS'), onFailure };
});

/**
 * The section of limits in this process; null without any.
 *
 * @throws {GatewayError} InternalError; its cause names every variable that is missing or wrong
 */
export const limitsConfig = ofProcess(readLimits);
