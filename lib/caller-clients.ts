import { createHmac, randomBytes } from 'node:crypto';
import { type CallerCredentials, readAuthorization, refused, type Scheme } from './http/authorization.ts';
import type { GatewayRequest } from './http/request.ts';
import { type CredentialSource, derived, fixed } from './kafka/authentication/credentials.ts';
import { mechanisms } from './kafka/authentication/mechanisms.ts';
import { oauthBearer } from './kafka/authentication/oauthbearer.ts';
import type { KafkaClient } from './kafka/clients.ts';
import type { ClusterSettings } from './kafka/cluster.ts';
import type { Sasl } from './kafka/connection.ts';
import { LeasedClients } from './kafka/leased-clients.ts';
import { Refusals } from './kafka/refusals.ts';
import type { Passthrough } from './passthrough-config.ts';
import { claimsOf } from './token-claims.ts';

/** What is read of a request here, and told to it. */
export type Caller = Pick<GatewayRequest, 'headers' | 'principal' | 'onEnd'>;

/**
 * The clients of callers who bring their own credentials for Kafka: one for each set of credentials, held by the requests that come with
 * them. Kafka alone says who they are; credentials that it refused a moment ago are refused from memory.
 */
export class CallerClients {
  readonly #mechanisms: Passthrough;
  readonly #cluster: ClusterSettings;
  readonly #clients: LeasedClients;
  readonly #refusals = new Refusals();
  /** Credentials are known by their keyed hash, which says nothing of them outside of this process. */
  readonly #hashKey = randomBytes(32);

  /** @param cluster how Kafka is reached; its credentials are what every connection shows besides the caller's */
  constructor(mechanisms: Passthrough, cluster: ClusterSettings, max: number) {
    this.#mechanisms = mechanisms;
    this.#cluster = cluster;
    this.#clients = new LeasedClients({ max, maxIdleMs: cluster.maxIdleMs });
  }

  /**
   * The client of a request's caller, which is the request's until that ends. Once Kafka has accepted the caller, the request has its
   * principal.
   *
   * @throws {GatewayError} Unauthorized
   */
  clientOf(caller: Caller): KafkaClient {
    const { basic, bearer } = this.#mechanisms;
    const offered: Scheme[] = [...(basic === null ? [] : (['Basic'] as const)), ...(bearer === null ? [] : (['Bearer'] as const))];
    const credentials = readAuthorization(caller.headers.authorization, offered);
    const principal = principalOf(credentials);
    const key = this.#keyOf(credentials);
    if (this.#refusals.has(key)) throw refusal(credentials);

    const { client, release } = this.#clients.lease(key, () => this.#settingsFor(credentials, key));
    const identify = (): void => {
      if (client.cluster.accepted) caller.principal = principal;
    };
    identify();
    caller.onEnd(() => {
      identify();
      release();
    });
    return client;
  }

  #keyOf(credentials: CallerCredentials): string {
    const parts = [this.#cluster.bootstrapServers, this.#mechanisms, credentials];
    return createHmac('sha256', this.#hashKey).update(JSON.stringify(parts)).digest('base64');
  }

  #settingsFor(credentials: CallerCredentials, key: string): ClusterSettings {
    const sasl = this.#saslOf(credentials);
    const others = this.#cluster.credentials ?? fixed({ sasl: null, certificate: null });
    return {
      ...this.#cluster,
      credentials: derived(others, async (shown) => ({ ...shown, sasl: await sasl.current() })),
      onUserRefusal: (cause) => {
        this.#refusals.add(key);
        this.#clients.discard(key);
        return refusal(credentials, cause);
      },
    };
  }

  #saslOf(credentials: CallerCredentials): CredentialSource<Sasl> {
    const { basic, bearer } = this.#mechanisms;
    if (credentials.scheme === 'Bearer') return oauthBearer(fixed({ value: credentials.token }), bearer?.extensions);
    return fixed(mechanisms[basic ?? 'PLAIN'](credentials));
  }
}

const refusal = ({ scheme }: CallerCredentials, cause?: unknown) => refused(scheme, 'Kafka refuses these credentials.', cause);

/**
 * Who the caller says to be. A connection that lives on would let in a token that does not: its end is looked after here.
 *
 * @throws {GatewayError} Unauthorized
 */
function principalOf(credentials: CallerCredentials): string | null {
  if (credentials.scheme === 'Basic') return credentials.username;
  const { sub, exp } = claimsOf(credentials.token);
  if (typeof exp === 'number' && exp * 1000 <= Date.now()) throw refused('Bearer', 'The token has expired.');
  return typeof sub === 'string' ? sub : null;
}
