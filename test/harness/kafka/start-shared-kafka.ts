import { startBroker } from '../../../infra/local/broker.ts';
import { certificates } from '../../../infra/local/certificates.ts';

/** A broker that tests share. */
export interface SharedKafka {
  /** The variables that lead tests to it, see shared-kafka.ts. */
  environment: Record<string, string>;
  stop(): Promise<void>;
}

/** Starts one, unless the variables already name one to share. */
export async function startSharedKafka(): Promise<SharedKafka> {
  if (process.env.TEST_KAFKA_BOOTSTRAP_SERVERS !== undefined) return { environment: {}, stop: async () => undefined };
  const broker = await startBroker({ listeners: ['PLAINTEXT', 'SASL_PLAINTEXT', 'SSL', 'SASL_SSL'] });
  const { caFile } = await certificates();
  return {
    environment: {
      TEST_KAFKA_BOOTSTRAP_SERVERS: broker.bootstrapServers,
      TEST_KAFKA_SASL_PLAINTEXT: broker.address('SASL_PLAINTEXT'),
      TEST_KAFKA_SSL: broker.address('SSL'),
      TEST_KAFKA_SASL_SSL: broker.address('SASL_SSL'),
      TEST_KAFKA_CA_FILE: caFile,
    },
    stop: () => broker.stop(),
  };
}
