/** The environment variables with the `host:port` of the shared broker's listeners, by security protocol. */
const variables = {
  PLAINTEXT: 'TEST_KAFKA_BOOTSTRAP_SERVERS',
  SASL_PLAINTEXT: 'TEST_KAFKA_SASL_PLAINTEXT',
  SSL: 'TEST_KAFKA_SSL',
  SASL_SSL: 'TEST_KAFKA_SASL_SSL',
};

/**
 * `host:port` of a listener of the broker that tests share. Its users are those of infra/local/properties.ts.
 *
 * @throws {Error} when the tests were not started by with-kafka.ts
 */
export const sharedKafka = (protocol: keyof typeof variables = 'PLAINTEXT') => required(variables[protocol]);

/** Path of the PEM file with the CA of the shared broker's TLS listeners. */
export const sharedKafkaCaFile = () => required('TEST_KAFKA_CA_FILE');

function required(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set: run the tests with node test/harness/kafka/with-kafka.ts -- <command>`);
  return value;
}
