import type { ConnectionOptions as TlsOptions } from 'node:tls';
import KafkajsConnection, { type Logger, type Sasl } from 'kafkajs/src/network/connection.js';
import { versionTooOld } from '../../messages/kafka.ts';
import { countConnection, kafkaAnswered, kafkaAsked } from '../../metrics/work.ts';
import { log } from '../../telemetry/log.ts';
import { failureOfOpen, isSilence, reasonOf } from '../failures.ts';
import { type ApiVersions, apiVersions, commonVersion } from '../protocol/api-versions.ts';
import type { Request } from '../protocol/request.ts';
import { requestFrame } from '../protocol/request-frame.ts';
import { Reader } from '../protocol/wire.ts';
import type { ConnectionCredentials } from './authentication/credentials.ts';
import { SaslSession } from './authentication/session.ts';
import { type BelowKafkajs, layBelow } from './below-kafkajs.ts';
import { brokerSocket } from './broker-socket.ts';
import { Outbox } from './outbox.ts';
import { QuotaPause } from './quota-pause.ts';

export type { Sasl };

/** How to reach brokers. */
export interface ConnectionSettings {
  clientId: string;
  /** TLS settings of Node, or null for plain text. The certificate and host name are always verified. */
  ssl: TlsOptions | null;
}

/** For TCP with TLS, and again for the first answer: the kernel of a frozen broker still accepts TCP, so the answer has its own limit. */
const CONNECT_MS = 2000;
const SASL_AUTHENTICATE = 36;
/** Requests that wait for a quota on their connection; any other may go over another one, so that it is given up after its own time-out. */
const WAIT_FOR_QUOTA: ReadonlySet<string> = new Set(['Produce', 'Fetch', 'ShareFetch']);
/** Bytes a millisecond that a request takes at most to go out: 4 Mbit/s. Only then is the broker's silence its own. */
const SLOWEST = 500;

const silent: Logger = { namespace: () => silent, debug() {}, info() {}, warn() {}, error() {} };

/**
 * One connection to one broker: kafkajs's, with its SASL and its time-outs, over our own socket and answers. After a failure it is never
 * used again, as half an answer may be left in it; a new one costs a few milliseconds.
 */
export class BrokerConnection {
  readonly address: string;
  readonly #connection: KafkajsConnection;
  readonly #session: SaslSession;
  readonly #below: BelowKafkajs;
  readonly #outbox: Outbox;
  readonly #clientId: Buffer;
  #opening: Promise<void> | null = null;
  #versions: ApiVersions | null = null;
  #closed = false;
  #endedBy: string | null = null;
  #lastUsed = Date.now();
  #waiting = 0;
  #inFlight = 0;
  #bytesInFlight = 0;
  #silentSince: number | null = null;
  readonly #pause = new QuotaPause();

