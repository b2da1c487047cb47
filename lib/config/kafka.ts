import { readModes } from './access.ts';
import { type AuthenticationConfig, readAuthentication } from './kafka-authentication.ts';
import { ofProcess, section } from './section.ts';

/** The addresses of Kafka, and the settings of connections to it. */
export interface KafkaConfig extends AuthenticationConfig {
  /** Each is `host:port`. */
  bootstrapServers: string[];
  tls: boolean;
  /** PEM certificates of a private CA; null for public CAs. */
  ca: string | null;
  clientId: string;
  maxIdleMs: number;
  metadataMaxAgeMs: number;
  /** With GATEWAY_AUTH=passthrough: the most callers whose connections are kept. */
  maxClients: number;
}

export const readKafka = section((reader): KafkaConfig => {
  const protocol = reader.oneOf('KAFKA_SECURITY_PROTOCOL', ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'], 'PLAINTEXT');
  const bootstrapServers = reader.bootstrapServers('KAFKA_BOOTSTRAP_SERVERS');
  return {
    bootstrapServers,
    tls: protocol.endsWith('SSL'),
    ca: reader.certificates('KAFKA_SSL_CA'),
    ...readAuthentication(reader, protocol, bootstrapServers, readModes(reader)),
    clientId: reader.text('KAFKA_CLIENT_ID') ?? 'kafka-http-gateway',
    // Below the idle timeouts of AWS's NAT gateways and load balancers (350 s), of Azure's (4 min) and of brokers (10 min).
    maxIdleMs: reader.integer('KAFKA_MAX_IDLE_MS', 180_000),
    metadataMaxAgeMs: reader.integer('KAFKA_METADATA_MAX_AGE_MS', 300_000),
    maxClients: reader.integer('GATEWAY_MAX_CLIENTS', 50),
  };
});

/**
 * The Kafka section of this process.
 *
 * @throws {GatewayError} InternalError; its cause names every variable that is missing or wrong
 */
export const kafkaConfig = ofProcess(readKafka);
