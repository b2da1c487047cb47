/**
 * The types of the kafkajs internals that we use. They are why kafkajs is pinned exactly; only lib/kafka/connection imports them.
 */
declare module 'kafkajs/src/network/connection.js' {
  import type { Socket } from 'node:net';
  import type { ConnectionOptions as TlsOptions } from 'node:tls';

  /** kafkajs's SASL settings: a mechanism that it knows, or a provider of our own. */
  export type Sasl =
    | { mechanism: 'plain'; username: string; password: string }
    | { mechanism: string; authenticationProvider(broker: { saslAuthenticate: SaslExchange }): { authenticate(): Promise<void> } };

  /** Sends the bytes of one step of a mechanism and resolves with the broker's; both begin with their length. */
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

  /** What a connection requires of its queue; ours replaces kafkajs's. */
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
    /** Milliseconds until the broker requires the session to authenticate again; 0 for no limit. */
    sessionLifetime: { toString(): string };
    /** Null before a session has begun, or to begin it again. */
    authenticatedAt: [number, number] | null;
    requestQueue: RequestQueue;
    /** What takes the next bytes instead of the queue, while bare tokens are exchanged. */
    readonly authHandlers: object | null;
    /** Takes what a socket has read; here, only bare tokens. */
    processData(chunk: Buffer): void;
    connect(): Promise<true>;
    disconnect(): Promise<true>;
    isConnected(): boolean;
    authenticate(): Promise<void>;
    setVersions(versions: Record<number, { minVersion: number; maxVersion: number }>): void;
    setSupportAuthenticationProtocol(supported: boolean): void;
    nextCorrelationId(): number;
    /** Sends one of kafkajs's own requests; here, a step of an authentication. */
    send(exchange: object): Promise<unknown>;
    rejectRequests(error: Error): void;
  }
}
