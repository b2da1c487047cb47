import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { Reader, Writer } from '../../../lib/kafka/protocol/wire.ts';
import { apiVersionsAnswer, keys } from './broker-side.ts';

const SASL_HANDSHAKE = 17;
const SASL_AUTHENTICATE = 36;

const MAX_REQUEST = 100 * 1024 * 1024;

/** The supported versions: key, lowest, highest. */
const VERSIONS = [
  [keys.produce, 3, 13],
  [keys.fetch, 4, 17],
  [keys.listOffsets, 1, 10],
  [keys.metadata, 0, 13],
  [keys.offsetCommit, 2, 10],
  [keys.offsetFetch, 1, 10],
  [keys.findCoordinator, 0, 6],
  [keys.describeGroups, 0, 6],
  [keys.listGroups, 0, 5],
  [SASL_HANDSHAKE, 0, 1],
  [keys.apiVersions, 0, 4],
  [keys.createTopics, 2, 7],
  [keys.deleteTopics, 1, 6],
  [keys.initProducerId, 0, 5],
  [keys.describeConfigs, 1, 4],
  [SASL_AUTHENTICATE, 0, 1],
  [keys.deleteGroups, 0, 2],
  [keys.offsetDelete, 0, 0],
  [keys.consumerGroupDescribe, 0, 1],
  [keys.shareGroupDescribe, 1, 1],
] as const;

export interface ReceivedRequest {
  key: number;
  version: number;
  clientId: string | null;
  body: Buffer;
}

/** Returns the bytes of a response; a rejection makes the broker hang up. */
export type Respond = (request: ReceivedRequest) => Buffer | Promise<Buffer>;

/** A broker on a free port of this machine. It announces its versions; the test decides everything else. */
export class FakeBroker {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly requests: ReceivedRequest[] = [];
  versions: readonly (readonly [key: number, min: number, max: number])[] = VERSIONS;
  respond: Respond;
  /** How many connections clients have opened. */
  connections = 0;
  readonly #waiting: { key: number; resolve: () => void }[] = [];

  private constructor(respond: Respond) {
    this.respond = respond;
    this.#server = createServer((socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      this.#serve(socket);
    });
  }

  /** Listens until the test ends. */
  static async start(t: TestContext, respond: Respond): Promise<FakeBroker> {
    const broker = await FakeBroker.listen(respond);
    t.after(() => broker.stop());
    return broker;
  }

  /** Listens until it is stopped. */
  static async listen(respond: Respond): Promise<FakeBroker> {
    const broker = new FakeBroker(respond);
    broker.#server.listen(0, '127.0.0.1');
    await once(broker.#server, 'listening');
    return broker;
  }

  get port(): number {
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the broker does not listen');
    return address.port;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** The keys of the requests so far. */
  get keys(): number[] {
    return this.requests.map(({ key }) => key);
  }

  /** Resolves when the next request with this key arrives. */
  received(key: number): Promise<void> {
    return new Promise((resolve) => this.#waiting.push({ key, resolve }));
  }

  /** Closes every connection, like a broker that stops. */
  hangUp(): void {
    for (const socket of this.#sockets) socket.end();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(socket: Socket): void {
    let buffered = Buffer.alloc(0);
    socket.on('data', (data) => {
      buffered = Buffer.concat([buffered, data]);
      // Kafka does the same with bytes that are not a request, such as a TLS handshake.
      if (buffered.length >= 4 && buffered.readUInt32BE(0) > MAX_REQUEST) socket.destroy();
      while (buffered.length >= 4 && buffered.length >= 4 + buffered.readInt32BE(0)) {
        const end = 4 + buffered.readInt32BE(0);
        void this.#answer(socket, buffered.subarray(4, end));
        buffered = buffered.subarray(end);
      }
    });
  }

  async #answer(socket: Socket, frame: Buffer): Promise<void> {
    const reader = new Reader(frame);
    const [key, version, correlationId] = [reader.int16(), reader.int16(), reader.int32()];
    const request = { key, version, clientId: reader.nullableString(), body: frame.subarray(reader.at) };
    this.requests.push(request);
    for (const waiting of this.#waiting.splice(0)) {
      if (waiting.key === key) waiting.resolve();
      else this.#waiting.push(waiting);
    }
    try {
      const answer = await this.respond(request);
      const head = new Writer().int32(4 + answer.length).int32(correlationId);
      socket.write(Buffer.concat([head.done(), answer]));
    } catch {
      socket.end();
    }
  }

  /** The response of every broker to ApiVersions. */
  apiVersions(): Buffer {
    return apiVersionsAnswer(this.versions);
  }
}

/** A broker that supports the usual versions and passes all other requests to `others`. */
export async function startBroker(t: TestContext, others: Respond): Promise<FakeBroker> {
  const broker = await FakeBroker.start(t, (request) => (request.key === keys.apiVersions ? broker.apiVersions() : others(request)));
  return broker;
}

/** A broker's response to SaslAuthenticate. */
interface SaslAnswer {
  error: number;
  message: string | null;
  bytes?: Buffer;
}

/** Supports only this SASL mechanism, or any if null. Passes all other requests to `others`. */
export const withSasl =
  (mechanism: string | null, authenticate: (bytes: Buffer) => SaslAnswer, others: Respond, sessionMs = 0): Respond =>
  (request) => {
    if (request.key === SASL_HANDSHAKE) {
      const asked = new Reader(request.body).string();
      const has = mechanism ?? asked;
      const writer = new Writer().int16(asked === has ? 0 : 33);
      return writer.array([has], (name) => writer.string(name)).done();
    }
    if (request.key !== SASL_AUTHENTICATE) return others(request);
    const { error, message, bytes = Buffer.alloc(0) } = authenticate(request.body.subarray(4));
    const head = new Writer().int16(error).string(message).int32(bytes.length).done();
    return Buffer.concat([head, bytes, request.version > 0 ? new Writer().int64(sessionMs).done() : Buffer.alloc(0)]);
  };

/** Supports SASL/PLAIN; `accepts` decides who is authenticated. Passes all other requests to `others`. */
export const withPlain = (accepts: (username: string, password: string) => boolean, others: Respond, sessionMs = 0): Respond =>
  withSasl(
    'PLAIN',
    (bytes) => {
      const [, username = '', password = ''] = bytes.toString().split('\0');
      if (accepts(username, password)) return { error: 0, message: null };
      return { error: 58, message: 'Authentication failed: Invalid username or password' };
    },
    others,
    sessionMs,
  );
