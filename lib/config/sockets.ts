import { ofProcess, section } from './section.ts';
import { readTable } from './table.ts';

/** The configuration of WebSocket subscriptions, where API Gateway holds the connections. */
export interface SocketsConfig {
  /** How many functions read for them at once. */
  readers: number;
  /** The name of the DynamoDB table. */
  table: string;
  /** The URL of the WebSocket API's stage, under which connections are. */
  url: string;
  /** The name of the function that reads. */
  reader: string;
}

/** Null without WebSocket subscriptions. */
export const readSockets = section((reader): SocketsConfig | null => {
  const readers = reader.integer('GATEWAY_SOCKET_READERS', 0);
  if (readers === 0) return null;
  if (readers > 64) reader.problem('GATEWAY_SOCKET_READERS must be 64 at the most', null);
  const needed = (name: string): string => reader.text(name) ?? reader.problem(`GATEWAY_SOCKET_READERS needs ${name}`, '');
  return {
    readers,
    table: readTable(reader, 'GATEWAY_SOCKET_READERS'),
    url: needed('GATEWAY_SOCKET_URL'),
    reader: needed('GATEWAY_SOCKET_READER'),
  };
});

/**
 * The section of WebSocket subscriptions in this process; null without them.
 *
 * @throws {GatewayError} InternalError; its cause names every variable that is missing or wrong
 */
export const socketsConfig = ofProcess(readSockets);
