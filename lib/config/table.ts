import type { EnvironmentReader } from './environment-reader.ts';

/**
 * GATEWAY_TABLE: the DynamoDB table for the state that all instances of the functions share.
 *
 * @param user the variable that needs the table
 */
export const readTable = (reader: EnvironmentReader, user: string): string =>
  reader.text('GATEWAY_TABLE') ?? reader.problem(`${user} needs GATEWAY_TABLE`, '');
