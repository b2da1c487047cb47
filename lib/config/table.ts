import type { EnvironmentReader } from './environment-reader.ts';

/**
 * GATEWAY_TABLE: the DynamoDB table for what all instances of the functions must agree on.
 *
 * @param user the variable that needs it
 */
export const readTable = (reader: EnvironmentReader, user: string): string =>
  reader.text('GATEWAY_TABLE') ?? reader.problem(`${user} needs GATEWAY_TABLE`, '');
