import { isDeepStrictEqual } from 'node:util';
import { expires, sleep } from '../deadline.ts';
import { log } from '../telemetry/log.ts';
import type { CredentialSource } from './credential-source.ts';

/** Credentials and how long they serve, in Unix milliseconds. */
export interface Lease<Credentials> {
  credentials: Credentials;
  /** From then on, new ones are fetched; these still serve while there are none. */
  renewAt: number;
  /** From then on, these no longer serve. */
  endsAt: number;
}

/** Credentials that stay refused, or that cannot be renewed, are fetched at most this often. */
const PAUSE_MS = 5000;
/** How long to wait for renewed credentials while the present ones still serve. */
const PATIENCE_MS = 500;
/** If the same credentials are still refused, it waits for others again only after this time. */
const WAIT_AGAIN_MS = 60_000;

const REFUSED = 'they were refused';
const SOON = 'they end soon';

/** Credentials that must be fetched: cached, renewed before they end, and fetched once for all who ask at the same time. */
export class Renewed<Credentials> implements CredentialSource<Credentials> {
  readonly #source: string;
  readonly #fetchLease: () => Promise<Lease<Credentials>>;
  readonly #pauses: readonly number[];
  #lease: Lease<Credentials> | null = null;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** Last renewal after a refusal; the first refusal always leads to one, however fresh the credentials are. */
  #renewedAt = Number.NEGATIVE_INFINITY;
  #fetching: Promise<Credentials> | null = null;
  #renewing: Promise<boolean> | null = null;
  #waitedFor: Credentials | null = null;

  /**
   * @param source its name, for the log
   * @param pauses milliseconds between further fetches after a refusal, while they return the same credentials: both sides of a rotation
   * do not change in one moment
   */
  constructor(source: string, fetchLease: () => Promise<Lease<Credentials>>, pauses: readonly number[] = []) {
    this.#source = source;
    this.#fetchLease = fetchLease;
    this.#pauses = pauses;
  }

  /** @throws the error of fetching, if no credentials are left that still serve */
  async current(): Promise<Credentials> {
    const lease = this.#lease;
    const now = Date.now();
    if (lease === null || now >= lease.endsAt) return this.#fetch(lease === null ? 'there were none' : 'they had ended');
    if (now < lease.renewAt || now - this.#askedAt < PAUSE_MS) return lease.credentials;
    try {
      await expires(this.#fetch(SOON), now + PATIENCE_MS);
    } catch {
      // The present ones outlive a failure of their source, which is logged; the error is thrown when they end.
    }
    return this.#lease?.credentials ?? lease.credentials;
  }

  /** Also true after it has waited for others, once for all who ask: whoever refused these may accept them by now. */
  async renew(refused: Credentials): Promise<boolean> {
    if (this.#fetching !== null) await this.#fetching;
    if (!this.#has(refused)) return true;
    if (this.#renewing === null) {
      const since = Date.now() - this.#renewedAt;
      const mayWait = this.#pauses.length > 0 && (since >= WAIT_AGAIN_MS || !isDeepStrictEqual(this.#waitedFor, refused));
      if (!mayWait && since < PAUSE_MS) return false;
      this.#renewing = this.#renew(refused, mayWait ? this.#pauses : []).finally(() => {
        this.#renewing = null;
      });
    }
    const waited = await this.#renewing;
    return waited || !this.#has(refused);
  }

  async #renew(refused: Credentials, pauses: readonly number[]): Promise<boolean> {
    try {
      await this.#fetch(REFUSED);
      for (const pause of pauses) {
        if (!this.#has(refused)) return false;
        this.#waitedFor = refused;
        await sleep(pause);
        await this.#fetch(REFUSED);
      }
      return pauses.length > 0;
    } finally {
      this.#renewedAt = Date.now();
    }
  }

  #has(credentials: Credentials): boolean {
    return isDeepStrictEqual(this.#lease?.credentials, credentials);
  }

  #fetch(reason: string): Promise<Credentials> {
    this.#fetching ??= this.#ask(reason).finally(() => {
      this.#fetching = null;
    });
    return this.#fetching;
  }

  async #ask(reason: string): Promise<Credentials> {
    this.#askedAt = Date.now();
    const before = this.#lease;
    const lease = await this.#fetchLease().catch((error: unknown) => {
      // A refusal passes the error on. Here nobody gets it: whoever has put a wrong secret would wait for it in vain.
      if (reason === SOON)
        log.error('credentials_kept', 'Credentials cannot be fetched, and the previous ones stay', { source: this.#source, error });
      throw error;
    });
    this.#lease = lease;
    log.debug('credentials_renewed', 'Credentials were fetched', () => ({
      source: this.#source,
      reason,
      changed: !isDeepStrictEqual(before?.credentials, lease.credentials),
      renewInMs: lease.renewAt - Date.now(),
    }));
    return lease.credentials;
  }
}