  /** @param address `host:port`, IPv6 hosts in brackets */
  constructor(address: string, { clientId, ssl }: ConnectionSettings, credentials: ConnectionCredentials | null) {
    this.address = address;
    this.#clientId = Buffer.from(clientId);
    const colon = address.lastIndexOf(':');
    this.#connection = new KafkajsConnection({
      host: address.slice(0, colon).replace(/^\[(.*)\]$/, '$1'),
      port: Number(address.slice(colon + 1)),
      clientId,
      ssl: ssl && { ...ssl, ...credentials?.certificate },
      sasl: credentials?.sasl ?? null,
      socketFactory: (target) => brokerSocket(target, this.#below.sink),
      logger: silent,
      connectionTimeout: CONNECT_MS,
      requestTimeout: CONNECT_MS,
    });
    this.#session = new SaslSession(this.#connection, address);
    this.#outbox = new Outbox(() => this.#connection.socket);
    this.#below = layBelow(this.#connection, CONNECT_MS, (cause) => this.close(toError(cause)));
  }

  /** True once it failed, was closed, or the broker hung up. */
  get closed(): boolean {
    return this.#closed || (this.#versions !== null && !this.#connection.isConnected());
  }

  /** True when it is open and ready for requests. */
  get open(): boolean {
    return this.#versions !== null && !this.closed;
  }

  /** Why it is no longer usable; null while nothing is known to have ended it. */
  get endedBy(): string | null {
    return this.#endedBy;
  }

  /** When the request that got no answer in time was sent, in Unix milliseconds; null unless such a silence ended the connection. */
  get silentSince(): number | null {
    return this.#silentSince;
  }

  /** True when no request is in flight and the last answer came before a time (Unix milliseconds): nothing proves that it still works. */
  unprovenSince(time: number): boolean {
    return this.#inFlight === 0 && this.#lastUsed < time;
  }

  /** True when it authenticates with SASL. */
  get usesSasl(): boolean {
    return this.#connection.sasl !== null;
  }

  /** True while the broker may hold an answer back, and with it all later answers of this connection. */
  get waiting(): boolean {
    return this.#waiting > 0;
  }

  /** True while the broker does not read from it, because of a quota. */
  get muted(): boolean {
    return this.#pause.leftMs > 0;
  }

  /** How much longer than its time-out a request may take, in milliseconds, because of what is on its way to the broker. */
  get sendingMs(): number {
    return this.#bytesInFlight / SLOWEST;
  }

  /** Milliseconds since the last answer, by the wall clock, so that time spent frozen counts. */
  get idleMs(): number {
    return Date.now() - this.#lastUsed;
  }

  /**
   * Checks that the broker will read a request before the deadline (Unix milliseconds): after an answer that exceeded a quota, it mutes the
   * connection for a while.
   *
   * @throws {GatewayError} QuotaExceeded, with the time to retry after
   */
  mustHearBefore(deadline: number): void {
    this.#pause.mustEndBefore(deadline);
  }

  /**
   * Connects, asks for the broker's versions (which reveals a frozen broker before any record is sent) and authenticates; once, however
   * many callers ask. A failure closes the connection.
   */
  connect(): Promise<void> {
    this.#opening ??= this.#connect();
    return this.#opening;
  }

  async #connect(): Promise<void> {
    const beganAt = Date.now();
    kafkaAsked();
    try {
      await this.#connection.connect();
      // The outbox joins what goes out together; TCP (Nagle) would hold a request back until the one before is acknowledged.
      this.#connection.socket.setNoDelay(true);
      const versions = await this.#exchange(apiVersions, 0, CONNECT_MS, Date.now() + CONNECT_MS);
      this.#connection.setVersions(versions);
      this.#connection.setSupportAuthenticationProtocol(SASL_AUTHENTICATE in versions);
      await this.#session.begin();
      this.#versions = versions;
      countConnection();
      this.#connection.socket.once('close', (failed) => this.#end(failed ? 'the connection broke' : 'the broker hung up'));
      log.debug('connection_opened', 'A connection to a broker is open', () => {
        const { sasl, ssl } = this.#connection;
        return { broker: this.address, ms: Date.now() - beganAt, tls: ssl !== null, mechanism: sasl?.mechanism ?? null };
      });
    } catch (cause) {
      this.close(toError(cause));
      throw cause;
    } finally {
      kafkaAnswered();
    }
  }

  /**
   * Sends one request and resolves with its answer. If the broker is silent for `timeoutMs`, or longer while large requests go out, or the
   * connection is lost, rejects and closes the connection, unless a quota mutes it: the broker may have carried the request out all the same.
   *
   * @param latest when it rejects in any case, in Unix milliseconds; by default 30 s after the time-out, as callers see to their deadlines
   */
  async send<Answer>(request: Request<Answer>, timeoutMs: number, latest?: number): Promise<Answer> {
    let sentAt: number | null = null;
    if (request.waits) this.#waiting++;
    try {
      const renewing = this.renewSession();
      if (renewing) await renewing;
      const version = this.#versionOf(request);
      sentAt = Date.now();
      this.#inFlight++;
      kafkaAsked();
      return await this.#exchange(request, version, timeoutMs, latest);
    } catch (cause) {
      if (sentAt === null) throw cause;
      // A broker that a quota keeps from reading is not silent, and other requests wait for it.
      if (isSilence(cause) && this.muted) throw cause;
      if (isSilence(cause)) this.#silentSince = sentAt;
      this.close(toError(cause));
      throw failureOfOpen(cause);
    } finally {
      if (request.waits) this.#waiting--;
      if (sentAt !== null) {
        this.#inFlight--;
        kafkaAnswered();
      }
    }
  }

  /** Sends a request that gets no answer; resolves when the operating system has taken it. */
  async post(request: Request<unknown>): Promise<void> {
    const renewing = this.renewSession();
    if (renewing) await renewing;
    const version = this.#versionOf(request);
    const frame = requestFrame(request, version, this.#connection.nextCorrelationId(), this.#clientId);
    await new Promise<void>((resolve, reject) => {
      const size = this.#outbox.put(frame, (error) => {
        this.#bytesInFlight -= size;
        if (error) reject(failureOfOpen(error));
        else resolve();
      });
      this.#bytesInFlight += size;
    });
    this.#lastUsed = Date.now();
  }

  /** Drops the socket at once, without waiting for a silent broker. Requests in flight are rejected with `cause`. */
  close(cause: Error = new Error('connection closed')): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#end(reasonOf(cause));
    // kafkajs's own disconnect waits for requests in flight, and stops checking their time-outs: reject them first.
    this.#connection.rejectRequests(cause);
    this.#connection.disconnect().catch(() => {}); // nothing is left to fail: the socket goes in the next line
    this.#connection.socket?.destroy();
  }

  #end(reason: string): void {
    if (this.#endedBy !== null) return;
    this.#endedBy = reason;
    const fields = () => ({ broker: this.address, reason });
    if (this.#versions === null) log.debug('connection_failed', 'A connection to a broker could not be opened', fields);
    else log.debug('connection_closed', 'A connection to a broker is closed', fields);
  }

  /** Whether the broker and we share a version of a request. The connection must be open. */
  speaks(request: Request<unknown>): boolean {
    return commonVersion(this.#versions ?? {}, request) !== null;
  }

  #versionOf(request: Request<unknown>): number {
    if (this.#versions === null || this.closed) throw new Error(`connection to ${this.address} is closed`);
    const version = commonVersion(this.#versions, request);
    if (version !== null) return version;
    throw versionTooOld(request.name);
  }

  /**
   * Authenticates again if the session with the broker has ended or is about to; otherwise undefined. Callers that ask meanwhile share one
   * authentication. A caller that must know whether a request was sent at all awaits this first.
   */
  renewSession(): Promise<void> | undefined {
    return this.closed ? undefined : this.#session.renew((cause) => this.close(toError(cause)));
  }

  async #exchange<Answer>(request: Request<Answer>, version: number, timeoutMs: number, latest?: number): Promise<Answer> {
    const correlationId = this.#connection.nextCorrelationId();
    const frame = requestFrame(request, version, correlationId, this.#clientId);
    const size = this.#outbox.put(frame);
    const aheadMs = this.sendingMs;
    this.#bytesInFlight += size;
    const patienceMs = timeoutMs + size / SLOWEST + this.#pause.leftMs;
    let payload: Buffer;
    try {
      payload = await this.#below.answers.next(correlationId, request.name, patienceMs, latest, aheadMs);
    } finally {
      this.#bytesInFlight -= size;
    }
    this.#lastUsed = Date.now();
    const { throttle = () => 0 } = request;
    if (throttle !== 'never') this.#heed(payload.readInt32BE(throttle === 'at the end' ? payload.length - 4 : throttle(payload, version)));
    return request.decode(new Reader(payload), version);
  }

  /** @param throttleMs for which the broker does not read, as it has answered; 0 for no pause */
  #heed(throttleMs: number): void {
    if (throttleMs <= 0) return;
    this.#pause.begin(throttleMs);
    this.#below.answers.hold(WAIT_FOR_QUOTA, throttleMs);
  }
}

const toError = (cause: unknown): Error => (cause instanceof Error ? cause : new Error(String(cause)));
