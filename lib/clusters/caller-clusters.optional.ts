import { createHmac, randomBytes } from 'node:crypto';
import type { NamingMode } from '../access/modes.ts';
import type { Passthrough } from '../config/passthrough.ts';
import { type CredentialSource, derived, fixed } from '../credentials/credential-source.ts';
import type { Cluster, ClusterSettings } from '../kafka/cluster/cluster.ts';
import { again } from '../kafka/cluster/retry.ts';
import { mechanisms } from '../kafka/connection/authentication/mechanisms.ts';
import { oauthBearer } from '../kafka/connection/authentication/oauthbearer.ts';
import type { Sasl } from '../kafka/connection/connection.ts';
import { kafkaCredentialsRefused, tokenExpired } from '../messages/callers.ts';
import { type CallerCredentials, challengeOf, readAuthorization, type Scheme } from './caller-credentials.ts';
import { LeasedClusters } from './leased-clusters.ts';
import { RefusedCredentials } from './refused-credentials.ts';
import { claimsOf } from './token-claims.ts';

/** A caller with its own credentials for Kafka. */
export interface KafkaCaller {
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Set here, once Kafka has accepted the credentials. */
  principal: string | null;
  /** Set with it. The name of a user and the name in a token are two different names, as only Kafka knows which claim is the name. */
  mode?: NamingMode | undefined;
  /** Runs a task once the caller has been answered. */
  onEnd(task: () => Promise<void> | void): void;
}

/**
 * The clusters of callers who bring their own credentials for Kafka: one for each set of credentials, held by the requests that bring
 * them. Only Kafka authenticates these callers; credentials that it refused a moment ago are refused from memory.
 */
export class CallerClusters {
  readonly #mechanisms: Passthrough;
  readonly #cluster: ClusterSettings;
  readonly #leased: LeasedClusters;
  readonly #refusals = new RefusedCredentials();
  /** Credentials are known by their keyed hash, which reveals nothing outside this process. */
  readonly #hashKey = randomBytes(32);

  /** @param cluster how to reach Kafka; its credentials are what every connection shows besides the caller's */
  constructor(mechanisms: Passthrough, cluster: ClusterSettings, max: number) {
    this.#mechanisms = mechanisms;
    this.#cluster = cluster;
    this.#leased = new LeasedClusters({ max, maxIdleMs: cluster.maxIdleMs });
  }

  /**
   * The cluster for a request's caller, held by the request until that ends. Kafka has then accepted the caller, and the principal is set.
   *
   * @param deadline for Kafka to accept the caller, in Unix milliseconds
   * @throws {GatewayError} Unauthorized, or what keeps Kafka from accepting anyone
   */
  async clusterOf(caller: KafkaCaller, deadline: number): Promise<Cluster> {
    const { basic, bearer } = this.#mechanisms;
    const offered: Scheme[] = [...(basic === null ? [] : (['Basic'] as const)), ...(bearer === null ? [] : (['Bearer'] as const))];
    const credentials = readAuthorization(caller.headers.authorization, offered);
    const principal = principalOf(credentials);
    const key = this.#keyOf(credentials);
    if (this.#refusals.has(key)) throw refusal(credentials);

    const { cluster, release } = this.#leased.lease(key, () => this.#settingsFor(credentials, key));
    caller.onEnd(release);
    if (!cluster.accepted) await again(deadline, () => cluster.anyBroker());
    caller.principal = principal;
    caller.mode = credentials.scheme === 'Basic' ? 'basic' : 'jwt';
    return cluster;
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
        this.#leased.discard(key);
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

const refusal = ({ scheme }: CallerCredentials, cause?: unknown) => kafkaCredentialsRefused.with({ cause, headers: challengeOf(scheme) });

/**
 * The caller's name as its credentials give it. A connection may outlive the token, so the gateway itself checks whether the token has
 * expired.
 *
 * @throws {GatewayError} Unauthorized
 */
function principalOf(credentials: CallerCredentials): string | null {
  if (credentials.scheme === 'Basic') return credentials.username;
  const { sub, exp } = claimsOf(credentials.token);
  if (typeof exp === 'number' && exp * 1000 <= Date.now()) throw tokenExpired.with({ headers: challengeOf('Bearer') });
  return typeof sub === 'string' ? sub : null;
}
