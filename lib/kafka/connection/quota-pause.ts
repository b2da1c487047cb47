import { quotaUsedUp } from '../../messages/kafka.ts';

/** The time for which a broker does not read from a connection, after an answer that exceeded a quota (KIP-219). */
export class QuotaPause {
  #until = 0;

  /** How long it still lasts, in milliseconds. */
  get leftMs(): number {
    return Math.max(0, this.#until - Date.now());
  }

  /** @param throttleMs as the answer says */
  begin(throttleMs: number): void {
    this.#until = Date.now() + throttleMs;
  }

  /** @throws {GatewayError} QuotaExceeded, with the time to retry after, if it lasts beyond a time (Unix milliseconds) */
  mustEndBefore(deadline: number): void {
    if (this.#until <= deadline) return;
    const seconds = Math.ceil((this.#until - Date.now()) / 1000);
    const headers = { 'retry-after': String(seconds) };
    throw quotaUsedUp.with({ headers }, seconds);
  }
}
