import { type Config, config, type SaslConfig } from './config.ts';
import { mechanisms } from './kafka/authentication/mechanisms.ts';
import { type KafkaClient, warmClient } from './kafka/clients.ts';
import type { SaslSource } from './kafka/cluster.ts';
import { secretsManager, UserSecret } from './secrets.ts';

/** The warm client for the cluster and credentials that the gateway is configured with. */
export const kafkaClient = (): KafkaClient => warmClient('gateway', () => clusterSettings(config().kafka));

/** What a cluster is reached with, by configuration. */
export const clusterSettings = ({ bootstrapServers, clientId, tls, ca, sasl, maxIdleMs, metadataMaxAgeMs }: Config['kafka']) => ({
  bootstrapServers,
  clientId,
  ssl: tls ? (ca === null ? {} : { ca }) : null,
  sasl: sasl && saslSource(sasl),
  maxIdleMs,
  metadataMaxAgeMs,
});

function saslSource({ mechanism, credentials }: SaslConfig): SaslSource {
  const toSasl = mechanisms[mechanism];
  if (!('secretId' in credentials)) {
    return { current: async () => toSasl(credentials), renew: async () => false };
  }
  const secret = new UserSecret(credentials.secretId, secretsManager(credentials.region));
  return { current: async () => toSasl(await secret.current()), renew: (refused) => secret.renew(refused) };
}
