/** What of kafkajs's insides a single Fetch request takes, typed. */
declare module 'kafkajs/src/network/connectionPool.js' {
  import type { Logger } from 'kafkajs/src/network/connection.js';
  import type createSocketFactory from 'kafkajs/src/network/socketFactory.js';

  export default class ConnectionPool {
    constructor(options: {
      host: string;
      port: number;
      clientId: string;
      socketFactory: ReturnType<typeof createSocketFactory>;
      connectionTimeout: number;
      requestTimeout: number;
      logger: Logger;
    });
  }
}

declare module 'kafkajs/src/network/socketFactory.js' {
  import type { Socket } from 'node:net';
  import type { ConnectionOptions as TlsOptions } from 'node:tls';

  export default function createSocketFactory(): (options: {
    host: string;
    port: number;
    ssl: TlsOptions | null;
    onConnect: () => void;
  }) => Socket;
}

declare module 'kafkajs/src/broker/index.js' {
  import type { KafkaMessage } from 'kafkajs';
  import type { Logger } from 'kafkajs/src/network/connection.js';
  import type ConnectionPool from 'kafkajs/src/network/connectionPool.js';

  interface FetchRequest {
    maxWaitTime: number;
    minBytes: number;
    maxBytes: number;
    /** 1 is read_committed. */
    isolationLevel: 0 | 1;
    topics: { topic: string; partitions: { partition: number; fetchOffset: string; maxBytes: number }[] }[];
  }

  interface FetchResponse {
    responses: { partitions: { messages: (KafkaMessage & { isControlRecord: boolean })[] }[] }[];
  }

  export default class Broker {
    constructor(options: { connectionPool: ConnectionPool; logger: Logger });
    connect(): Promise<void>;
    disconnect(): Promise<void>;
    fetch(request: FetchRequest): Promise<FetchResponse>;
  }
}
