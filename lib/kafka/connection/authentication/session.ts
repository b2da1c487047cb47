import type KafkajsConnection from 'kafkajs/src/network/connection.js';
import { log } from '../../../telemetry/log.ts';
import { type SaslSteps, watchSteps } from './steps.ts';

/** kafkajs has no time-out for a whole authentication. */
const AUTHENTICATION_MS = 3000;
/** A session is renewed this long before its end; one shorter than four times this, at three quarters of its life. */
const RENEW_MS = 10_000;
/** Brokers refuse to renew a session a second time within a second (KIP-368). */
const LEAST_SESSION_MS = 1100;

/** The session of a connection that authenticates with SASL; without SASL, one that never ends. */
export class SaslSession {
  readonly #connection: KafkajsConnection;
  readonly #address: string;
  readonly #steps: SaslSteps;
  #renewAt = Number.POSITIVE_INFINITY;
  #renewing: Promise<void> | null = null;

  /** @param address of the broker, for messages */
  constructor(connection: KafkajsConnection, address: string) {
    this.#connection = connection;
    this.#address = address;
    this.#steps = watchSteps(connection);
  }

  /** Authenticates. Rejects with the error of the exchange that failed, or when the broker takes too long. */
  async begin(): Promise<void> {
    const beganAt = Date.now();
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error(`broker ${this.#address} did not authenticate us in time`)), AUTHENTICATION_MS);
    this.#steps.failure = undefined;
    try {
      await Promise.race([this.#connection.authenticate(), late]);
    } catch (cause) {
      throw this.#steps.failure ?? cause;
    } finally {
      clearTimeout(timer);
    }
    // The broker counts from a moment within the authentication. By the wall clock, so that time spent frozen counts.
    const lifetime = Number(this.#connection.sessionLifetime);
    const renewAfter = Math.max(lifetime - Math.min(RENEW_MS, lifetime / 4), LEAST_SESSION_MS);
    this.#renewAt = lifetime === 0 ? Number.POSITIVE_INFINITY : beganAt + renewAfter;
  }

  /**
   * Authenticates again if the session has ended or is about to; otherwise undefined. Callers that ask meanwhile share one authentication.
   *
   * @param close ends the connection after a failure: the next one authenticates with the credentials that are current by then
   */
  renew(close: (cause: unknown) => void): Promise<void> | undefined {
    if (Date.now() < this.#renewAt) return undefined;
    this.#renewing ??= this.#authenticateAgain(close).finally(() => {
      this.#renewing = null;
    });
    return this.#renewing;
  }

  async #authenticateAgain(close: (cause: unknown) => void): Promise<void> {
    try {
      // Requests that the outbox holds go first: brokers hang up when another request comes within an authentication.
      await new Promise<void>((resolve) => process.nextTick(resolve));
      // kafkajs measures sessions its own way, and might otherwise do nothing.
      this.#connection.authenticatedAt = null;
      await this.begin();
      log.debug('session_renewed', 'The session with a broker is renewed', () => ({ broker: this.#address }));
    } catch (cause) {
      close(cause);
      throw new Error(`broker ${this.#address} did not renew our session`, { cause });
    }
  }
}
