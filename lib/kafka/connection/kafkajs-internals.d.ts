/**
 * What we use of kafkajs's insides, typed. kafkajs is pinned exactly because of these; lib/kafka/connection is the only importer.
 */
declare module 'kafkajs/src/network/connection.js' {
  import type { Socket } from 'node:net';
  import type { ConnectionOptions as TlsOptions } from 'node:tls';

  /** kafkajs's SASL settings: a mechanism that it knows, or a provider of our own. */
  export type Sasl =
    | { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string }
    | { mechanism: string; authenticationProvider(broker: { saslAuthenticate: SaslExchange }): { authenticate(): Promise<void> } };

  /** Sends the bytes of one step of a mechanism, and answers with those of the broker; both have their length in front. */
  export type SaslExchange = (step: {
    request: { encode(): Promise<Buffer> };
    response: { decode(bytes: Buffer): Promise<Buffer>; parse(bytes: Buffer): Promise<Buffer> };
  }) => Promise<Buffer>;

  export interface Logger {
    namespace(): Logger;
    debug(message: string): void;
    info(message: string): void;
    warn(message: string): void;
    error(message: string): void;
  }

  /** What a connection asks of its queue, which is ours. */
  export interface RequestQueue {
    push(request: { entry: QueueEntry; sendRequest(): void }): void;
    rejectAll(error: Error): void;
    waitForPendingRequests(): Promise<void>;
    destroy(): void;
    scheduleRequestTimeoutCheck(): void;
    maybeThrottle(): void;
  }

  interface QueueEntry {
    apiName: string;
    correlationId: number;
    resolve(answer: { correlationId: number; entry: QueueEntry; payload: Buffer; size: number }): void;
    reject(error: Error): void;
  }

  export default class Connection {
    constructor(options: {
      host: string;
      port: number;
      clientId: string;
      ssl: TlsOptions | null;
      sasl: Sasl | null;
      socketFactory: (options: { host: string; port: number; ssl: TlsOptions | null; onConnect: () => void }) => Socket;
      logger: Logger;
      connectionTimeout: number;
      requestTimeout: number;
    });
    socket: Socket;
    readonly ssl: TlsOptions | null;
    sasl: Sasl | null;
    /** Milliseconds that the broker gives a session before it wants to see credentials again; 0 for no limit. */
    sessionLifetime: { toString(): string };
    /** Null where a session has not begun, or is to begin anew. */
    authenticatedAt: [number, number] | null;
    requestQueue: RequestQueue;
    /** What takes the next bytes in place of the queue, while bare tokens are exchanged. */
    readonly authHandlers: object | null;
    /** Takes what a socket has read: here, of bare tokens alone. */
    processData(chunk: Buffer): void;
    connect(): Promise<true>;
    disconnect(): Promise<true>;
    isConnected(): boolean;
    authenticate(): Promise<void>;
    setVersions(versions: Record<number, { minVersion: number; maxVersion: number }>): void;
    setSupportAuthenticationProtocol(supported: boolean): void;
    nextCorrelationId(): number;
    /** Sends a request of kafkajs's own: here, a step of an authentication. */
    send(exchange: object): Promise<unknown>;
    rejectRequests(error: Error): void;
  }
}
