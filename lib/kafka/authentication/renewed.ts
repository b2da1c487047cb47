import { isDeepStrictEqual } from 'node:util';
import { expires } from '../deadline.ts';
import type { CredentialSource } from './credentials.ts';

/** Credentials and how long they serve, in Unix milliseconds. */
export interface Lease<Credentials> {
  credentials: Credentials;
  /** From then on others are asked for; these serve on while there are none. */
  renewAt: number;
  /** From then on these serve no more. */
  endsAt: number;
}

/** Credentials that stay refused, or that cannot be renewed, are not asked for more often than this. */
const PAUSE_MS = 5000;
/** How long renewed credentials are waited for while those at hand still serve. */
const PATIENCE_MS = 500;

/** Credentials that have to be fetched: cached, renewed before they end, and fetched once for all who ask at the same time. */
export class Renewed<Credentials> implements CredentialSource<Credentials> {
  readonly #fetchLease: () => Promise<Lease<Credentials>>;
  #lease: Lease<Credentials> | null = null;
  #askedAt = Number.NEGATIVE_INFINITY;
  /** After a refusal; the first one is always followed, however fresh the credentials are. */
  #renewedAt = Number.NEGATIVE_INFINITY;
  #fetching: Promise<Credentials> | null = null;

  constructor(fetchLease: () => Promise<Lease<Credentials>>) {
    this.#fetchLease = fetchLease;
  }

  /** @throws what fetching failed with, when no credentials are left that still serve */
  async current(): Promise<Credentials> {
    const lease = this.#lease;
    const now = Date.now();
    if (lease === null || now >= lease.endsAt) return this.#fetch();
    if (now < lease.renewAt || now - this.#askedAt < PAUSE_MS) return lease.credentials;
    try {
      await expires(this.#fetch(), now + PATIENCE_MS);
    } catch {
      // Those at hand outlive a failure of who gives them; when they end, it is told.
    }
    return this.#lease?.credentials ?? lease.credentials;
  }

  async renew(refused: Credentials): Promise<boolean> {
    const differ = (credentials: Credentials): boolean => !isDeepStrictEqual(credentials, refused);
    if (this.#fetching !== null) return differ(await this.#fetching);
    if (this.#lease !== null && differ(this.#lease.credentials)) return true;
    if (Date.now() - this.#renewedAt < PAUSE_MS) return false;
    this.#renewedAt = Date.now();
    return differ(await this.#fetch());
  }

  #fetch(): Promise<Credentials> {
    this.#fetching ??= this.#ask().finally(() => {
      this.#fetching = null;
    });
    return this.#fetching;
  }

  async #ask(): Promise<Credentials> {
    this.#askedAt = Date.now();
    this.#lease = await this.#fetchLease();
    return this.#lease.credentials;
  }
}
